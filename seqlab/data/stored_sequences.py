"""Uploaded sequences and texts as what is written to disk, and back."""

from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.tasks import task_entry

__all__ = ["KINDS", "describe_sequences", "rebuild_sequences"]

KINDS = ("sequences", "texts")

_TEXTS = ("label", "task", "summary", "source", "licence")
_LISTS = ("target_names", "groups", "parts", "notes")

Arrays = dict[str, npt.NDArray[Any]]


def describe_sequences(dataset: SequenceDataset | TokenDataset) -> tuple[dict[str, Any], Arrays]:
    """What goes into the JSON file, and what into the arrays beside it.

    Example:
        >>> data = TokenDataset(label="Demo", task="classify", texts=("Good.", "Bad."), labels=("yes", "no"))
        >>> rebuild_sequences("upload:", *describe_sequences(data)).fingerprint == data.fingerprint
        True
    """
    described: dict[str, Any] = {name: getattr(dataset, name) for name in _TEXTS}
    described |= {name: list(getattr(dataset, name)) for name in _LISTS}
    if isinstance(dataset, TokenDataset):
        fields = ("labels", "texts", "tokens", "unit", "scheme")
        return {"kind": "texts", **described, **{name: getattr(dataset, name) for name in fields}}, {}
    described |= {"kind": "sequences", "feature_names": list(dataset.feature_names)}
    arrays: Arrays = {"values": np.concatenate(dataset.sequences), "lengths": np.array(dataset.lengths, dtype=np.int64)}
    if task_entry(dataset.task).classes:
        return described | {"labels": dataset.labels}, arrays
    arrays["answers"] = np.concatenate([np.reshape(answer, (-1, len(dataset.target_names))) for answer in dataset.labels])
    return described, arrays


def rebuild_sequences(key: str, described: dict[str, Any], arrays: Arrays) -> SequenceDataset | TokenDataset:
    """The data set of :func:`describe_sequences`.

    Raises:
        KeyError, ValueError, DataError: something is missing, or does not fit.
    """
    given: dict[str, Any] = {name: described[name] for name in _TEXTS} | {name: tuple(described[name]) for name in _LISTS}
    given["key"] = key
    if described["kind"] == "texts":
        return TokenDataset(
            labels=_tuples(described["labels"]),
            texts=tuple(described["texts"]),
            tokens=_tuples(described["tokens"]),
            unit=described["unit"],
            scheme=described["scheme"],
            **given,
        )
    ends = np.cumsum(arrays["lengths"])[:-1]
    entry = task_entry(described["task"])
    if entry.classes:
        labels = _tuples(described["labels"])
    else:
        labels = tuple(np.split(arrays["answers"], ends)) if entry.per_step else tuple(arrays["answers"])
    return SequenceDataset(
        sequences=tuple(np.split(arrays["values"], ends)),
        feature_names=tuple(described["feature_names"]),
        labels=labels,
        **given,
    )


def _tuples(values: list[Any]) -> tuple[Any, ...]:
    """Lists of lists, as JSON has them, as tuples of tuples."""
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)
