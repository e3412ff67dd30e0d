"""The Compare page of a run that says classes, tags, numbers of sequences, or writes: verdict, views, and what is going on."""

from seqlab.runs.store import RunSummary
from seqlab.ui.judge.stamp import draw_stamp
from seqlab.ui.judge.stand import JudgeStand, judge_stand_of
from seqlab.ui.judge.start import draw_start
from seqlab.ui.judge.verdict_card import draw_verdict
from seqlab.ui.judge.views import views_of
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.side_job import GOING_ON, follow_side, say_end
from seqlab.ui.view_menu import ViewEntry, choose_view

__all__ = ["draw_judged"]


def draw_judged(run: RunSummary) -> None:
    """Everything for a run that has a model."""
    draw_problem()
    stand = judge_stand_of(run)
    status = run.folder.side_status("compare")
    draw_start(stand, status)
    say_end(run, "compare")
    view = choose_view(views_of(stand.dataset))
    if status in GOING_ON:
        # Rows arrive within the fragment where they are what is looked at; other views wait for the next click or the end.
        arriving = view.key == "scores"
        follow_side(run, "compare", lambda: _draw(judge_stand_of(run), view) if arriving else None)
        if arriving:
            return
    _draw(stand, view)


def _draw(stand: JudgeStand, view: ViewEntry[JudgeStand]) -> None:
    draw_verdict(stand)
    with guard(f"drawing the view {view.label}"):
        view.load()(stand)
    draw_stamp(stand)
