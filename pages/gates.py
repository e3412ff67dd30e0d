"""Gates: every gate of a trained model, at every step."""

import streamlit as st

from seqlab.ui import frame
from seqlab.ui.chosen_run import say_unfinished, selected_run
from seqlab.ui.lab.laboratory import draw_laboratory
from seqlab.ui.messages import guard
from seqlab.ui.opened import open_fitted
from seqlab.ui.trace_canvas import preload

frame.begin("gates")

with guard("opening the model"):
    run = selected_run()
    if not say_unfinished(run):
        preload()
        with st.skeleton(height=500):
            fitted = open_fitted(run.folder)
        draw_laboratory(run, fitted)
