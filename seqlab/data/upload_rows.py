"""An uploaded table as texts or as measured sequences, once it is known what its columns are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.data.csv_table import CsvTable
from seqlab.data.sequence_checks import PARTS
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.upload_roles import Roles
from seqlab.errors import DataError

__all__ = ["long_dataset", "texts_dataset", "wide_dataset"]

PART_NAMES = {"train": "train", "training": "train", "test": "test", "testing": "test"} | dict.fromkeys(
    ("validation", "valid", "val", "dev", "development"), "validation"
)

MANY_CLASSES = 50  # whole numbers with more different values than this are numbers to be said, not names of classes
SHORT_TEXT = 2  # words in a text, on average, up to which it is read by character

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is said about the sequences of a table.

    Args:
        task: ``"classify"``, ``"tag"``, ``"regress"`` or ``"regress_steps"``.
        labels: the answer of each sequence.
        note: how it was taken.
    """

    task: str
    labels: tuple[Any, ...] = field(repr=False)
    note: str = ""


def texts_dataset(table: CsvTable, roles: Roles, label: str) -> TokenDataset:
    """One text per row, with its class.

    Raises:
        DataError: one class only, or no row with a text and a class.
    """
    texts, names = table.cells(roles.text), table.cells(roles.answers[0])
    kept = [row for row in range(len(table)) if texts[row] and names[row]]
    notes = [f"Read as texts: column {roles.text!r} holds the text, {roles.answers[0]!r} its class; {len(kept):,} texts."]
    if len(kept) < len(table):
        lost = next(row for row in range(len(table)) if not (texts[row] and names[row]))
        without = len(table) - len(kept)
        said = "row has no text or no class and is" if without == 1 else "rows have no text or no class and are"
        notes.append(f"{without:,} {said} left out, the first in line {table.text.lines[lost]}.")
    labels = tuple(names[row] for row in kept)
    _check_classes(labels, roles.answers[0])
    words = sum(len(texts[row].split()) for row in kept) / max(len(kept), 1)
    return TokenDataset(
        label=label,
        task="classify",
        texts=tuple(texts[row] for row in kept),
        labels=labels,
        target_names=roles.answers,
        unit="character" if words <= SHORT_TEXT else "word",
        groups=_groups(table, roles, kept),
        parts=_parts(table, roles, kept, notes),
        notes=(*notes, *_left_out(roles)),
        summary=f"{len(kept):,} texts with a class each, that you brought.",
        source="Uploaded file",
    )


def wide_dataset(table: CsvTable, roles: Roles, label: str, features: int = 1, task: str = "") -> SequenceDataset:
    """One sequence per row: its answer, and its numbers from the first step to the last.

    A row may end early: empty cells at its end are no steps.

    Args:
        table, roles: the file and what its columns are.
        label: name on the screen.
        features: numbers per step; the row holds all of the first step, then of the second.
        task: what the answer is; empty to tell by what the column holds.

    Raises:
        DataError: a value is missing in the middle, a row is empty, or columns do not make whole steps.
    """
    if len(roles.features) % features:
        raise DataError(f"{len(roles.features)} columns of numbers do not make whole steps of {features}. Give another number per step.")
    values = np.column_stack([table.numbers(name).values for name in roles.features])
    steps = values.reshape(len(values), -1, features)
    lengths = [int(np.flatnonzero(~np.isnan(sequence).all(axis=1)).max(initial=-1)) + 1 for sequence in steps]
    for row, (sequence, length) in enumerate(zip(steps, lengths, strict=True)):
        if not length:
            raise DataError(f"The sequence in line {table.text.lines[row]} is empty: it holds no number. Leave the row out, or fill it.")
        holes = np.argwhere(~np.isfinite(sequence[:length]))
        if len(holes):
            column = roles.features[holes[0][0] * features + holes[0][1]]
            raise DataError(_hole(column, table.text.lines[row]))
    rows = list(range(len(table)))
    answered = _answers(table, roles, [np.array([row]) for row in rows], task)
    notes = [
        f"Read as one sequence per row: {len(rows):,} sequences of {_between(lengths)} steps, {roles.answers[0]!r} holds the answer.",
        answered.note,
    ]
    return SequenceDataset(
        label=label,
        sequences=tuple(sequence[:length].astype(np.float32) for sequence, length in zip(steps, lengths, strict=True)),
        feature_names=("value",) if features == 1 else tuple(f"value {number + 1}" for number in range(features)),
        task=answered.task,
        labels=answered.labels,
        target_names=roles.answers,
        groups=_groups(table, roles, rows),
        parts=_parts(table, roles, rows, notes),
        notes=(*filter(None, notes), *_left_out(roles)),
        summary=f"{len(rows):,} sequences that you brought.",
        source="Uploaded file",
    )


