"""Views of a page: what one is, and the menu that chooses one and keeps it in the address."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

__all__ = ["ViewEntry", "choose_view", "understand_view"]

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewEntry(Generic[Subject]):
    """One way to look at something. Describing it costs no heavy import.

    Args:
        key: its word in the address.
        label: name on the screen.
        draw: ``module:function`` that draws it, given what is looked at.
    """

    key: str
    label: str
    draw: str

    def load(self) -> Callable[[Subject], None]:
        """The function that draws the view."""
        module, _, name = self.draw.partition(":")
        drawn: Callable[[Subject], None] = getattr(importlib.import_module(module), name)
        return drawn


def choose_view(views: Mapping[str, ViewEntry[Subject]]) -> ViewEntry[Subject]:
    """The view that the menu, or ``?view=``, asks for; the first one if there is no such view."""
    keys = list(views)
    understand_view(views)
    chosen = st.segmented_control(
        "View", keys, format_func=lambda key: views[key].label, default=keys[0], key="view", bind="query-params", required=True,
        label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    return views[chosen if chosen in views else keys[0]]


def understand_view(views: Mapping[str, ViewEntry[Subject]]) -> None:
    """``?view=change`` and ``?view=change+gates`` mean the view that the address calls ``Change gates``."""
    word = st.query_params.get("view", "")
    for entry in views.values():
        if word != entry.label and word.casefold() in {entry.key, entry.label.casefold()}:
            st.session_state["view"] = entry.key
            st.query_params["view"] = entry.label
