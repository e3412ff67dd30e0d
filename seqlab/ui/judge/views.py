"""JUDGE_VIEWS: the one table of the Compare page's views of sequences, words and tags. Describing a view costs no heavy import."""

from collections.abc import Mapping
from types import MappingProxyType

from seqlab.ui.judge.stand import Dataset, JudgeStand
from seqlab.ui.view_menu import ViewEntry

__all__ = ["JUDGE_VIEWS", "views_of"]

_CLASSES = ("classify", "tag")
_EVERY = ("classify", "tag", "regress", "regress_steps", "translate")
_FOLDER = "seqlab.ui.judge"

_ENTRIES: tuple[tuple[ViewEntry[JudgeStand], tuple[str, ...]], ...] = (
    (ViewEntry(key="scores", label="Scores", draw=f"{_FOLDER}.scores_view:draw"), _EVERY),
    (ViewEntry(key="confusion", label="Confusion", draw=f"{_FOLDER}.confusion_view:draw"), _CLASSES),
    (ViewEntry(key="curves", label="Curves", draw=f"{_FOLDER}.curves_view:draw"), _CLASSES),
    (ViewEntry(key="tags", label="Tags", draw=f"{_FOLDER}.tags_view:draw"), ("tag",)),
    (ViewEntry(key="reading", label="Step by step", draw=f"{_FOLDER}.reading_view:draw"), ("classify",)),
    (ViewEntry(key="length", label="By length", draw=f"{_FOLDER}.length_view:draw"), _EVERY),
    (ViewEntry(key="written", label="Written", draw=f"{_FOLDER}.written_view:draw"), ("translate",)),
)

JUDGE_VIEWS: Mapping[str, ViewEntry[JudgeStand]] = MappingProxyType({entry.key: entry for entry, _ in _ENTRIES})


def views_of(dataset: Dataset) -> dict[str, ViewEntry[JudgeStand]]:
    """The views that have something to show of a data set, in the order of the menu."""
    shown = {entry.key: entry for entry, tasks in _ENTRIES if dataset.task in tasks}
    if not dataset.tests_at and len(set(dataset.lengths)) < 2:
        del shown["length"]
    return shown
