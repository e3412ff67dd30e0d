"""VIEWS: the one table of the Compare page's views. Describing a view costs no heavy import."""

from seqlab.ui.compare.stand import Stand
from seqlab.ui.view_menu import ViewEntry

__all__ = ["VIEWS", "WITHOUT_MODELS"]

_ENTRIES: tuple[ViewEntry[Stand], ...] = (
    ViewEntry(key="scores", label="Scores", draw="seqlab.ui.compare.scores_view:draw"),
    ViewEntry(key="forecasts", label="Forecasts", draw="seqlab.ui.compare.forecasts_view:draw"),
    ViewEntry(key="luck", label="Is it luck?", draw="seqlab.ui.compare.luck_view:draw"),
    ViewEntry(key="intervals", label="Intervals", draw="seqlab.ui.compare.intervals_view:draw"),
    ViewEntry(key="residuals", label="Residuals", draw="seqlab.ui.compare.residuals_view:draw"),
    ViewEntry(key="backtest", label="Backtest", draw="seqlab.ui.compare.backtest_view:draw"),
    ViewEntry(key="honesty", label="Honesty checks", draw="seqlab.ui.compare.honesty_view:draw"),
)

VIEWS = {entry.key: entry for entry in _ENTRIES}

WITHOUT_MODELS = ("backtest", "honesty")
"""Views that have something to say before anything was compared."""
