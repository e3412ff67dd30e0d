"""Every task has its scores, its headline first, and a line in the table for each."""

import numpy as np
import pytest

from seqlab.errors import DataError
from seqlab.evaluation.numbers import score_number_columns, score_numbers
from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.evaluation.task_scores import score_prediction
from seqlab.records import ClassPrediction, Forecast, WrittenPrediction
from seqlab.tasks import TASKS

_CLASSES = ClassPrediction(
    model="m", classes=("B-x", "O"), samples=np.arange(2), y_true=np.array([[0, 1], [1, -1]]), y_pred=np.array([[0, 0], [1, -1]])
)
_NUMBERS = Forecast(
    model="m",
    targets=("a", "b"),
    origins=np.arange(3),
    y_pred=np.zeros((3, 1, 2)),
    y_true=np.array([[[1.0, 2.0]], [[2.0, np.nan]], [[3.0, 4.0]]]),
)
_WRITTEN = WrittenPrediction(model="m", samples=np.arange(1), y_true=(("a",),), y_pred=(("b",),))


@pytest.mark.parametrize("task", [key for key in TASKS if key != "forecast"])
def test_headline_first_and_every_metric_described(task):
    prediction = {"classify": _CLASSES, "tag": _CLASSES, "translate": _WRITTEN}.get(task, _NUMBERS)
    scores = score_prediction(prediction, task)
    assert scores[0].metric == TASKS[task].metric
    assert TASK_METRICS[scores[0].metric].higher_is_better == TASKS[task].larger_is_better
    assert {score.metric for score in scores} <= set(TASK_METRICS)
    assert len({score.metric for score in scores}) == len(scores)
    assert all(bool(score.reason) == bool(np.isnan(score.value)) for score in scores)
    assert any(score.metric == "entity_f1" for score in scores) == (task == "tag")
    with pytest.raises(DataError, match="cannot be scored"):
        score_prediction(_WRITTEN if task != "translate" else _NUMBERS, task)


def test_numbers_are_means_over_the_targets():
    assert [(score.target, score.metric) for score in score_number_columns(_NUMBERS)][3:] == [("b", "mse"), ("b", "mae"), ("b", "r2")]
    assert score_numbers(_NUMBERS)[0].value == pytest.approx((14 / 3 + 10) / 2)
