"""The Gates page: the choices all views share, and the view that was asked for."""

from typing import TYPE_CHECKING

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui import frame
from seqlab.ui.lab.asked import draw_missing, read_address
from seqlab.ui.lab.bench import set_up
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.messages import guard
from seqlab.ui.view_menu import choose_view, understand_view

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw_laboratory"]


def draw_laboratory(run: RunSummary, fitted: "Fitted") -> None:
    """The whole bench of one model; of one without recurrent layers what to do instead."""
    if fitted.model.recurrent is None:
        _draw_without_gates()
        return
    understand_view(VIEWS)
    asked = read_address()  # before a widget takes out what it cannot read
    view = choose_view(VIEWS)
    bench = set_up(run, fitted)
    draw_missing(asked, bench, [entry.label for entry in VIEWS.values()], view.label)
    with guard(f"drawing the view {view.label}"):
        view.load()(bench)


def _draw_without_gates() -> None:
    st.info(
        "This network has no gates: it is made of convolutions only. A convolution looks at a few neighbouring steps at once and carries "
        "nothing from step to step, so there is no memory to open. To see gates on the same data, train a recurrent network, or both "
        "together: choose Recurrent, Convolution then recurrent, or Recurrent then convolution under Network on the Train page.",
        icon=":material/info:",
    )
    with st.container(horizontal=True, gap="small"):
        frame.link("train", "Train a network with gates", icon=":material/play_circle:")
        frame.link("compare", "See how good this one is", icon=":material/leaderboard:")
