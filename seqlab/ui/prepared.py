"""Sequences as a network reads them, made once per process: the page needs their parts, their vocabulary and their counts."""

import orjson
import streamlit as st

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.data.home import home
from seqlab.data.prepare_sequences import PreparedSequences, prepare_sequences
from seqlab.ui.datasets import open_dataset

__all__ = ["prepared_sequences"]


def prepared_sequences(spec: RunSpec) -> PreparedSequences:
    """The sequences or texts of a spec, split and numbered; shared, never change them.

    Raises:
        SeqlabError: there is no such data set, or it cannot be used as asked.
    """
    # Only what preparing looks at, so that another learning rate does not prepare again.
    model = ModelConfig(spelling=spec.model.spelling, word_shape=spec.model.word_shape)
    plain = spec.replace(model=model, training=TrainConfig(), fingerprint="")
    return _prepared(orjson.dumps(plain.to_dict(), option=orjson.OPT_SORT_KEYS), str(home()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _prepared(values: bytes, home_folder: str) -> PreparedSequences:  # noqa: ARG001 - the folder tells uploads of two homes apart
    spec = RunSpec.from_dict(orjson.loads(values))
    dataset = open_dataset(spec.dataset, spec.dataset_options)
    return prepare_sequences(dataset, spec)  # type: ignore[arg-type]  # a series never comes here
