"""Bringing a file: look at it, say what it holds and which columns are what, see it, keep it."""

import dataclasses
import io

import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.series import SeriesDataset
from seqlab.data.upload import store_upload
from seqlab.data.upload_sequences import SEQUENCE_LAYOUTS
from seqlab.errors import SeqlabError
from seqlab.presets import presets_for
from seqlab.ui import selection
from seqlab.ui.data_view import draw_dataset
from seqlab.ui.datasets import Dataset, open_dataset
from seqlab.ui.messages import escape, guard, show_error
from seqlab.ui.upload_guess import SERIES, guess_layout
from seqlab.ui.upload_sequences_form import read_chosen_sequences
from seqlab.ui.upload_series_form import read_chosen_series

__all__ = ["draw_upload"]

TYPES = ["csv", "tsv", "txt", "conll", "iob", "bio"]
LAYOUTS = {SERIES: "A time series: a step in each row, to be forecast", **SEQUENCE_LAYOUTS}


def draw_upload() -> None:
    """The whole upload: nothing is stored before the file is accepted."""
    st.markdown(
        "A time series (a row per step), texts with a class, sequences (one in each row, or a step in each row), or words with tags in "
        "CoNLL lines. A header line with names helps. The file stays on this machine."
    )
    file = st.file_uploader("Your file", type=TYPES, key="upload")
    if file is None:
        return
    with guard("reading your file"):
        content, name, key = file.getvalue(), file.name, file.file_id
        guessed = _guess(content, name)
        layout = st.selectbox(
            "The file holds",
            list(LAYOUTS),
            list(LAYOUTS).index(guessed),
            format_func=LAYOUTS.__getitem__,
            key=f"upload.layout.{key}",
            help="This is what it looks like. Change it if it is something else.",
        )
        dataset = read_chosen_series(content, name, key) if layout == SERIES else read_chosen_sequences(content, name, key, layout)
        if dataset is not None:
            _draw_read(dataset, key)


@st.cache_data(max_entries=8, show_spinner="Reading the file …")
def _guess(content: bytes, name: str) -> str:
    return guess_layout(io.BytesIO(content), name)


def _draw_read(dataset: Dataset, key: str) -> None:
    """What was understood, the button that keeps it, and all there is to see of it."""
    if not isinstance(dataset, SeriesDataset) and dataset.notes:
        st.info(escape(dataset.notes[0]), icon=":material/task_alt:")
    place = st.container()
    with st.container(border=True):
        st.markdown(f"**{escape(dataset.label)}**")
        try:
            shown = dataset if isinstance(dataset, SeriesDataset) else dataclasses.replace(dataset, key="upload")
            spec = RunSpec(dataset="upload") if isinstance(shown, SeriesDataset) else _first_spec(shown)
            draw_dataset(shown, spec, key=f"preview.{key}")
        except SeqlabError as error:  # it could be read, but not be trained on
            show_error(error)
            return
    place.button(
        "Keep this data set", type="primary", icon=":material/check:", key="keep", on_click=_keep, args=(dataset,), help=(
            "Stores it in your own folder on this machine, so that runs on it can be repeated."
        ),
    )  # fmt: skip


def _first_spec(dataset: Dataset) -> RunSpec:
    return next(iter(presets_for(dataset).values())).build(dataset)


def _keep(dataset: Dataset) -> None:
    with guard("storing your file"):
        key = store_upload(dataset)
        open_dataset(key)
        selection.select_dataset(key)
        selection.select("preset", "")
        st.session_state["bring"] = False
