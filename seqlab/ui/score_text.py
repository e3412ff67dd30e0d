"""The scores of a run in words: name, value and meaning of each, and the one that sums a run of its task up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from seqlab.evaluation.metric_table import METRICS
from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import number

__all__ = ["ScoreText", "headline", "metric_label", "score_texts", "score_value"]

# In the order they are shown; the tasks' own come in the order of their scores.
_FORECAST = {
    "mae": ("MAE", "Mean absolute error on the test part, in the data's own units."),
    "rmse": ("RMSE", "Root of the mean squared error on the test part: large errors weigh more."),
    "mase": ("MASE", "The error as a multiple of what repeating the last season would have made on the training part; below 1 is better."),
    "rmsse": ("RMSSE", "The same with squares, which weigh large errors more."),
    "mape": ("MAPE", "Mean absolute error as a percentage of the values; only where no value is 0."),
    "smape": ("sMAPE", "Symmetric mean absolute percentage error on the test part."),
    "r2": ("R²", "Share of the test part's variance that is explained: 1 is perfect, 0 no better than its mean."),
}
# Shares from 0 to 1, which are read more easily in per cent.
_SHARES = frozenset(
    {"accuracy", "balanced_accuracy", "macro_f1", "f1", "precision", "recall", "exact_match"}
    | {"entity_precision", "entity_recall", "entity_f1", "symbol_error_rate", "character_error_rate"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreText:
    """One score on the screen."""

    key: str
    label: str
    value: str
    meaning: str


def metric_label(key: str) -> str:
    """Name of a metric on the screen.

    Example:
        >>> metric_label("accuracy"), metric_label("mae"), metric_label("?")
        ('Accuracy', 'MAE', '?')
    """
    if key in _FORECAST:
        return _FORECAST[key][0]
    entry = TASK_METRICS.get(key) or METRICS.get(key)
    return entry.label if entry is not None else key


def score_value(key: str, value: float) -> str:
    """A score's value; shares in per cent.

    Example:
        >>> score_value("accuracy", 0.8125), score_value("mae", 21.5), score_value("accuracy", float("nan"))
        ('81.2 %', '21.5', '–')
    """
    return f"{100 * value:.1f} %" if key in _SHARES and math.isfinite(value) else number(value)


def score_texts(run: RunSummary) -> tuple[ScoreText, ...]:
    """All scores of a run's test part, the most telling first."""
    scores: Mapping[str, float] = run.result.scores if run.result is not None else {}
    if task_of_spec(run.spec) == "forecast":
        order = [*(key for key in _FORECAST if key in scores), *(key for key in scores if key not in _FORECAST)]
    else:
        # Entities before the rest; a result is stored sorted by name.
        first = [task_entry(task_of_spec(run.spec)).metric, "entity_f1", "entity_precision", "entity_recall"]
        known = [*first, *(key for key in TASK_METRICS if key not in first)]
        order = sorted(scores, key=lambda key: known.index(key) if key in known else len(known))
    return tuple(
        ScoreText(key=key, label=metric_label(key), value=score_value(key, scores[key]), meaning=_meaning(run, key)) for key in order
    )


def _meaning(run: RunSummary, key: str) -> str:
    if task_of_spec(run.spec) == "forecast" and key in _FORECAST:
        return _FORECAST[key][1]
    entry = TASK_METRICS.get(key) or METRICS.get(key)
    return f"{entry.sentence} On the test part." if entry is not None else "On the test part."


def headline(run: RunSummary) -> tuple[str, float]:
    """Name and value of the score that sums a run up; NaN while there is none."""
    key = task_entry(task_of_spec(run.spec)).metric
    scores: Mapping[str, float] = run.result.scores if run.result is not None else {}
    return metric_label(key), scores.get(key, math.nan)
