"""The line of a check: what holds, with its number; a warning if it does not."""

import streamlit as st

__all__ = ["TOLERANCE", "draw_check"]

TOLERANCE = 1e-5
"""What the rounding of single precision adds up to in a window at most."""


def draw_check(error: float, *, held: str, broken: str, below: float = TOLERANCE) -> None:
    """Says that two ways to compute the same agree, or warns that they do not.

    Args:
        error: the largest difference; NaN agrees with nothing.
        held: what is equal, and the number, to be read after "Check:".
        broken: what differs, up to the number.
        below: which difference is rounding.
    """
    if error < below:
        st.caption(f":material/check_circle: Check: {held}")
    else:
        st.warning(f"{broken} {error:.1e}; below {below:.0e} is expected.")
