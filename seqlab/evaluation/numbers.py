"""Errors of numbers that were said of sequences, or of their steps, in the data's own units."""

import numpy as np
import numpy.typing as npt

from seqlab.evaluation.metrics import mae, observed, r2, score_or_reason
from seqlab.evaluation.score import mean_over_targets
from seqlab.records import Forecast, Score

__all__ = ["mse", "score_number_columns", "score_numbers"]


def mse(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Score:
    """Mean squared error; arguments as in :func:`seqlab.evaluation.metrics.mae`.

    Example:
        >>> mse([1, 2, float("nan")], [1, 4, 9]).value
        2.0
    """
    truth, said, reason = observed(y_true, y_pred)
    return score_or_reason("mse", reason, lambda: np.mean((truth - said) ** 2))


def score_numbers(prediction: Forecast) -> tuple[Score, ...]:
    """Mean squared error, mean absolute error and R², each the mean over the targets.

    Args:
        prediction: ``y_pred`` and ``y_true`` are (sample, step, target); steps without an answer are NaN in ``y_true``.
    """
    return mean_over_targets(score_number_columns(prediction))


def score_number_columns(prediction: Forecast) -> tuple[Score, ...]:
    """The same for every target by itself."""
    scores = []
    for column, name in enumerate(prediction.targets):
        truth, said = prediction.y_true[..., column], prediction.y_pred[..., column]
        scores += [
            Score(metric=one.metric, value=one.value, reason=one.reason, target=name)
            for one in (mse(truth, said), mae(truth, said), r2(truth, said))
        ]
    return tuple(scores)
