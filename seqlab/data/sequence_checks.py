"""What must hold for any set of sequences, measured or written: an answer each, parts and groups that fit."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError
from seqlab.tasks import task_entry

__all__ = ["PARTS", "check_class_names", "check_marks", "check_numbers", "classes_of", "described_digest"]

PARTS = ("train", "validation", "test")


def check_marks(label: str, count: int, labels: Sequence[Any], groups: Sequence[str], parts: Sequence[str]) -> None:
    """Makes sure that every sequence has one answer, and a group and a part where there are any.

    Raises:
        DataError: a count is wrong, a part has another name, or there is no training or no test part.

    Example:
        >>> check_marks("Demo", 2, ["a", "b"], groups=(), parts=("train", "test"))
    """
    if not count:
        raise DataError(f"The data set {label!r} holds no sequence. Give at least two, each with its answer.")
    for name, given in (("answers", labels), ("groups", groups), ("parts", parts)):
        if len(given) != count and (given or name == "answers"):
            raise DataError(f"{label!r} holds {count} sequences, but {len(given)} {name}. Give one for every sequence.")
    strange = sorted(set(parts) - set(PARTS))
    if strange:
        raise DataError(f"A sequence of {label!r} belongs to the part {strange[0]!r}. The parts are: {', '.join(PARTS)}.")
    if parts and not {"train", "test"} <= set(parts):
        missing = "training" if "train" not in parts else "test"
        raise DataError(f"The published split of {label!r} has no {missing} part. Mark some sequences, or give no parts at all.")


def check_class_names(label: str, task: str, labels: Sequence[Any], lengths: Sequence[int]) -> None:
    """Makes sure that answers are class names: one of each sequence, or one of each step.

    Raises:
        DataError: a sequence has no class, a name is no text, or a step has no tag.
    """
    if not task_entry(task).per_step:
        for number, name in enumerate(labels):
            if not isinstance(name, str) or not name:
                raise DataError(f"Sequence {number} of {label!r} has the class {name!r}. Give every sequence a class name.")
        return
    for number, (tags, length) in enumerate(zip(labels, lengths, strict=True)):
        if isinstance(tags, str) or len(tags) != length:
            given = "one text" if isinstance(tags, str) else f"{len(tags)} tags"
            raise DataError(f"Sequence {number} of {label!r} has {length} steps, but {given}. Give a tag for every step.")
        if any(not isinstance(tag, str) for tag in set(tags)):
            raise DataError(f"A tag of sequence {number} of {label!r} is no text. Give names, and '' where no answer is wanted.")


def check_numbers(label: str, task: str, labels: Sequence[Any], lengths: Sequence[int], targets: int) -> None:
    """Makes sure that answers are arrays of the right shape: (target,), or (time, target).

    Raises:
        DataError: a shape is wrong, a number is infinite, or a sequence has no answer at all.
    """
    per_step = task_entry(task).per_step
    for number, (values, length) in enumerate(zip(labels, lengths, strict=True)):
        wanted = (length, targets) if per_step else (targets,)
        shape = np.shape(values)
        if shape != wanted:
            raise DataError(f"The answer of sequence {number} of {label!r} has the shape {shape}. It must have the shape {wanted}.")
        if np.isinf(values).any() or np.isnan(values).all() or (not per_step and np.isnan(values).any()):
            raise DataError(f"The answer of sequence {number} of {label!r} is not a finite number. Leave the sequence out, or correct it.")


def classes_of(task: str, labels: Sequence[Any]) -> tuple[str, ...]:
    """The class names in use, sorted; none where answers are numbers.

    Example:
        >>> classes_of("tag", [("O", "B-city"), ("", "O")])
        ('B-city', 'O')
    """
    if not task_entry(task).classes:
        return ()
    names: Iterable[str] = labels if task == "classify" else (tag for tags in labels for tag in tags)
    return tuple(sorted(set(names) - {""}))


def described_digest(described: Mapping[str, Any], arrays: Iterable[npt.NDArray[Any]]) -> str:
    """SHA-256 over a description and the bytes of arrays, as 64 hexadecimal digits."""
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode())
    for values in arrays:
        little = np.array(values, dtype=values.dtype.newbyteorder("<"))
        if little.dtype.kind == "f":
            little[np.isnan(little)] = np.nan  # NaN has many bit patterns
            little += 0.0  # and zero has two
        digest.update(np.ascontiguousarray(little).tobytes())
    return digest.hexdigest()
