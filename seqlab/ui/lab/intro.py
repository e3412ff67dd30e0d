"""How every view of the laboratory begins: what is shown, what to look for; formulas and myths one click away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

__all__ = ["Intro", "introduce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intro:
    """What a newcomer needs before a picture.

    Args:
        shown: one sentence: what is shown.
        look_for: one sentence: what to look for.
        formulas: LaTeX, one line each.
        sources: where they come from: author, year, where to find it.
        myths: (what is often said, what is true).
    """

    shown: str
    look_for: str
    formulas: Sequence[str] = ()
    sources: Sequence[str] = ()
    myths: Sequence[tuple[str, str]] = field(default=())


def introduce(intro: Intro) -> None:
    """Draws the two sentences, and a button each for formulas and myths where there are any."""
    st.markdown(f"{intro.shown} {intro.look_for}")
    if not (intro.formulas or intro.myths):
        return
    with st.container(horizontal=True, gap="small"):
        if intro.formulas:
            with st.popover("Formulas and sources", icon=":material/functions:"):
                for formula in intro.formulas:
                    st.latex(formula)
                for source in intro.sources:
                    st.caption(source)
        if intro.myths:
            with st.popover("Often misunderstood", icon=":material/help:"):
                for said, true in intro.myths:
                    st.markdown(f"**{said}** {true}")