def long_dataset(table: CsvTable, roles: Roles, label: str, task: str = "") -> SequenceDataset:
    """One step per row; a column tells which sequence it belongs to, another one orders the steps.

    Raises:
        DataError: a value is missing, a step occurs twice, or group, part or answer differ within a sequence where they may not.
    """
    members: dict[str, list[int]] = {}
    for row, name in enumerate(table.cells(roles.sequence)):
        members.setdefault(name, []).append(row)
    order = table.numbers(roles.step).values if roles.step else np.arange(len(table), dtype=np.float64)
    runs = [_in_order(table, roles, name, np.array(rows), order) for name, rows in members.items()]
    values = np.column_stack([table.numbers(name).values for name in roles.features])
    holes = np.argwhere(~np.isfinite(values))
    if len(holes):
        raise DataError(_hole(roles.features[holes[0][1]], table.text.lines[holes[0][0]]))
    answered = _answers(table, roles, runs, task)
    first = [int(rows[0]) for rows in runs]
    for name in filter(None, (roles.group, roles.part)):
        cells = table.cells(name)
        for key, rows in zip(members, runs, strict=True):
            if len({cells[row] for row in rows}) > 1:
                raise DataError(
                    f"Column {name!r} changes within sequence {key!r}. A whole sequence has one {name}: correct it, or rename it."
                )
    ordered = f"{roles.step!r} orders their steps" if roles.step else "their steps are in the order of the file"
    said = (
        f"Read as one step per row: {roles.sequence!r} tells {len(runs):,} sequences apart, of {_between([len(r) for r in runs])} steps; "
    )
    notes = [f"{said}{ordered}; {roles.answers[0]!r} holds the answer.", answered.note]
    return SequenceDataset(
        label=label,
        sequences=tuple(values[rows].astype(np.float32) for rows in runs),
        feature_names=roles.features,
        task=answered.task,
        labels=answered.labels,
        target_names=roles.answers,
        groups=_groups(table, roles, first),
        parts=_parts(table, roles, first, notes),
        notes=(*filter(None, notes), *_left_out(roles)),
        summary=f"{len(runs):,} sequences that you brought.",
        source="Uploaded file",
    )


def _in_order(table: CsvTable, roles: Roles, name: str, rows: Rows, order: npt.NDArray[np.float64]) -> Rows:
    """The rows of one sequence, ordered by their steps."""
    steps = order[rows]
    if np.isnan(steps).any():
        raise DataError(_hole(roles.step, table.text.lines[int(rows[np.isnan(steps)][0])]))
    if len(np.unique(steps)) < len(steps):
        raise DataError(f"Sequence {name!r} holds a step twice, by column {roles.step!r}. Remove one, or give each sequence its own name.")
    return rows[np.argsort(steps, kind="stable")]


def _answers(table: CsvTable, roles: Roles, runs: Sequence[Rows], task: str) -> Answered:
    """Classes or numbers, of each sequence or of each step, by what the column of answers holds."""
    column = roles.answers[0]
    changes = any(len({table.cells(name)[row] for row in rows}) > 1 for name in roles.answers for rows in runs)
    if task in ("classify", "regress") and changes:
        raise DataError(f"{column!r} changes within a sequence, so it is no answer to the whole of it. Choose an answer per step.")
    numbers = table.numbers(column)
    whole = not len(numbers.wrong) and bool(np.equal(np.mod(numbers.values, 1), 0).all())
    if not task:
        named = len(roles.answers) == 1 and (bool(len(numbers.wrong)) or (whole and len(set(table.cells(column))) <= MANY_CLASSES))
        task = ("tag" if changes else "classify") if named else ("regress_steps" if changes else "regress")
    if task in ("classify", "tag"):
        note = f"The numbers of {column!r} are taken as names of classes." if whole else ""
        return Answered(task=task, labels=_classes(table, column, runs, per_step=task == "tag"), note=note)
    return Answered(task=task, labels=_numbers(table, roles.answers, runs, per_step=task == "regress_steps"))


def _classes(table: CsvTable, column: str, runs: Sequence[Rows], *, per_step: bool) -> tuple[Any, ...]:
    cells = table.cells(column)
    _check_classes([cell for cell in cells if cell], column)
    if per_step:
        return tuple(tuple(cells[row] for row in rows) for rows in runs)
    empty = next((int(row) for rows in runs for row in rows if not cells[row]), None)
    if empty is not None:
        raise DataError(f"The class is missing in line {table.text.lines[empty]}. Fill in column {column!r}, or remove the row.")
    return tuple(cells[rows[0]] for rows in runs)


def _numbers(table: CsvTable, columns: Sequence[str], runs: Sequence[Rows], *, per_step: bool) -> tuple[Any, ...]:
    for name in columns:
        wrong = table.numbers(name).wrong
        if len(wrong):
            raise DataError(f"The answer {name!r} is no number: {table.shown(name, wrong)}. Correct it, or choose classes.")
    values = np.column_stack([table.numbers(name).values for name in columns])
    return tuple(values[rows] if per_step else values[rows[0]] for rows in runs)


def _check_classes(labels: Sequence[str], column: str) -> None:
    classes = set(labels)
    if not classes:
        raise DataError(f"Column {column!r} holds no class at all. Fill it in, or choose another column.")
    if len(classes) == 1:
        raise DataError(
            f"There is one class only: {column!r} is {next(iter(classes))[:60]!r} in every row, so there is nothing to tell apart. "
            "Give examples of another class, or choose another column."
        )


def _groups(table: CsvTable, roles: Roles, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{roles.group} {table.cells(roles.group)[row]}" for row in rows) if roles.group else ()


def _parts(table: CsvTable, roles: Roles, rows: Sequence[int], notes: list[str]) -> tuple[str, ...]:
    """Published parts, where the column says them; else a note."""
    if not roles.part:
        return ()
    cells = table.cells(roles.part)
    parts = tuple(PART_NAMES.get(cells[row].lower(), "") for row in rows)
    if "" in parts or not {"train", "test"} <= set(parts):
        notes.append(
            f"Column {roles.part!r} is not used as a split: it must say {', '.join(PARTS)} (train and test at least) in every row."
        )
        return ()
    notes.append(f"Column {roles.part!r} says which part a sequence belongs to.")
    return parts


def _left_out(roles: Roles) -> list[str]:
    return [f"The column {name!r} is left out." for name in roles.left_out]


def _between(lengths: Sequence[int]) -> str:
    least, most = min(lengths), max(lengths)
    return f"{least}" if least == most else f"{least} to {most}"


def _hole(column: str, line: int) -> str:
    return (
        f"A value is missing, or is no finite number, in line {line}, column {column!r}. A sequence may end early but may not have a gap: "
        "fill it in, or leave the sequence out."
    )
