"""The scores of a comparison as numbers: of one column or the mean over all, of every model and of the seeds together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.evaluation.metric_table import POINT_METRICS, RELATIVE_METRICS
from seqlab.evaluation.relative import relative_means, relative_scores
from seqlab.evaluation.score import mean_over_targets
from seqlab.records import Score
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.stand import NETWORK, Stand

__all__ = ["Line", "lines_of", "score_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One model of the table.

    Args:
        model: the model; of several seeds the run's own.
        name: name on the screen.
        values: metric → number, NaN where it is not computable.
        spread: metric → standard deviation over the seeds; empty for a model that has none.
        reasons: metric → why there is no number.
        seeds: how many seeds it stands for.
    """

    model: ComparedModel
    name: str
    values: dict[str, float]
    spread: dict[str, float]
    reasons: dict[str, str]
    seeds: int = 1


def score_of(model: ComparedModel, metric: str, target: str = "") -> float:
    """A stored metric of a model; NaN where it is not computable.

    Args:
        model: the model.
        metric: key of a point metric.
        target: name of a column; empty for the mean over all of them.
    """
    return next((score.value for score in _scores(model, target) if score.metric == metric), math.nan)


def _scores(model: ComparedModel, target: str) -> tuple[Score, ...]:
    """The point metrics of one column, or the means; runs of older versions have stored the means only."""
    own = tuple(score for score in model.scores if score.target == target)
    return own if own or target else mean_over_targets(model.scores)


def lines_of(stand: Stand, target: str = "") -> list[Line]:
    """One line per model, and one for all seeds of the network together where there are several.

    Args:
        stand: the comparison.
        target: name of a column; empty for the mean over all of them.
    """
    every = (*stand.models, *stand.seeds)
    relative = _relative(every, target)
    lines = [_line(model, f"{model.model} (this run)" if model.key == NETWORK else model.model, target, relative) for model in stand.models]
    network = stand.network
    if network is not None and stand.seeds:
        each = [_line(model, model.model, target, relative) for model in (network, *stand.seeds)]
        lines.insert(1, _together(network, each))
    return lines


def _relative(models: Sequence[ComparedModel], target: str) -> dict[str, tuple[Score, ...]]:
    stored = {model.key: tuple(score for score in model.scores if score.target) or model.scores for model in models}
    if not target:
        return dict(relative_means(stored))
    return {key: tuple(score for score in scores if score.target == target) for key, scores in relative_scores(stored).items()}


def _line(model: ComparedModel, name: str, target: str, relative: dict[str, tuple[Score, ...]]) -> Line:
    scores = (*_scores(model, target), *relative.get(model.key, ()))
    found = {score.metric: score for score in scores}
    metrics = (*POINT_METRICS, *RELATIVE_METRICS)
    return Line(
        model=model,
        name=name,
        values={metric: found[metric].value if metric in found else math.nan for metric in metrics},
        spread={},
        reasons={metric: found[metric].reason for metric in metrics if metric in found and found[metric].reason},
    )


def _together(network: ComparedModel, lines: list[Line]) -> Line:
    """Mean and standard deviation over the seeds; a metric that one seed lacks has no mean."""
    table = {metric: np.array([line.values[metric] for line in lines]) for metric in lines[0].values}
    return Line(
        model=network,
        name=f"{network.model}, mean of {len(lines)} seeds",
        values={metric: float(np.mean(values)) for metric, values in table.items()},
        spread={metric: float(np.std(values, ddof=1)) for metric, values in table.items()},
        reasons={metric: reason for line in lines for metric, reason in line.reasons.items()},
        seeds=len(lines),
    )
