"""The Gates page: the choices all views share, and the view that was asked for."""

from typing import TYPE_CHECKING

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui.lab.bench import set_up
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.messages import guard

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw_laboratory"]


def draw_laboratory(run: RunSummary, fitted: "Fitted") -> None:
    """The whole bench of one model."""
    keys = list(VIEWS)
    chosen = st.segmented_control(
        "View", keys, format_func=lambda key: VIEWS[key].label, default=keys[0], key="view", bind="query-params", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    view = VIEWS[chosen if chosen in VIEWS else keys[0]]
    bench = set_up(run, fitted)
    with guard(f"drawing the view {view.label}"):
        view.load()(bench)
