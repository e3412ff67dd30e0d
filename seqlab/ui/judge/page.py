"""The Compare page of a run that says classes, tags, numbers of sequences, or writes: verdict, views, and what is going on."""

from seqlab.runs.store import RunSummary
from seqlab.ui.judge.stand import judge_stand_of
from seqlab.ui.judge.verdict_card import draw_verdict
from seqlab.ui.judge.views import views_of
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.view_menu import choose_view

__all__ = ["draw_judged"]


def draw_judged(run: RunSummary) -> None:
    """Everything for a run that has a model."""
    draw_problem()
    stand = judge_stand_of(run)
    view = choose_view(views_of(stand.dataset))
    draw_verdict(stand)
    with guard(f"drawing the view {view.label}"):
        view.load()(stand)
