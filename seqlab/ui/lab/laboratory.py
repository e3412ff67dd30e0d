"""The Gates page: the choices all views share, and the view that was asked for."""

from typing import TYPE_CHECKING

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui.lab.asked import draw_missing, read_address
from seqlab.ui.lab.bench import set_up
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.messages import guard

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw_laboratory"]


def draw_laboratory(run: RunSummary, fitted: "Fitted") -> None:
    """The whole bench of one model."""
    _understand_view()
    asked = read_address()  # before a widget takes out what it cannot read
    keys = list(VIEWS)
    chosen = st.segmented_control(
        "View", keys, format_func=lambda key: VIEWS[key].label, default=keys[0], key="view", bind="query-params", required=True,
        label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    view = VIEWS[chosen if chosen in VIEWS else keys[0]]
    bench = set_up(run, fitted)
    draw_missing(asked, bench, [entry.label for entry in VIEWS.values()], view.label)
    with guard(f"drawing the view {view.label}"):
        view.load()(bench)


def _understand_view() -> None:
    """``?view=change`` and ``?view=change+gates`` mean the view that the address calls ``Change gates``."""
    word = st.query_params.get("view", "")
    for entry in VIEWS.values():
        if word != entry.label and word.casefold() in {entry.key, entry.label.casefold()}:
            st.session_state["view"] = entry.key
            st.query_params["view"] = entry.label
