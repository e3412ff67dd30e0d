"""Where the training, validation and test parts begin: always in time order."""

import math

from seqlab.config import SplitConfig
from seqlab.errors import ConfigError, DataError
from seqlab.records import SplitBounds

__all__ = ["check_windows_fit", "split_bounds"]


def split_bounds(rows: int, split: SplitConfig, published_test_start: int | None = None, block_length: int = 0) -> SplitBounds:
    """The parts of a series of ``rows`` rows: training, then validation, then test.

    A size below 1 is a share of the rows, from 1 on a number of rows; a test size of 0 takes all that
    is left. With ``method="published"`` the test part begins at ``published_test_start``, and the
    validation part is the last ``validation_size`` (share or number) of the rows before it. Where the
    series is made of blocks, every part is rounded to whole blocks.

    Raises:
        ConfigError: the published split was asked for, but the data set has none.
        DataError: a part would be empty, or the parts need more rows than there are.

    Example:
        >>> split_bounds(100, SplitConfig(train_size=0.7, validation_size=0.15))
        SplitBounds(train_end=70, validation_end=85, end=100)
        >>> split_bounds(100, SplitConfig(method="published", validation_size=20), published_test_start=60)
        SplitBounds(train_end=40, validation_end=60, end=100)
        >>> split_bounds(100, SplitConfig(train_size=0.7, validation_size=0.15), block_length=10)
        SplitBounds(train_end=70, validation_end=90, end=100)
    """
    if split.method == "published":
        if published_test_start is None:
            raise ConfigError("This data set has no published split. Set the split to 'size' and choose the sizes of the parts.")
        validation_end = published_test_start
        train_end = validation_end - _rows(split.validation_size, validation_end)
        end = rows
    else:
        train_end = _rows(split.train_size, rows)
        validation_end = train_end + _rows(split.validation_size, rows)
        end = validation_end + _rows(split.test_size, rows) if split.test_size else rows
        if split.train_size < 1 and split.validation_size < 1 and split.test_size < 1:
            # Three shares that make a whole may each be rounded up; a row too many is no mistake of the user.
            end = min(end, rows) if split.train_size + split.validation_size + split.test_size <= 1 + 1e-9 else end
    if block_length:
        train_end, validation_end, end = (block_length * math.floor(row / block_length + 0.5) for row in (train_end, validation_end, end))
    sizes = (train_end, validation_end - train_end, end - validation_end)
    if end > rows or min(sizes) < 1:
        raise DataError(
            f"The {rows} rows cannot be split into {max(sizes[0], 0)} for training, {sizes[1]} for validation and "
            f"{max(sizes[2], 0)} for the test. Each part needs at least one row, and together they may not exceed {rows}. "
            "Choose smaller parts."
        )
    return SplitBounds(train_end=train_end, validation_end=validation_end, end=end)


def _rows(size: float, rows: int) -> int:
    return round(size * rows) if size < 1 else int(size)


def check_windows_fit(bounds: SplitBounds, context_length: int, horizon: int, block_length: int = 0) -> None:
    """Makes sure that every part holds at least one window.

    A training window lies in the training part wholly. The forecast of a validation or test window
    lies in its part; its context reaches back into the rows before. Where the series is made of blocks,
    every window is one of them, whole.

    Raises:
        DataError: a part is too short; says which, and what would fit.

    Example:
        >>> check_windows_fit(SplitBounds(train_end=70, validation_end=85, end=100), context_length=36, horizon=12)
    """
    window = context_length + horizon
    if block_length and window != block_length:
        raise DataError(
            f"This series is made of independent blocks of {block_length} rows, and a window is one whole block; but {context_length} of "
            f"context and {horizon} of horizon are {window} rows. Set the context to {max(block_length - horizon, 1)} steps"
            + (f" and the horizon to {block_length - 1}." if horizon >= block_length else ".")
        )
    if window > bounds.end:
        raise DataError(
            f"One window needs {window} rows ({context_length} of context and {horizon} of horizon), but there are only {bounds.end}. "
            f"Choose a context and a horizon of together at most {bounds.train_end} rows, which is the training part."
        )
    if window > bounds.train_end:
        raise DataError(
            f"One window needs {window} rows ({context_length} of context and {horizon} of horizon), but the training part has "
            f"{bounds.train_end}. Choose a shorter context or horizon, or a larger training part."
        )
    for part in ("validation", "test"):
        start, end = bounds.rows(part)
        if horizon > end - start:
            raise DataError(
                f"The horizon of {horizon} steps is longer than the {part} part, which has {end - start} rows. "
                f"Choose a horizon of at most {end - start}, or a larger {part} part."
            )
