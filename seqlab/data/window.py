"""Windows over a series: views of one array, never copies until a batch is gathered."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqlab.errors import DataError

__all__ = ["WindowSet", "make_windows"]

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowSet:
    """All windows of one part.

    A *series* is one sequence the model reads: each target column by itself with shared weights, or
    all of them at once. Sample ``s`` is window ``s % windows`` of series ``s // windows``.

    ``x``, ``future`` and ``y`` are overlapping views: the same number stands in many windows, so
    never write to them. They are writable all the same, because torch refuses to wrap read-only
    memory without a warning.

    Args:
        x: (series, position, context, feature) what the model reads, scaled, without gaps.
        future: (series, position, horizon, known) known-ahead values at the steps to be forecast.
        y: (series, position, horizon, target) what is to be forecast, scaled; NaN where nothing was observed.
        origins: (window,) row number of the first forecast step.
        index: (window,) position of each window along the second axis of the views, where windows were
            left out; ``None`` if window and position are the same.
    """

    x: Floats = field(repr=False)
    future: Floats = field(repr=False)
    y: Floats = field(repr=False)
    origins: Integers = field(repr=False)
    index: Integers | None = field(default=None, repr=False)

    @property
    def series_count(self) -> int:
        """Number of sequences: the target columns with shared weights, else 1."""
        return int(self.x.shape[0])

    @property
    def window_count(self) -> int:
        """Windows per series."""
        return len(self.origins)

    def __len__(self) -> int:
        """Number of samples: series times windows."""
        return self.series_count * self.window_count

    def series(self, samples: npt.ArrayLike) -> Integers:
        """(sample,) the series each sample belongs to."""
        return self.locate(samples)[0]

    def locate(self, samples: npt.ArrayLike) -> tuple[Integers, Integers]:
        """Where samples lie along the first two axes of the views.

        Returns:
            (sample,) series numbers and (sample,) positions.

        Raises:
            DataError: a sample number that does not exist.
        """
        chosen = np.asarray(samples, dtype=np.int64).reshape(-1)
        if chosen.size and (chosen.min() < 0 or chosen.max() >= len(self)):
            raise DataError(
                f"There is no sample {int(chosen.max() if chosen.min() >= 0 else chosen.min())}. Samples go from 0 to {len(self) - 1}."
            )
        series, window = np.divmod(chosen, self.window_count)
        return series, window if self.index is None else self.index[window]

    def samples_at(self, origins: npt.ArrayLike) -> Integers:
        """Sample numbers of the windows that start forecasting at those rows.

        Returns:
            (series, origin)

        Raises:
            DataError: no window of this part has that origin.
        """
        wanted = np.asarray(origins, dtype=np.int64).reshape(-1)
        window = np.searchsorted(self.origins, wanted)
        found = np.take(self.origins, np.minimum(window, self.window_count - 1)) == wanted
        if not found.all():
            raise DataError(
                f"No window of this part starts its forecast at row {int(wanted[~found][0])}. "
                f"Its {self.window_count} origins lie from row {int(self.origins[0])} to {int(self.origins[-1])}."
            )
        return np.arange(self.series_count, dtype=np.int64)[:, None] * self.window_count + window

    def gather(self, samples: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Copies those samples into arrays of their own.

        Returns:
            x (sample, context, feature), future (sample, horizon, known) and y (sample, horizon, target), contiguous float32.

        Raises:
            DataError: a sample number that does not exist.

        Example:
            >>> values = np.arange(10, dtype=np.float32).reshape(1, 10, 1)
            >>> windows = make_windows(values, values, known_size=0, context_length=3, horizon=2, rows=(3, 10))
            >>> x, future, y = windows.gather([0, 5])
            >>> x[..., 0].tolist(), y[..., 0].tolist(), future.shape
            ([[0.0, 1.0, 2.0], [5.0, 6.0, 7.0]], [[3.0, 4.0], [8.0, 9.0]], (2, 2, 0))
        """
        series, position = self.locate(samples)
        return (
            np.ascontiguousarray(self.x[series, position]),
            np.ascontiguousarray(self.future[series, position]),
            np.ascontiguousarray(self.y[series, position]),
        )


def make_windows(
    features: Floats,
    targets: Floats,
    *,
    known_size: int,
    context_length: int,
    horizon: int,
    rows: tuple[int, int],
    stride: int = 1,
    gaps: npt.NDArray[np.bool_] | None = None,
    block_length: int = 0,
) -> WindowSet:
    """The windows whose forecast steps all lie in ``rows``.

    Args:
        features: (series, time, feature) scaled inputs without gaps; the last ``known_size`` features are known ahead.
        targets: (series, time, target) scaled, NaN where nothing was observed; may be a view of ``features``.
        known_size: number of known-ahead features.
        context_length: steps of context.
        horizon: steps to forecast.
        rows: first row, and one past the last row, that may be forecast.
        stride: distance between two windows.
        gaps: (time,) rows no window may touch; ``None`` to keep all windows.
        block_length: keep only the windows that end where a block of so many rows ends; 0 keeps all.

    Raises:
        DataError: not one window fits.
    """
    first, end = rows
    start, last = first - context_length, end - horizon
    if start < 0 or last < first:
        raise DataError(
            f"No window of {context_length} context and {horizon} horizon steps forecasts only rows {first} to {end - 1}. "
            "Choose a shorter context or horizon."
        )
    feature_count = features.shape[2]
    x = _views(features, context_length, start, last - context_length, stride)
    future = _views(features[:, :, feature_count - known_size :], horizon, first, last, stride)
    y = _views(targets, horizon, first, last, stride)
    origins = np.arange(first, last + 1, stride, dtype=np.int64)
    index = None
    if block_length:
        index = np.flatnonzero((origins + horizon) % block_length == 0).astype(np.int64)
        origins = origins[index]
    if gaps is not None:
        touched = np.concatenate([[0], np.cumsum(gaps)])
        clear = np.flatnonzero(touched[origins + horizon] == touched[origins - context_length]).astype(np.int64)
        index = clear if index is None else index[clear]
        if not len(index):
            raise DataError(
                f"All {len(origins)} windows that forecast rows {first} to {end - 1} touch a gap, "
                "and such windows are left out. Choose a shorter context, or another way to handle missing values."
            )
        origins = origins[clear]
    return WindowSet(x=x, future=future, y=y, origins=origins, index=index)


def _views(values: Floats, length: int, first: int, last: int, stride: int) -> Floats:
    """(series, position, length, feature) views that start at rows ``first``, ``first + stride``, … up to ``last``."""
    rows = values[:, first : last + length]
    if not values.shape[2]:
        return np.empty((values.shape[0], len(range(first, last + 1, stride)), length, 0), dtype=np.float32)
    views = np.lib.stride_tricks.sliding_window_view(rows, length, axis=1, writeable=True)
    return views[:, ::stride].transpose(0, 1, 3, 2)
