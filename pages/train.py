"""Train: choose a model, press Train, and watch it learn."""

import streamlit as st

from seqlab.ui import frame
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.run_panel import draw_run
from seqlab.ui.train_form import draw_head

frame.begin("train")
with guard("drawing the Train page"):
    draw_problem()
    start = draw_head()
    run_place = st.container()
    if start is not None:
        st.subheader("Settings", anchor=False)
        start.draw_settings()
    # Last, though it stands above: by now the warm worker has often written its first loss.
    with run_place:
        draw_run()
    if start is not None:
        start.warm()
