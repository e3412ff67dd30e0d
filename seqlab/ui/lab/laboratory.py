"""The Gates page: the choices all views share, and the view that was asked for."""

from typing import TYPE_CHECKING

from seqlab.runs.store import RunSummary
from seqlab.ui.lab.asked import draw_missing, read_address
from seqlab.ui.lab.bench import set_up
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.messages import guard
from seqlab.ui.view_menu import choose_view, understand_view

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw_laboratory"]


def draw_laboratory(run: RunSummary, fitted: "Fitted") -> None:
    """The whole bench of one model."""
    understand_view(VIEWS)
    asked = read_address()  # before a widget takes out what it cannot read
    view = choose_view(VIEWS)
    bench = set_up(run, fitted)
    draw_missing(asked, bench, [entry.label for entry in VIEWS.values()], view.label)
    with guard(f"drawing the view {view.label}"):
        view.load()(bench)
