"""The folds of a backtest: from which rows it forecasts, and which rows before them may be learnt from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.config import BacktestConfig
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, DataError
from seqlab.records import Forecast, SplitBounds

__all__ = ["Fold", "FoldPlan", "FoldResult", "fold_origins", "plan_folds"]

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One starting point.

    Args:
        number: from 1, in time order.
        first: first row that may be learnt from.
        origin: row of the first forecast step; rows from here on are unknown.
        horizon: steps forecast.
    """

    number: int
    first: int
    origin: int
    horizon: int

    @property
    def end(self) -> int:
        """One past the last row forecast."""
        return self.origin + self.horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPlan:
    """All folds, in time order, and what to say about them."""

    folds: tuple[Fold, ...]
    notes: tuple[str, ...] = ()

    @property
    def origins(self) -> Integers:
        """(fold,) rows of the first forecast steps."""
        return np.array([fold.origin for fold in self.folds], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """What one model made of one fold.

    Args:
        key: key of ``seqlab.BASELINES``; ``fitted`` for a network, ``seed:1`` … for the same network from another random start;
            ``:recursive`` follows where both strategies are compared and this is the recursive one.
        label: its name on the screen.
        fold: which fold.
        fitted: first row, and one past the last row, that its parameters were estimated from.
        validated: the same for the rows that only decided when its training stopped; equal numbers if there were none.
        forecast: one origin, in the data's own units; ``None`` where there is none.
        reason: why there is none; empty if there is.
        notes: what the model wants said beside its numbers.
        seconds: time it took, to fit or train and to forecast.
    """

    key: str
    label: str
    fold: Fold
    fitted: tuple[int, int]
    validated: tuple[int, int] = (0, 0)
    forecast: Forecast | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def plan_folds(dataset: SeriesDataset, config: BacktestConfig, horizon: int, bounds: SplitBounds | None = None) -> FoldPlan:
    """Where the folds lie: the same for every model.

    The last fold ends with the last row. Networks that keep their weights can only be judged in the test part; all others
    on the second half of the rows.

    Args:
        dataset: the series.
        config: how many folds, how far apart, and what may be learnt from.
        horizon: steps per fold.
        bounds: the parts of the run whose network takes part; ``None`` if none does.

    Raises:
        ConfigError: choices that contradict each other or the series.
        DataError: too few rows for the folds.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> data = load_dataset("airline_passengers")
        >>> [(fold.first, fold.origin) for fold in plan_folds(data, BacktestConfig(folds=3, window="sliding"), 12).folds]
        [(0, 108), (12, 120), (24, 132)]
    """
    kept = bounds is not None and config.networks == "keep"
    first = bounds.validation_end if bounds is not None and kept else len(dataset.frame) // 2
    end = bounds.end if bounds is not None else len(dataset.frame)
    notes: list[str] = []
    if dataset.block_length:
        origins = _block_origins(dataset, first, end, horizon, config)
    else:
        origins, notes = fold_origins(first, end, horizon, config.folds, trained=kept, spacing=config.spacing)
    starts = _starts(origins, config, dataset.block_length, horizon)
    folds = tuple(
        Fold(number=number + 1, first=start, origin=int(origin), horizon=horizon)
        for number, (start, origin) in enumerate(zip(starts, origins, strict=True))
    )
    return FoldPlan(folds=folds, notes=tuple(notes))


def fold_origins(
    first: int, end: int, horizon: int, folds: int, *, trained: bool, spacing: int | None = None
) -> tuple[Integers, list[str]]:
    """Rows of the first forecast steps, ascending, and what to say about them.

    Args:
        first: first row that may be forecast.
        end: one past the last row; the last fold ends here.
        horizon: steps per fold.
        folds: number of folds.
        trained: whether the rows before ``first`` were used in training, for the message.
        spacing: rows from one origin to the next; ``None`` for one horizon, or less where the room is too small for that.

    Raises:
        DataError: the rows do not suffice, even for folds one row apart where no spacing is given.

    Example:
        >>> fold_origins(50, 100, 12, 3, trained=False)[0].tolist()
        [64, 76, 88]
    """
    room = end - first
    needed = horizon + (folds - 1) * (spacing or 1)
    if room < needed:
        before = "were trained or validated on" if trained else "are kept as history"
        most = (room - horizon) // (spacing or 1) + 1
        remedy = f"Choose at most {most} folds" if room >= horizon else f"Choose a horizon of at most {max(room, 0)} steps"
        distance = f", {spacing} rows apart," if spacing else ""
        closer = ", or a smaller distance" if spacing and spacing > 1 and folds > 1 and room >= horizon else ""
        raise DataError(
            f"{folds} folds of {horizon} steps{distance} need at least {needed} rows, but only {max(room, 0)} follow "
            f"the {first} rows that {before}. {remedy}{closer}"
            f"{', or train with a larger test part' if trained else ', or use a longer series'}."
        )
    apart = spacing or (horizon if folds == 1 else min(horizon, (room - horizon) // (folds - 1)))
    origins = end - horizon - apart * np.arange(folds - 1, -1, -1, dtype=np.int64)
    notes = []
    if spacing is None and apart < horizon:
        notes.append(
            f"The {room} rows that can be forecast are too few for {folds} separate folds of {horizon} steps, "
            f"so the folds overlap: their origins are {apart} row{'s' if apart > 1 else ''} apart."
        )
    return origins, notes


def _block_origins(dataset: SeriesDataset, first: int, end: int, horizon: int, config: BacktestConfig) -> Integers:
    """One fold for each of the last blocks, at the one row from which a block is forecast."""
    length, folds = dataset.block_length, config.folds
    if config.spacing is not None and config.spacing % length:
        raise ConfigError(
            f"This series is made of independent blocks of {length} rows; the distance of starting points is {config.spacing}. "
            f"Choose a multiple of {length}, or leave it empty."
        )
    apart = (config.spacing or length) // length
    whole = end // length - -(-first // length)
    if horizon >= length or whole < 1 + apart * (folds - 1):
        raise DataError(
            f"{folds} folds of {horizon} steps need {1 + apart * (folds - 1)} blocks of more than {horizon} rows; {max(whole, 0)} "
            f"blocks of {length} rows can be forecast. Choose fewer folds or a shorter horizon."
        )
    last = end // length
    return np.arange(last - apart * (folds - 1), last + 1, apart, dtype=np.int64) * length - horizon


def _starts(origins: Integers, config: BacktestConfig, block: int, horizon: int) -> list[int]:
    """First row of every fold that may be learnt from."""
    if config.window == "expanding":
        return [0] * len(origins)
    # Where the series is made of blocks, what may be learnt from ends with the block before.
    known = [int(origin) + horizon - block if block else int(origin) for origin in origins]
    length = config.window_length or known[0]
    if length > known[0]:
        raise ConfigError(
            f"The sliding window has {length} rows, but only {known[0]} come before the first fold. "
            f"Choose a window of at most {known[0]} rows, or fewer folds."
        )
    length -= length % (block or 1)
    if not length:
        raise ConfigError(f"The sliding window has {config.window_length} rows, less than one block of {block}. Choose at least {block}.")
    return [row - length for row in known]
