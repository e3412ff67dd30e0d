"""A trained network judged on the test part of its data, which no training has seen: what it says there, and its scores."""

from typing import TYPE_CHECKING

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.origins import test_origins
from seqlab.evaluation.score import score_forecast
from seqlab.evaluation.task_scores import score_prediction
from seqlab.records import Prediction, Score

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["judge", "score", "score_said"]


def judge(fitted: "Fitted", limit: int = 500) -> tuple[Prediction, tuple[Score, ...]]:
    """What a network says of its test part, and how right it is.

    Args:
        fitted: the network with its data.
        limit: at most so many origins of a forecast, see :func:`seqlab.evaluation.origins.test_origins`; of sequences all are judged.

    Returns:
        Forecasts, classes, numbers or written sequences; and the scores of its task, the one that sums it up first.
    """
    prepared = fitted.prepared
    if isinstance(prepared, PreparedSequences):
        from seqlab.training.predicting import predict_sequences  # imports torch

        said = predict_sequences(fitted.model, prepared, "test", name=fitted.name)
        return said, score_said(said, prepared)
    forecast = forecast_fitted(fitted, test_origins(prepared, limit))
    return forecast, score_forecast(forecast, prepared)


def score_said(said: Prediction, prepared: PreparedSequences) -> tuple[Score, ...]:
    """The scores of what any model said of sequences, the one that sums it up first."""
    return score_prediction(said, prepared.task, getattr(prepared.dataset, "scheme", ""))


def score(fitted: "Fitted", limit: int = 500) -> dict[str, float]:
    """Metrics of a trained network on the test part of its data, which no training has seen.

    Args:
        fitted: the network with its data.
        limit: at most so many origins of a forecast; see :func:`seqlab.evaluation.origins.test_origins`.

    Returns:
        metric → value; NaN where it is not computable. Forecasts: ``mae rmse mape smape mase rmsse r2`` in the data's own units (MAPE and
        sMAPE in percent). Classes: ``accuracy`` and more; see :mod:`seqlab.evaluation.task_scores`.
    """
    return {one.metric: one.value for one in judge(fitted, limit)[1]}
