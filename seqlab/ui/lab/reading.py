"""What stands at the steps of what is read: dates and values of a series, words of a text, measurements of a sequence."""

from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.data.sequences import SequenceDataset
from seqlab.figures.axis import Positions
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.step_places import step_labels, step_places, step_rows
from seqlab.ui.lab.step_series import step_series
from seqlab.ui.messages import escape
from seqlab.ui.when import when

__all__ = [
    "labels_of",
    "measured",
    "name_of_step",
    "named_step",
    "numbered_axis",
    "places_of",
    "read_name",
    "read_series",
    "words_of",
]


def words_of(bench: Bench, window: int | None = None) -> tuple[str, ...]:
    """(step,) the words or characters at the steps of the trace; empty for what is no text.

    Args:
        bench: what is looked at.
        window: number of a sequence of the part; ``None`` for the one on the screen.
    """
    if bench.of_series or not bench.sequences.vocabulary:
        return ()
    words = bench.sequences.step_labels(bench.choice.part, bench.choice.window if window is None else window)
    length = bench.trace.segment_length
    joint = "" if bench.sequences.unit == "character" else " "
    return tuple(joint.join(words[start : start + length]) for start in range(0, len(words), length))


def labels_of(bench: Bench) -> list[str]:
    """(step,) what each step of the trace is: its number, and its date or its word."""
    if bench.of_series:
        return step_labels(bench.prepared, step_rows(bench.first_row, bench.steps, bench.trace.segment_length))
    words = words_of(bench)
    return [f"step {step + 1:,}{f', “{words[step]}”' if words else ''}" for step in range(bench.steps)]


def places_of(bench: Bench) -> Positions:
    """(step,) where the steps lie on an axis: dates, rows of the data, or step numbers from 1."""
    if bench.of_series:
        return step_places(bench.prepared, step_rows(bench.first_row, bench.steps, bench.trace.segment_length))
    return np.arange(1, bench.steps + 1, dtype=np.int64)


def numbered_axis(bench: Bench) -> tuple[pd.Index, int]:
    """An index whose rows are the data's steps, and the row of the first step on the screen."""
    if bench.of_series:
        return bench.prepared.index, bench.first_row
    return pd.RangeIndex(bench.steps * bench.trace.segment_length + 1), 1


def name_of_step(bench: Bench, step: int) -> str:
    """What stands at a step beside its number, as Markdown: its date or its word; empty where there is nothing."""
    if bench.of_series:
        return escape(when(bench.prepared.index, bench.first_row + (step + 1) * bench.trace.segment_length - 1))
    words = words_of(bench)
    return f"“{escape(words[step])}”" if words else ""


def named_step(bench: Bench, step: int) -> str:
    """``step 5 (Feb 1950)``, ``step 5 (“good”)`` or ``step 5``, as Markdown."""
    name = name_of_step(bench, step)
    return f"step {step + 1:,}{f' ({name})' if name else ''}"


def measured(bench: Bench, window: int | None = None) -> npt.NDArray[np.float64]:
    """(time, feature) the measurements of a sequence in the data's own units, as far as they are read.

    Args:
        bench: what is looked at; no text.
        window: number of a sequence of the part; ``None`` for the one on the screen.
    """
    prepared = bench.sequences
    place = bench.choice.window if window is None else window
    dataset = cast("SequenceDataset", prepared.dataset)
    number = int(prepared.windows(bench.choice.part).origins[place])
    steps = len(prepared.step_labels(bench.choice.part, place))
    return np.asarray(dataset.sequences[number][:steps], dtype=np.float64)


def read_series(bench: Bench, window: int | None = None, first_row: int | None = None) -> npt.NDArray[np.float64]:
    """(step,) what was read at every step: the drawn column or feature, its mean where a step is several rows; NaN for texts.

    Args:
        bench: what is looked at.
        window: number of a sequence of the part; ``None`` for the one on the screen.
        first_row: likewise of a series, the row of a window's first step.
    """
    length = bench.trace.segment_length
    if bench.of_series:
        first = bench.first_row if first_row is None else first_row
        return step_series(bench.prepared, bench.choice.column, first, bench.steps, length)
    if bench.sequences.vocabulary:
        return np.full(len(words_of(bench, window)), np.nan)
    values = measured(bench, window)[:, bench.choice.column]
    steps = -(-len(values) // length)
    padded = np.pad(values, (0, steps * length - len(values)), constant_values=np.nan).reshape(steps, length)
    return np.asarray(np.nanmean(padded, axis=1))


def read_name(bench: Bench) -> str:
    """Name of what :func:`read_series` gives."""
    if bench.of_series:
        return str(bench.prepared.target_names[bench.choice.column])
    return "" if bench.sequences.vocabulary else str(bench.sequences.feature_names[bench.choice.column])
