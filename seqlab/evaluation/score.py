"""The metrics of a forecast, and of a trained network on its test part."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.metrics import METRICS, mae, mase, r2, rmse, smape
from seqlab.evaluation.origins import test_origins
from seqlab.records import Forecast, Score

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["score", "score_arrays", "score_forecast"]

Floats = npt.NDArray[np.float64]


def score(fitted: "Fitted", limit: int = 500) -> dict[str, float]:
    """Metrics of a trained network on the test part of its data, which no training has seen.

    Args:
        fitted: the network with its data.
        limit: at most so many origins; see :func:`seqlab.evaluation.origins.test_origins`.

    Returns:
        ``mae rmse smape mase r2`` → value in the data's own units (sMAPE in percent); NaN where it is not computable.
    """
    forecast = forecast_fitted(fitted, test_origins(fitted.prepared, limit))
    return {one.metric: one.value for one in score_forecast(forecast, fitted.prepared)}


def score_forecast(forecast: Forecast, prepared: Prepared) -> tuple[Score, ...]:
    """Metrics of forecasts from the test part; MASE is scaled by the training rows.

    Returns:
        One score per key of :data:`seqlab.evaluation.metrics.METRICS`, in its order; the mean over the targets.
    """
    training = prepared.dataset.frame[list(forecast.targets)].to_numpy(dtype=np.float64)[: prepared.bounds.train_end]
    return score_arrays(forecast.y_true, forecast.y_pred, training, prepared.season_length, forecast.targets)


def score_arrays(
    y_true: npt.NDArray[np.floating], y_pred: npt.NDArray[np.floating], y_train: Floats, season_length: int, targets: tuple[str, ...]
) -> tuple[Score, ...]:
    """Every metric of each target by itself, then the mean over the targets.

    Targets may have different units, so their errors are never pooled. A metric that is not computable for one
    target is not computable for all.

    Args:
        y_true: (origin, horizon, target); NaN where nothing was observed.
        y_pred: (origin, horizon, target).
        y_train: (time, target) the rows MASE is scaled by.
        season_length: m, 1 if there is no season.
        targets: names of the targets.
    """
    table = []
    for column in range(len(targets)):
        truth, forecast = y_true[..., column], y_pred[..., column]
        table.append(
            (
                mae(truth, forecast),
                rmse(truth, forecast),
                smape(truth, forecast),
                mase(truth, forecast, y_train[:, column], season_length),
                r2(truth, forecast),
            )
        )
    return tuple(_mean(metric, scores, targets) for metric, scores in zip(METRICS, zip(*table, strict=True), strict=True))


def _mean(metric: str, scores: tuple[Score, ...], targets: tuple[str, ...]) -> Score:
    if len(scores) == 1:
        return scores[0]
    reason = " ".join(f"{name}: {one.reason}" for name, one in zip(targets, scores, strict=True) if one.reason)
    value = float("nan") if reason else float(np.mean([one.value for one in scores]))
    return Score(metric=metric, value=value, reason=reason)
