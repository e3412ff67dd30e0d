"""Runs: everything trained so far; open it, rename it, take it away."""

import streamlit as st

from seqlab.ui import frame, selection
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.run_actions import draw_actions
from seqlab.ui.run_table import draw_table, watch
from seqlab.ui.supervision import store

frame.begin("runs")
draw_problem()
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
