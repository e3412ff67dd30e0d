"""The class of the nearest training sequence, by Euclidean distance or by dynamic time warping.

Every feature is brought to mean 0 and standard deviation 1 of the training part, so that no feature rules by its unit.
"""

import numpy as np
import numpy.typing as npt

from seqlab.baselines.dtw import dtw_distances
from seqlab.baselines.plan import Budget
from seqlab.baselines.sequence_parts import LabelledPart, PreparedParts, class_prediction, measured, read_part
from seqlab.records import ClassPrediction

__all__ = ["predict_nearest_dtw", "predict_nearest_euclidean", "stretched"]

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

CELLS_AT_ONCE = 8_000_000
"""Numbers of a distance table that are held in memory at the same time."""


def predict_nearest_euclidean(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """The class of the training sequence with the smallest Euclidean distance, step by step.

    Where lengths differ, every sequence is stretched to the longest training sequence by linear interpolation first.
    """
    del budget
    train, asked, known, new = _standardised(prepared, part)
    said, note = _nearest_euclidean(known, new)
    return class_prediction(prepared, asked, train.classes[said], notes=note)


def predict_nearest_dtw(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """The class of the training sequence with the smallest distance under the best warping of time, without a limit on the warping.

    When the time is up, the sequences that are left are answered by Euclidean distance, and a note says how many.
    """
    train, asked, known, new = _standardised(prepared, part)
    lengths = np.array([len(values) for values in known], dtype=np.int64)
    table = np.zeros((len(known), int(lengths.max()), known[0].shape[1]), dtype=np.float32)
    for row, values in enumerate(known):
        table[row, : len(values)] = values
    said: list[int] = []
    for query in new:
        distances = _all_distances(query, table, lengths, budget)
        if distances is None:
            break
        said.append(int(distances.argmin()))
        budget.say(f"Dynamic time warping: {len(said):,} of {len(new):,} sequences compared")
    notes: tuple[str, ...] = ()
    left = len(new) - len(said)
    if left:
        others, _ = _nearest_euclidean(known, new[len(said) :])
        said += others.tolist()
        notes = (
            f"The time of {budget.seconds:g} s was up: {left:,} of {len(new):,} sequences were answered by Euclidean distance instead.",
        )
    return class_prediction(prepared, asked, train.classes[said], notes=notes)


def _all_distances(query: Floats, table: Floats, lengths: Integers, budget: Budget) -> Floats | None:
    """(training sequence,) distances, in pieces that fit into memory; ``None`` if the time is up before the last piece."""
    piece = max(1, CELLS_AT_ONCE // (len(query) * table.shape[1]))
    parts = []
    for first in range(0, len(table), piece):
        if budget.spent:
            return None
        parts.append(dtw_distances(query, table[first : first + piece], lengths[first : first + piece]))
    return np.concatenate(parts)


def _standardised(prepared: PreparedParts, part: str) -> tuple[LabelledPart, LabelledPart, list[Floats], list[Floats]]:
    """Training part, the part asked for, and the sequences of both on the training part's scale."""
    sequences = measured(prepared).sequences
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    rows = np.concatenate([sequences[number] for number in train.numbers]).astype(np.float64)
    center, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1
    known, new = ([((sequences[number] - center) / spread).astype(np.float32) for number in chosen.numbers] for chosen in (train, asked))
    return train, asked, known, new


def _nearest_euclidean(known: list[Floats], new: list[Floats]) -> tuple[Integers, tuple[str, ...]]:
    """(new,) number of the nearest known sequence, and what was done to the lengths."""
    lengths = {len(values) for values in (*known, *new)}
    length = max(len(values) for values in known)
    note = (f"Sequences of other lengths were stretched to {length:,} steps.",) if len(lengths) > 1 else ()
    a, b = (np.stack([stretched(values, length).ravel() for values in each]) for each in (new, known))
    squares = np.square(b).sum(axis=1)
    piece = max(1, CELLS_AT_ONCE // len(b))
    nearest = [(squares - 2 * a[first : first + piece] @ b.T).argmin(axis=1) for first in range(0, len(a), piece)]
    return np.concatenate(nearest).astype(np.int64), note


def stretched(values: Floats, length: int) -> Floats:
    """A sequence read at ``length`` equally distant times between its first and its last step.

    Example:
        >>> stretched(np.array([[0.0], [2.0]], dtype=np.float32), 3)[:, 0].tolist()
        [0.0, 1.0, 2.0]
    """
    if len(values) == length:
        return values
    old, new = np.arange(len(values)), np.linspace(0, len(values) - 1, length)
    return np.stack([np.interp(new, old, column) for column in values.T], axis=1).astype(np.float32)
