"""The metrics of a forecast, column by column."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.evaluation.metrics import mae, mape, mase, r2, rmse, rmsse, score_or_reason, smape
from seqlab.records import Forecast, Score

__all__ = ["mean_over_targets", "score_arrays", "score_columns", "score_forecast", "training_rows"]

Floats = npt.NDArray[np.float64]


def score_forecast(forecast: Forecast, prepared: Prepared) -> tuple[Score, ...]:
    """Metrics of forecasts from the test part; MASE and RMSSE are scaled by the training rows.

    Returns:
        One score per key of :data:`seqlab.evaluation.metric_table.POINT_METRICS`, in its order; the mean over the targets.
    """
    return mean_over_targets(score_columns(forecast, prepared))


def score_columns(forecast: Forecast, prepared: Prepared) -> tuple[Score, ...]:
    """The same for every target by itself.

    Returns:
        For each target one score per key of :data:`seqlab.evaluation.metric_table.POINT_METRICS`, with its name.
    """
    rows = training_rows(forecast, prepared)
    return _columns(forecast.y_true, forecast.y_pred, rows, prepared.season_length, forecast.targets)


def training_rows(forecast: Forecast, prepared: Prepared) -> Floats:
    """(time, target): the values of the training part, which scaled errors are scaled by."""
    return prepared.dataset.frame[list(forecast.targets)].to_numpy(dtype=np.float64)[: prepared.bounds.train_end]


def score_arrays(
    y_true: npt.NDArray[np.floating], y_pred: npt.NDArray[np.floating], y_train: Floats, season_length: int, targets: tuple[str, ...]
) -> tuple[Score, ...]:
    """Every metric of each target by itself, then the mean over the targets.

    Targets may have different units, so their errors are never pooled. A metric that is not computable for one
    target is not computable for all.

    Args:
        y_true: (origin, horizon, target); NaN where nothing was observed.
        y_pred: (origin, horizon, target).
        y_train: (time, target) the rows MASE and RMSSE are scaled by.
        season_length: m, 1 if there is no season.
        targets: names of the targets.
    """
    return mean_over_targets(_columns(y_true, y_pred, y_train, season_length, targets))


def mean_over_targets(scores: Iterable[Score]) -> tuple[Score, ...]:
    """One score per metric: the mean over the targets, or which targets lack it and why.

    Args:
        scores: of several targets, each with its name.

    Returns:
        In the order in which the metrics first appear.

    Example:
        >>> both = (Score(metric="mae", value=1.0, target="a"), Score(metric="mae", value=2.0, target="b"))
        >>> mean_over_targets(both)
        (Score(metric='mae', value=1.5, reason='', target=''),)
    """
    table: dict[str, list[Score]] = {}
    for one in scores:
        table.setdefault(one.metric, []).append(one)
    return tuple(_mean(metric, column) for metric, column in table.items())


def _mean(metric: str, scores: list[Score]) -> Score:
    if len(scores) == 1:
        return Score(metric=metric, value=scores[0].value, reason=scores[0].reason)
    reason = " ".join(f"{one.target}: {one.reason}" for one in scores if one.reason)
    return score_or_reason(metric, reason, lambda: np.mean([one.value for one in scores]))


def _columns(
    y_true: npt.NDArray[np.floating], y_pred: npt.NDArray[np.floating], y_train: Floats, season_length: int, targets: tuple[str, ...]
) -> tuple[Score, ...]:
    scores: list[Score] = []
    for column, name in enumerate(targets):
        truth, forecast, train = y_true[..., column], y_pred[..., column], y_train[:, column]
        each = (
            mae(truth, forecast),
            rmse(truth, forecast),
            mape(truth, forecast),
            smape(truth, forecast),
            mase(truth, forecast, train, season_length),
            rmsse(truth, forecast, train, season_length),
            r2(truth, forecast),
        )
        scores += [Score(metric=one.metric, value=one.value, reason=one.reason, target=name) for one in each]
    return tuple(scores)
