"""Bringing columns to a common size, with figures taken from the training part alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import ConfigError, DataError

__all__ = ["Scaler", "fit_scaler"]

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaler:
    """A straight line per column: ``scaled = (value - center) / scale``.

    Args:
        kind: ``"standard"``, ``"minmax"`` or ``"none"``.
        center: (column,) mean, smallest value, or 0.
        scale: (column,) standard deviation, range, or 1; never 0.
    """

    kind: str
    center: Values
    scale: Values

    def transform(self, values: Values) -> Values:
        """Scaled copy of ``values`` (…, column); NaN stays NaN.

        Example:
            >>> fit_scaler("minmax", np.array([[2.0], [4.0]]), ("x",)).transform(np.array([[3.0]])).tolist()
            [[0.5]]
        """
        return (values - self.center) / self.scale

    def inverse(self, scaled: Values, columns: npt.NDArray[np.int64] | slice = slice(None)) -> Values:
        """What :meth:`transform` undid. ``columns`` picks the column of each entry of the last axis, or broadcasts against it.

        Example:
            >>> fit_scaler("minmax", np.array([[2.0], [4.0]]), ("x",)).inverse(np.array([[0.5]])).tolist()
            [[3.0]]
        """
        return scaled * self.scale[columns] + self.center[columns]


def fit_scaler(kind: str, training: Values, names: tuple[str, ...]) -> Scaler:
    """Fits one scale per column on the observed values of the training part.

    A column that never changes keeps its size (scale 1).

    Args:
        kind: ``"standard"`` (mean 0, standard deviation 1), ``"minmax"`` (smallest 0, largest 1) or ``"none"``.
        training: (time, column) rows of the training part, NaN where missing.
        names: (column,) what to call the columns in messages.

    Raises:
        ConfigError: no such kind of scaling.
        DataError: a column has no value in the training part, or its values are too large to add up.

    Example:
        >>> scaler = fit_scaler("standard", np.array([[1.0], [3.0]]), ("x",))
        >>> scaler.center.tolist(), scaler.scale.tolist()
        ([2.0], [1.0])
    """
    columns = training.shape[1]
    for column, name in enumerate(names):
        if not np.isfinite(training[:, column]).any():
            raise DataError(
                f"Column {name!r} has no value in the training part ({len(training)} rows), so nothing can be learned from it. "
                "Leave it out, or choose a larger training part."
            )
    if kind == "none":
        return Scaler(kind=kind, center=np.zeros(columns), scale=np.ones(columns))
    with np.errstate(over="ignore", invalid="ignore"):
        if kind == "standard":
            center, scale = np.nanmean(training, axis=0), np.nanstd(training, axis=0)
        elif kind == "minmax":
            center = np.nanmin(training, axis=0)
            scale = np.nanmax(training, axis=0) - center
        else:
            raise ConfigError(f"There is no scaling called {kind!r}. Choose one of: standard, minmax, none.")
    for column, name in enumerate(names):
        if not (np.isfinite(center[column]) and np.isfinite(scale[column])):
            raise DataError(
                f"The values of column {name!r} are too large to be scaled (above about 1e150). Divide the column by a large number."
            )
    # A column that never changes shows a deviation of a few rounding errors, which must not be blown up to 1.
    flat = scale <= 1e-12 * np.maximum(np.abs(center), np.finfo(np.float64).tiny)
    return Scaler(kind=kind, center=center, scale=np.where(flat, 1.0, scale))
