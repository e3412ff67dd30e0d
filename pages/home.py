"""Home: a finished example, and the way from here."""

import streamlit as st

from seqlab.ui import frame
from seqlab.ui.example_view import draw_example
from seqlab.ui.lessons import draw_lessons
from seqlab.ui.messages import guard
from seqlab.ui.welcome import INTRODUCTION, draw_fields, steps

frame.begin("home")

st.markdown(INTRODUCTION)
with guard("drawing the example"):
    draw_example()

with st.grid(len(steps()), min_column_width=220, border=True):
    for key, (label, sentence) in steps().items():
        with st.container():
            frame.link(key, label)
            st.caption(sentence)

with guard("listing the fields"):
    draw_fields()
st.subheader("Lessons to click through", anchor=False)
with guard("listing the lessons"):
    draw_lessons()
