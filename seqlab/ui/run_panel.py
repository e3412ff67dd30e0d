"""The selected run on the Train page, going on or over."""

import streamlit as st

from seqlab.errors import SeqlabError
from seqlab.ui import frame, selection
from seqlab.ui.live_chart import preload
from seqlab.ui.live_run import LiveRun
from seqlab.ui.messages import show_error
from seqlab.ui.outcome import draw_outcome
from seqlab.ui.supervision import store

__all__ = ["draw_run"]


def draw_run() -> None:
    """The run that the address names; a hint, and the example to look at, if it names none."""
    run_id = selection.run_id()
    if run_id == selection.EXAMPLE_RUN:
        _draw_hint()
        return
    try:
        summary = store().get(run_id)
    except SeqlabError as error:
        show_error(error)
        frame.link("runs", "All runs")
        return
    with st.container(border=True):
        if summary.result is None:
            LiveRun(summary).follow()
        else:
            draw_outcome(summary)


def _draw_hint() -> None:
    st.info(
        "Press Train to start with the settings below. The loss curve, and what the model says, appear here and grow while it learns.",
        icon=":material/play_circle:",
    )
    preload()
    example = st.expander("What a finished run looks like", icon=":material/show_chart:", on_change="rerun", key="example_run")
    if example.open:
        with example:
            draw_outcome(store().get(selection.EXAMPLE_RUN))
