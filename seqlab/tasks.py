"""TASKS: the one table of what a model can be asked to say about a sequence."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seqlab.errors import UnknownKeyError

__all__ = ["TASKS", "TaskEntry", "task_entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    """One kind of question.

    Args:
        key: key in :data:`TASKS`; a data set's ``task``.
        label: name on the screen.
        sentence: what the model is asked, for somebody who has read nothing.
        classes: whether the answer is one of a few classes; else it is a number.
        per_step: whether every step of the sequence has an answer of its own.
        metric: the score that sums up a model.
        larger_is_better: whether a larger value of it is better.
    """

    key: str
    label: str
    sentence: str
    classes: bool
    per_step: bool
    metric: str
    larger_is_better: bool


_ENTRIES = (
    TaskEntry(
        key="forecast",
        label="Forecasting",
        sentence="Read the past of a series and say its next values.",
        classes=False,
        per_step=False,
        metric="mae",
        larger_is_better=False,
    ),
    TaskEntry(
        key="classify",
        label="Sequence classification",
        sentence="Read a whole sequence and say which class it belongs to.",
        classes=True,
        per_step=False,
        metric="accuracy",
        larger_is_better=True,
    ),
    TaskEntry(
        key="tag",
        label="Sequence tagging",
        sentence="Say a class for every step of the sequence: the kind of each word, or the next symbol.",
        classes=True,
        per_step=True,
        metric="accuracy",
        larger_is_better=True,
    ),
    TaskEntry(
        key="regress",
        label="Sequence regression",
        sentence="Read a whole sequence and say a number.",
        classes=False,
        per_step=False,
        metric="mse",
        larger_is_better=False,
    ),
    TaskEntry(
        key="regress_steps",
        label="Regression at every step",
        sentence="Say one or more numbers for every step of the sequence.",
        classes=False,
        per_step=True,
        metric="mse",
        larger_is_better=False,
    ),
    TaskEntry(
        key="translate",
        label="Sequence to sequence",
        sentence="Read a sequence and write another one, symbol by symbol.",
        classes=True,
        per_step=False,
        metric="exact_match",
        larger_is_better=True,
    ),
)

TASKS: Mapping[str, TaskEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def task_entry(key: str) -> TaskEntry:
    """The entry of one task.

    Raises:
        UnknownKeyError: there is no such task.

    Example:
        >>> task_entry("tag").per_step
        True
    """
    if key not in TASKS:
        raise UnknownKeyError.of("task", key, list(TASKS))
    return TASKS[key]
