"""Honesty checks: is the forecast a late copy, is anything of the test part in training, and what would a leak pretend?"""

import streamlit as st

from seqlab.ui.compare.honesty_copy import draw_copy
from seqlab.ui.compare.honesty_leaks import draw_leaks
from seqlab.ui.compare.honesty_wires import draw_wires
from seqlab.ui.compare.stand import Stand
from seqlab.ui.messages import guard

__all__ = ["draw"]


def draw(stand: Stand) -> None:
    """Three questions, one below the other."""
    st.markdown(
        "A small error proves little by itself. Three questions come first: does the model only repeat what it has just seen, has "
        "anything of the test part found its way into training, and what would such a leak have made of the numbers?"
    )
    with guard("looking for a late copy"):
        draw_copy(stand)
    with guard("checking the run for leaks"):
        draw_wires(stand)
    with guard("drawing the leaks made on purpose"):
        draw_leaks(stand)
