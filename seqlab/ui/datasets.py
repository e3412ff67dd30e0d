"""Data sets on the page: opened once per process, offered by their names."""

from collections.abc import Mapping
from typing import Any

import orjson
import streamlit as st

from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.data.home import home
from seqlab.data.series import SeriesDataset
from seqlab.ui import selection
from seqlab.ui.messages import guard

__all__ = ["dataset_choices", "open_dataset", "pick_dataset"]


def open_dataset(key: str, options: Mapping[str, Any] | None = None) -> SeriesDataset:
    """The data set called ``key``; read once, then shared. Never change its frame.

    Raises:
        SeqlabError: there is no such data set, or its options are out of range.
    """
    return _open(key, orjson.dumps(dict(options or {}), option=orjson.OPT_SORT_KEYS), str(home()))


@st.cache_resource(max_entries=16, show_spinner=False)
def _open(key: str, options: bytes, home_folder: str) -> SeriesDataset:  # noqa: ARG001 - the folder tells uploads of two homes apart
    return load_dataset(key, **orjson.loads(options))


def dataset_choices() -> dict[str, str]:
    """Key → name of everything that can be trained on: shipped, generated, then uploads."""
    choices = {key: entry.label for key, entry in DATASETS.items()}
    uploads = home() / "uploads"
    if uploads.is_dir():
        for folder in sorted(uploads.iterdir()):
            with guard("reading an upload"):
                if not folder.name.startswith("."):
                    choices[f"upload:{folder.name}"] = f"{open_dataset(f'upload:{folder.name}').label} (upload)"
    return choices


def pick_dataset() -> SeriesDataset:
    """A menu of all data sets, bound to ``?dataset=``.

    Returns:
        the chosen one; a generated one with its default options.

    Raises:
        SeqlabError: the address names a data set that does not exist, or it cannot be read.
    """
    key = selection.pick("dataset", "Data set", dataset_choices(), default=selection.DEFAULT_DATASET)
    return open_dataset(key)
