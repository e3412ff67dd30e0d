"""Data sets on the page: opened once per process, offered by what they are and by their names."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import orjson
import streamlit as st

from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.data.dataset_entry import DatasetEntry
from seqlab.data.home import home
from seqlab.data.sequences import SequenceDataset
from seqlab.data.series import SeriesDataset
from seqlab.data.tokens import TokenDataset
from seqlab.ui import selection
from seqlab.ui.messages import guard

__all__ = ["Dataset", "dataset_choices", "dataset_groups", "draw_kinds", "open_dataset", "pick_dataset_key"]

Dataset: TypeAlias = SeriesDataset | SequenceDataset | TokenDataset

UPLOADS = "Uploads"
GROUPS = ("Time series", "Measured sequences", "Texts", "Tags", "Writing", "Teaching tasks", UPLOADS)
_GROUP_OF_TASK = {"classify": "Texts", "tag": "Tags", "translate": "Writing"}
_LAST = "last_datasets"


def open_dataset(key: str, options: Mapping[str, Any] | None = None) -> Dataset:
    """The data set called ``key``; read once, then shared. Never change what it holds.

    Raises:
        SeqlabError: there is no such data set, or its options are out of range.
    """
    return _open(key, orjson.dumps(dict(options or {}), option=orjson.OPT_SORT_KEYS), str(home()))


@st.cache_resource(max_entries=16, show_spinner=False)
def _open(key: str, options: bytes, home_folder: str) -> Dataset:  # noqa: ARG001 - the folder tells uploads of two homes apart
    return load_dataset(key, **orjson.loads(options))


def dataset_choices() -> dict[str, str]:
    """Key → name of everything that can be trained on: shipped, generated, then uploads."""
    return {key: label for labels in dataset_groups().values() for key, label in labels.items()}


def dataset_groups() -> dict[str, dict[str, str]]:
    """What data sets are → key → name, in the order of the menu; only what there is."""
    found: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    for key, entry in DATASETS.items():
        found[_group(entry)][key] = entry.label
    uploads = home() / "uploads"
    if uploads.is_dir():
        for folder in sorted(uploads.iterdir()):
            with guard("reading an upload"):
                if not folder.name.startswith("."):
                    found[UPLOADS][f"upload:{folder.name}"] = open_dataset(f"upload:{folder.name}").label
    return {group: labels for group, labels in found.items() if labels}


def _group(entry: DatasetEntry) -> str:
    if entry.kind == "series":
        return GROUPS[0]
    if entry.kind == "texts":
        return _GROUP_OF_TASK[entry.task]
    return "Teaching tasks" if entry.generator else "Measured sequences"


def draw_kinds() -> dict[str, str]:
    """Buttons for the kinds of data sets; which one is chosen follows from the data set in the address.

    Returns:
        key → name of the data sets of that kind, for :func:`pick_dataset_key`; all if the address names one that does not exist.
    """
    groups, key = dataset_groups(), selection.dataset_key()
    here = next((group for group, labels in groups.items() if key in labels), None)
    if here is not None:
        st.session_state.setdefault(_LAST, {})[here] = key
    # The key changes with the choice, so that the buttons follow when something else changes the address.
    widget = f"pick.group.{here}"
    st.segmented_control(
        "Kind of data",
        list(groups),
        default=here,
        required=here is not None,
        key=widget,
        on_change=_take_group,
        args=(widget, groups),
        label_visibility="collapsed",
    )
    return groups[here] if here is not None else dataset_choices()


def pick_dataset_key(choices: Mapping[str, str]) -> str:
    """A menu of data sets, bound to ``?dataset=``.

    Args:
        choices: key → name, see :func:`draw_kinds`.

    Returns:
        the key of the chosen one, which may not exist, as anybody can write an address.
    """
    return selection.pick("dataset", "Data set", choices, default=selection.DEFAULT_DATASET)


def _take_group(widget: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    chosen = st.session_state[widget]
    if chosen not in groups:
        return
    last = st.session_state.get(_LAST, {}).get(chosen, "")
    selection.select_dataset(last if last in groups[chosen] else next(iter(groups[chosen])))
    selection.select("preset", "")
