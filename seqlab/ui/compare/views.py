"""VIEWS: the one table of the Compare page's views. Describing a view costs no heavy import."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from seqlab.ui.compare.stand import Stand

__all__ = ["VIEWS", "ViewEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewEntry:
    """One way to judge a model.

    Args:
        key: its word in the address.
        label: name on the screen.
        draw: ``module:function`` that draws it, given the stand.
        needs_models: whether it has nothing to say before a comparison was made.
    """

    key: str
    label: str
    draw: str
    needs_models: bool = True

    def load(self) -> Callable[[Stand], None]:
        """The function that draws the view."""
        module, _, name = self.draw.partition(":")
        drawn: Callable[[Stand], None] = getattr(importlib.import_module(module), name)
        return drawn


_ENTRIES = (
    ViewEntry(key="scores", label="Scores", draw="seqlab.ui.compare.scores_view:draw"),
    ViewEntry(key="forecasts", label="Forecasts", draw="seqlab.ui.compare.forecasts_view:draw"),
    ViewEntry(key="luck", label="Is it luck?", draw="seqlab.ui.compare.luck_view:draw"),
    ViewEntry(key="intervals", label="Intervals", draw="seqlab.ui.compare.intervals_view:draw"),
    ViewEntry(key="residuals", label="Residuals", draw="seqlab.ui.compare.residuals_view:draw"),
    ViewEntry(key="backtest", label="Backtest", draw="seqlab.ui.compare.backtest_view:draw", needs_models=False),
    ViewEntry(key="honesty", label="Honesty checks", draw="seqlab.ui.compare.honesty_view:draw", needs_models=False),
)

VIEWS = {entry.key: entry for entry in _ENTRIES}
