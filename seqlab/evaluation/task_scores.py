"""The scores of whatever a model was asked: one place that picks those of a task."""

from seqlab.errors import DataError
from seqlab.evaluation.classification import score_classes
from seqlab.evaluation.entities import entity_report, marks_entities
from seqlab.evaluation.numbers import score_numbers
from seqlab.evaluation.written import score_written
from seqlab.records import ClassPrediction, Forecast, Prediction, Score, WrittenPrediction
from seqlab.tasks import task_entry

__all__ = ["score_prediction"]


def score_prediction(prediction: Prediction, task: str, scheme: str = "") -> tuple[Score, ...]:
    """All scores of a prediction, the task's own (``TASKS[task].metric``) first.

    Args:
        prediction: :class:`~seqlab.records.ClassPrediction` for classify and tag, :class:`~seqlab.records.WrittenPrediction` for
            translate, :class:`~seqlab.records.Forecast` for regress and regress_steps.
        task: key of :data:`seqlab.tasks.TASKS`, but not ``forecast``: a series has scores of its own, which need its training rows.
        scheme: of entity tags; see :func:`seqlab.evaluation.entities.entity_report`.

    Returns:
        One score per metric, keys of :data:`seqlab.evaluation.task_metrics.TASK_METRICS`. Taggers whose tags mark entities have
        entity scores too, counted as conlleval does.

    Raises:
        UnknownKeyError: there is no such task.
        DataError: the prediction answers another question.

    Example:
        >>> import numpy as np
        >>> numbers = Forecast(
        ...     model="m", targets=("y",), origins=np.arange(2), y_pred=np.zeros((2, 1, 1)), y_true=np.array([[[1.0]], [[3.0]]])
        ... )
        >>> [f"{one.metric} {one.value:.1f}" for one in score_prediction(numbers, "regress")]
        ['mse 5.0', 'mae 2.0', 'r2 -4.0']
    """
    task_entry(task)
    if isinstance(prediction, ClassPrediction) and task == "classify":
        return score_classes(prediction)
    if isinstance(prediction, ClassPrediction) and task == "tag":
        first, *others = score_classes(prediction)
        return (first, *_entity_scores(prediction, scheme), *others)
    if isinstance(prediction, WrittenPrediction) and task == "translate":
        return score_written(prediction)
    if isinstance(prediction, Forecast) and task in ("regress", "regress_steps"):
        return score_numbers(prediction)
    raise DataError(f"A {type(prediction).__name__} cannot be scored as {task!r}. Give the kind of prediction that answers this task.")


def _entity_scores(prediction: ClassPrediction, scheme: str) -> list[Score]:
    if not marks_entities(prediction.classes):
        return []
    row = entity_report(prediction, scheme=scheme).overall
    named = (("precision", row.precision), ("recall", row.recall), ("f1", row.f1))
    return [Score(metric=f"entity_{name}", value=one.value, reason=one.reason) for name, one in named]
