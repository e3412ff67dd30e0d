"""When does a classifier make up its mind? What it says of every beginning of a sequence."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.errors import ConfigError

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["MOST_BEGINNINGS", "beginnings"]

MOST_BEGINNINGS = 200
"""Beginnings of a sequence that are read at most; of a longer one evenly spread ones."""


def beginnings(
    fitted: "Fitted", part: str, sample: int, most: int = MOST_BEGINNINGS
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The probability of every class after each step, as if the sequence ended there.

    Each beginning is read anew as a sequence of its own. So it holds for networks that read both ways, for convolutions and for any
    read-out: nothing that stands later has any influence.

    Args:
        fitted: a classifier with its data.
        part: ``train``, ``validation`` or ``test``.
        sample: number of the sequence in its part.
        most: beginnings that are read at most; the whole sequence is always among them.

    Returns:
        (beginning,) their lengths in steps, and (beginning, class) the probabilities.

    Raises:
        ConfigError: the model is no classifier of sequences.
    """
    prepared = fitted.prepared
    if not isinstance(prepared, PreparedSequences) or prepared.task != "classify":
        raise ConfigError("Only a model that says one class of each sequence can be watched making up its mind.")
    x = prepared.windows(part).gather([sample])[0]
    steps = int(np.isfinite(x[0]).all(axis=1).sum())
    lengths = np.unique(np.linspace(1, steps, min(steps, most)).round().astype(np.int64))
    there = np.arange(x.shape[1]) < lengths[:, None]
    read = np.where(there[..., None], x, np.float32(np.nan)).astype(np.float32)
    return lengths, np.asarray(fitted.predict(read), dtype=np.float64)[:, 0]
