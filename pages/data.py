"""Data: look at a series before you train on it, or bring your own."""

import streamlit as st

from seqlab.ui import frame, selection
from seqlab.ui.data_view import draw_dataset
from seqlab.ui.datasets import dataset_choices, open_dataset
from seqlab.ui.generator_form import draw_generator, selected_spec
from seqlab.ui.messages import guard
from seqlab.ui.upload_form import draw_upload

frame.begin("data")

menu, bring = st.columns([3, 1], vertical_alignment="bottom")
with menu:
    key = selection.pick("dataset", "Data set", dataset_choices(), default=selection.DEFAULT_DATASET)
with bring:
    bringing = st.toggle("Bring your own CSV", key="bring", help="Upload a file and say which columns are what.")

if bringing:
    draw_upload()
else:
    with guard("opening this data set"):
        spec = selected_spec(key)
        dataset = open_dataset(key, spec.dataset_options)
        # A link, not st.switch_page: that one clears the address, which the widgets of the sidebar are bound to.
        frame.link("train", "**Train on this**", icon=":material/play_circle:")
        draw_generator(spec)
        draw_dataset(dataset, spec, key=key)
