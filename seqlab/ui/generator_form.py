"""Widgets for the options of a generated data set, kept in the address with the other changed settings."""

from typing import Any

import orjson
import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.catalog import DATASETS
from seqlab.errors import SeqlabError
from seqlab.presets import presets_for
from seqlab.ui import selection, widgets
from seqlab.ui.datasets import open_dataset
from seqlab.ui.messages import escape
from seqlab.ui.settings import apply_differences, options_in

__all__ = ["draw_generator", "merge_options", "selected_spec"]

_PROBLEM = "generator_problem"


def selected_spec(key: str) -> RunSpec:
    """The spec that the address describes for a data set: its preset, changed as the address says.

    Raises:
        SeqlabError: there is no such data set, or the settings in the address are not readable, or out of range.
    """
    text = selection.settings_text()
    dataset = open_dataset(key, options_in(text))
    presets = presets_for(dataset)
    preset = presets.get(selection.preset_key()) or next(iter(presets.values()))
    return apply_differences(preset.build(dataset), text)


def merge_options(settings: str, options: dict[str, Any]) -> str:
    """The address's settings with other options of the generated data set.

    Example:
        >>> merge_options('{"cell":"gru"}', {"period": 12})
        '{"cell":"gru","dataset_options":{"period":12}}'
    """
    values = orjson.loads(settings) if settings else {}
    return orjson.dumps({**values, "dataset_options": options}).decode()


def draw_generator(spec: RunSpec) -> None:
    """The options of a generated data set; nothing for one that was measured."""
    entry = DATASETS.get(spec.dataset)
    config = entry.options if entry is not None else None
    if config is None:
        return
    with st.container(border=True):
        st.markdown("**Make your own**: this data is computed. Change it, then make it again.")
        current = config.from_dict(dict(spec.dataset_options))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            widgets.draw(config, current, f"generator.{spec.dataset}")
            st.button("Make it", icon=":material/autorenew:", key="make", on_click=_make, args=(spec.dataset, config, current))
        problem = st.session_state.pop(_PROBLEM, None)
        if problem:
            st.error(escape(problem), icon=":material/error:")


def _make(key: str, config: type[Any], current: Any) -> None:
    try:
        options = config.from_dict(widgets.read(config, current, f"generator.{key}")).to_dict()
    except SeqlabError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    selection.select("settings", merge_options(selection.settings_text(), options))
