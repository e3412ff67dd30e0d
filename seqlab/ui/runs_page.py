"""The Runs page: all runs in a list, several beside each other, or a search for good settings."""

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui import frame, selection
from seqlab.ui.messages import guard
from seqlab.ui.run_actions import draw_actions
from seqlab.ui.run_table import draw_table, watch
from seqlab.ui.several.address import draw_address
from seqlab.ui.supervision import store

__all__ = ["ALL", "COMPARED", "SWEEP", "draw_runs_page"]

ALL, COMPARED, SWEEP = "All runs", "Compared", "Sweep"


def draw_runs_page() -> None:
    """What the address asks for."""
    chosen = st.segmented_control(
        "View",
        [ALL, COMPARED, SWEEP],
        default=ALL,
        key="runs_view",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
        help="Compared: several runs beside each other. Sweep: let the machine try settings.",
    )
    top, bottom = st.container(), st.container()
    with bottom:
        draw_address()
    with top:
        _draw(chosen)


def _draw(view: str | None) -> None:
    # The other two views need Plotly; the list does not.
    if view == COMPARED:
        from seqlab.ui.several.view import draw_compared

        with guard("comparing runs"):
            draw_compared(store().list())
    elif view == SWEEP:
        from seqlab.ui.sweep_view import draw_sweeps

        with guard("showing the sweeps"):
            draw_sweeps(store().list())
    else:
        _draw_all()


def _draw_all() -> None:
    runs: tuple[RunSummary, ...] = ()
    with guard("listing the runs"):
        runs = store().list()
        if all(run.read_only for run in runs):
            st.info("Nothing has been trained on this machine yet.", icon=":material/info:")
            frame.link("train", "Train a first model")
        if runs:
            st.caption("Click a row to select a run. A run goes on when this page is closed.")
            draw_table(runs)
            watch(runs)
    with guard("showing the selected run"):
        if any(run.run_id == selection.run_id() for run in runs) or selection.run_id() != selection.EXAMPLE_RUN:
            draw_actions(store().get(selection.run_id()))
