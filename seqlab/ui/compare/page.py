"""The Compare page below its head: verdict, the views, what is going on, and the stamp."""

from seqlab.runs.store import RunSummary
from seqlab.ui.compare.stamp import draw_stamp
from seqlab.ui.compare.stand import Stand, stand_of
from seqlab.ui.compare.start import draw_start
from seqlab.ui.compare.verdict_card import draw_verdict
from seqlab.ui.compare.views import VIEWS, WITHOUT_MODELS
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.side_job import GOING_ON, follow_side, say_end
from seqlab.ui.view_menu import ViewEntry, choose_view

__all__ = ["draw_page"]


def draw_page(run: RunSummary) -> None:
    """Everything for a run that has a model."""
    draw_problem()
    stand = stand_of(run)
    status = run.folder.side_status("compare")
    draw_start(stand, status)
    say_end(run, "compare")
    view = choose_view(VIEWS)
    if status in GOING_ON:
        # Rows arrive within the fragment where they are what is looked at; other views wait for the next click or the end.
        arriving = view.key == "scores"
        follow_side(run, "compare", lambda: _draw_arriving(run, view) if arriving else None)
        if arriving:
            return
    if stand.models:
        draw_verdict(stand)
    elif view.key not in WITHOUT_MODELS:
        return
    _draw(stand, view)


def _draw_arriving(run: RunSummary, view: ViewEntry[Stand]) -> None:
    stand = stand_of(run)
    if stand.models:
        draw_verdict(stand)
        _draw(stand, view)


def _draw(stand: Stand, view: ViewEntry[Stand]) -> None:
    with guard(f"drawing the view {view.label}"):
        view.load()(stand)
    if stand.models:
        draw_stamp(stand)
