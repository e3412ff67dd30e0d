"""What is being looked at, kept in the address: run, data set, preset and changed settings.

Only widgets that the frame draws on every page stay in the address when the page changes, so these values
live in the sidebar. A page changes them from a callback: ``on_click=select_run, args=(run_id,)``.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

__all__ = [
    "DEFAULT_DATASET",
    "EXAMPLE_RUN",
    "dataset_key",
    "draw_address",
    "pick",
    "preset_key",
    "run_id",
    "select",
    "select_dataset",
    "select_run",
    "settings_text",
]

EXAMPLE_RUN = "example"
DEFAULT_DATASET = "airline_passengers"
# Name in the address → label in the sidebar.
_ADDRESS = {"run": "Run", "dataset": "Data set", "preset": "Preset", "settings": "Changed settings"}


def _value(name: str) -> str:
    return str(st.session_state.get(name) or "").strip()


def run_id() -> str:
    """Id of the selected run; it may not exist, as anybody can write an address."""
    return _value("run") or EXAMPLE_RUN


def dataset_key() -> str:
    """Key of the selected data set; it may not exist, as anybody can write an address."""
    return _value("dataset") or DEFAULT_DATASET


def preset_key() -> str:
    """Key of the selected preset, or nothing; it may not exist."""
    return _value("preset")


def settings_text() -> str:
    """What differs from the preset, as :func:`seqlab.ui.settings.differences` writes it; may be anything."""
    return _value("settings")


def select(name: str, new: str) -> None:
    """Changes one of the values in the address. Call it from a widget's callback.

    Args:
        name: ``run``, ``dataset``, ``preset`` or ``settings``.
        new: its value; empty takes it out of the address.
    """
    if name not in _ADDRESS:
        raise KeyError(name)
    st.session_state[name] = new


def select_run(new: str) -> None:
    """Selects a run. Call it from a widget's callback."""
    select("run", "" if new == EXAMPLE_RUN else new)


def select_dataset(new: str) -> None:
    """Selects a data set, and drops the settings of the last one. Call it from a widget's callback."""
    select("dataset", "" if new == DEFAULT_DATASET else new)
    select("settings", "")


def pick(name: str, label: str, options: Mapping[str, str], *, default: str, help: str | None = None, buttons: bool = False) -> str:
    """A menu bound to the address.

    Args:
        name: ``run``, ``dataset`` or ``preset``.
        label: what stands above the menu.
        options: value → what is shown for it.
        default: the value that is not written into the address.
        help: tooltip.
        buttons: shows the choices beside each other instead of in a menu.

    Returns:
        the chosen value. One that is not among the options comes back as it is, for the caller's message.
    """
    current = _value(name) or default
    shown, values = _distinct(options), list(options)
    # The key changes with the value, so that the menu follows when something else changes the address. An
    # unknown value leaves it empty: it must not pretend to show it.
    key = f"pick.{name}.{current}"

    def text(value: str) -> str:
        return shown.get(value, value)

    known = current in options
    change: dict[str, Any] = {"key": key, "help": help, "on_change": _take, "args": (name, key, default, values)}
    if buttons:
        st.segmented_control(label, values, default=current if known else None, required=True, format_func=text, **change)
    else:
        index = values.index(current) if known else None
        st.selectbox(label, values, index, format_func=text, placeholder="Choose one", **change)
    return current


def _distinct(options: Mapping[str, str]) -> dict[str, str]:
    """The labels; those that occur twice get the end of their value, as Streamlit tells options apart by their labels."""
    count = Counter(options.values())
    return {value: text if count[text] == 1 else f"{text} ({value[-6:]})" for value, text in options.items()}


def _take(name: str, key: str, default: str, values: list[str]) -> None:
    chosen = st.session_state[key]
    # The browser names options by their labels. One that was renamed meanwhile comes back as a text that is no option.
    if chosen not in values:
        return
    select(name, "" if chosen == default else chosen)
    if name in {"dataset", "preset"}:
        select("settings", "")


def draw_address() -> None:
    """The values that the address carries, for the sidebar of every page."""
    with st.expander("This view's address", icon=":material/link:"):
        st.caption("Copy the address from your browser to share what you see.")
        for name, label in _ADDRESS.items():
            st.text_input(label, key=name, bind="query-params", max_chars=2000)
