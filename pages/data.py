"""Data: look at a series, at sequences or texts before you train on them, or bring your own."""

import streamlit as st

from seqlab.ui import frame, selection
from seqlab.ui.data_view import draw_dataset
from seqlab.ui.datasets import draw_kinds, open_dataset, pick_dataset_key
from seqlab.ui.generator_form import draw_generator, selected_spec
from seqlab.ui.messages import guard
from seqlab.ui.upload_form import draw_upload

frame.begin("data")

bringing = bool(st.session_state.get("bring"))
if not bringing:
    choices = draw_kinds()
menu, bring = st.columns([3, 1], vertical_alignment="bottom")
with menu:
    if not bringing:
        pick_dataset_key(choices)
    else:
        st.markdown("**Your own data**")
with bring:
    st.toggle("Bring your own", key="bring", help="Upload a file and say what is what: a series, sequences, texts or tags.")

if bringing:
    draw_upload()
else:
    key = selection.dataset_key()
    with guard("opening this data set"):
        spec = selected_spec(key)
        dataset = open_dataset(key, spec.dataset_options)
        # A link, not st.switch_page: that one clears the address, which the widgets of the sidebar are bound to.
        frame.link("train", "**Train on this**", icon=":material/play_circle:")
        draw_generator(spec)
        draw_dataset(dataset, spec, key=key)
