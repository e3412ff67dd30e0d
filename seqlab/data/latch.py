"""The latch task: a value is given once, noise follows, then the value is asked for. The lag to bridge is known exactly."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.data.series import SeriesDataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.catalog import DatasetEntry

__all__ = ["CUE", "LatchOptions", "latch", "latch_values"]

CUE = "cue"
"""The column that marks the steps at which the value is shown."""

DECIMALS = 6  # as of the other generated series: the same options give the same data on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class LatchOptions(Config):
    """How the latch task is made. One block is cue, gap and answer; its length is ``cue + gap + 1``."""

    gap: int = number_field(
        30, "Gap (steps)", "Steps of noise between the cue and its answer: what the memory has to bridge.", 1, 1_000, 10
    )
    cue: int = number_field(1, "Cue (steps)", "Steps at the start of a block that show the value.", 1, 50, 1)
    levels: int = number_field(
        11,
        "Values of the cue",
        "Evenly spaced from -1 to 1. With 2 there are two classes, which a network can also hold by feedback through its open input gate; "
        "with many it has to keep a number exactly.",
        2,
        1_001,
        1,
    )
    noise: float = number_field(1.0, "Noise (standard deviation)", "Of the steps in the gap.", 0.0, 10.0, 0.25)
    blocks: int = number_field(600, "Blocks", "Number of blocks, each an example of its own.", 40, 20_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other values and other noise.", 0, 2**31 - 1, 1)

    @property
    def block_length(self) -> int:
        """Rows of one block."""
        return self.cue + self.gap + 1


def latch_values(options: LatchOptions) -> npt.NDArray[np.float64]:
    """Blocks of a value, noise, and the value again (after Bengio, Simard & Frasconi 1994, IEEE Trans. Neural Networks 5, 157-166).

    Returns:
        (block, step, 2): the series, rounded to six decimals, and a marker that is 1 while the cue is shown.

    Example:
        >>> latch_values(LatchOptions(gap=2, levels=2, noise=0.0))[:2].tolist()
        [[[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]]
    """
    random = np.random.default_rng(options.seed)
    values = np.zeros((options.blocks, options.block_length, 2))
    # block by block, so that more blocks begin like fewer
    for block in values:
        asked = -1.0 + 2.0 * random.integers(options.levels) / (options.levels - 1)
        block[:, 0] = options.noise * random.standard_normal(options.block_length)
        block[: options.cue] = asked, 1.0
        block[-1, 0] = asked
    return np.round(values, DECIMALS) + 0.0


def latch(entry: "DatasetEntry", options: LatchOptions) -> SeriesDataset:
    """The latch task as a data set of blocks.

    Example:
        >>> from seqlab.data.catalog import DATASETS
        >>> data = latch(DATASETS["latch"], LatchOptions(gap=10))
        >>> data.block_length, data.columns
        (12, ('value', 'cue'))
    """
    steps = "step shows" if options.cue == 1 else f"{options.cue} steps show"
    note = (
        f"{options.blocks:,} blocks of {options.block_length} rows: the first {steps} one of {options.levels} values from -1 to 1, "
        f"{options.gap} rows of noise with standard deviation {options.noise:g} follow, and the last row is the value again. "
        f"Always forecasting 0 leaves a mean absolute error of {np.abs(np.linspace(-1.0, 1.0, options.levels)).mean():.3g}. "
        f"Seed {options.seed}."
    )
    return SeriesDataset(
        key=entry.key,
        label=entry.label,
        frame=pd.DataFrame(latch_values(options).reshape(-1, 2), columns=[entry.targets[0], CUE]),
        targets=entry.targets,
        past=entry.past,
        block_length=options.block_length,
        notes=(note, "The blocks are independent. A window is one whole block, and only its last row is forecast."),
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )
