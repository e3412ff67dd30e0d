"""Several runs beside each other: their numbers, then one picture at a time."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui import frame
from seqlab.ui.lab.choice import one_of
from seqlab.ui.messages import guard
from seqlab.ui.several.address import asked_runs
from seqlab.ui.several.choice import Chosen, choose_runs
from seqlab.ui.several.cost import draw_cost
from seqlab.ui.several.numbers import draw_numbers
from seqlab.ui.several.pictures import draw_curves, draw_forecasts
from seqlab.ui.several.spread import draw_groups, draw_parallel

__all__ = ["PICTURES", "draw_compared"]

PICTURES: Mapping[str, Callable[[Chosen], None]] = {
    "Loss curves": draw_curves,
    "Forecasts": draw_forecasts,
    "Accuracy and cost": draw_cost,
    "Groups": draw_groups,
    "All settings": draw_parallel,
}


def draw_compared(runs: Sequence[RunSummary]) -> None:
    """The choice of runs, their table, and the picture that the address asks for.

    Args:
        runs: all of them, newest first.
    """
    if not runs:
        st.info("There is no run to compare yet.", icon=":material/info:")
        frame.link("train", "Train a first model")
        return
    st.caption("Several runs beside each other. To compare one run with simple statistics, open the Compare page.")
    chosen = choose_runs(runs, asked_runs())
    if not chosen.rows:
        st.info("Choose runs to compare.", icon=":material/info:")
        return
    draw_numbers(chosen)
    picked = one_of("Picture", list(PICTURES), "Loss curves", key="runs_picture")
    with guard("drawing this picture"):
        PICTURES[picked](chosen)
