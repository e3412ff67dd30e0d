"""Home: a finished example, and the way from here."""

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.ui import frame
from seqlab.ui.example_view import draw_example
from seqlab.ui.lessons import draw_lessons
from seqlab.ui.messages import guard

GENERATED = sum(entry.options is not None for entry in DATASETS.values())
STEPS = {
    "data": ("Pick data", f"{len(DATASETS) - GENERATED} measured series, {GENERATED} generated ones, or a CSV file of your own."),
    "train": ("Train", "Choose a small network and watch it learn, live."),
    "gates": ("Look inside", "Every gate at every step: what is kept, written and forgotten."),
    "compare": ("Compare", "Is it better than simple statistics? On the same test part."),
}

frame.begin("home")

st.markdown(
    "seqlab trains small recurrent networks (LSTM, GRU, RNN) on time series in your browser and shows every gate at every step, "
    "so that you can see how they remember."
)
with guard("drawing the example"):
    draw_example()

with st.grid(len(STEPS), min_column_width=220, border=True):
    for key, (label, sentence) in STEPS.items():
        with st.container():
            frame.link(key, label)
            st.caption(sentence)

st.subheader("Lessons to click through", anchor=False)
with guard("listing the lessons"):
    draw_lessons()
