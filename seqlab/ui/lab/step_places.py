"""Where the steps of a trace lie in the data: their rows, their dates, their places on a time axis."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.figures.axis import Positions, extend, positions
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.data.prepare import Prepared

__all__ = ["step_labels", "step_places", "step_rows"]


def step_rows(first_row: int, steps: int, segment_length: int) -> npt.NDArray[np.int64]:
    """(step,) the last row of the data that each step of a trace has read.

    Example:
        >>> step_rows(10, 3, 2).tolist()
        [11, 13, 15]
    """
    return first_row + (np.arange(steps, dtype=np.int64) + 1) * segment_length - 1


def step_places(prepared: "Prepared", rows: npt.NDArray[np.int64]) -> Positions:
    """(step,) dates, or row numbers where the data has no dates."""
    return positions(extend(prepared.index, int(rows[-1]) + 1), rows)


def step_labels(prepared: "Prepared", rows: npt.NDArray[np.int64]) -> list[str]:
    """(step,) number of the step in its window, and its date."""
    return [f"step {number + 1:,}, {when(prepared.index, int(row))}" for number, row in enumerate(rows)]
