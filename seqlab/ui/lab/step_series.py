"""What was read at every step of a window, in the data's own units."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from seqlab.data.prepare import Prepared

__all__ = ["step_series"]


def step_series(prepared: "Prepared", column: int, first_row: int, steps: int, segment_length: int) -> npt.NDArray[np.float64]:
    """A target column at the steps of a trace: the mean over a segment where a step is several rows.

    Args:
        prepared: the data.
        column: which target, from 0.
        first_row: row of the window's first input step.
        steps: steps of the trace.
        segment_length: rows per step.

    Returns:
        (step,) NaN where nothing was observed.
    """
    rows = prepared.dataset.frame[prepared.target_names[column]].to_numpy(dtype=np.float64)[first_row : first_row + steps * segment_length]
    parts = rows.reshape(steps, segment_length)
    observed = ~np.isnan(parts)
    count = observed.sum(axis=1)
    return np.where(count > 0, np.where(observed, parts, 0.0).sum(axis=1) / np.maximum(1, count), np.nan)
