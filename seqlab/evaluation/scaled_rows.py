"""The rows of a prepared data set as the model reads them, made again from the table, and windows cut from them."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqlab.data.fill import fill_gaps
from seqlab.data.prepare import Prepared
from seqlab.data.scale import Scaler
from seqlab.data.window import WindowSet, make_windows

__all__ = ["ScaledRows", "data_values", "scaled_rows"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScaledRows:
    """What every window of a prepared data set is cut from.

    Args:
        features: (series, time, feature) scaled, without gaps; the known-ahead ones last.
        observed: (series, time, target) scaled, NaN where nothing was observed.
        gaps: (time,) rows that no window may touch; ``None`` to keep all windows.
        known_size: number of known-ahead features.
    """

    features: Floats = field(repr=False)
    observed: Floats = field(repr=False)
    gaps: npt.NDArray[np.bool_] | None = field(repr=False)
    known_size: int

    def windows(self, prepared: Prepared, rows: tuple[int, int], stride: int = 1) -> WindowSet:
        """Windows whose forecasts lie in some rows, from the first to one past the last.

        Raises:
            DataError: not one window fits.
        """
        window = prepared.spec.window
        return make_windows(
            self.features,
            self.observed,
            known_size=self.known_size,
            context_length=window.context_length,
            horizon=window.horizon,
            rows=rows,
            stride=stride,
            gaps=self.gaps,
            block_length=prepared.dataset.block_length,
        )


def data_values(prepared: Prepared) -> npt.NDArray[np.float64]:
    """(time, column) the scaled columns before scaling: targets with their logarithm taken, where the spec asks for one."""
    values = prepared.dataset.frame[list(prepared.scaled_columns)].to_numpy(dtype=np.float64, copy=True)[: prepared.bounds.end]
    if prepared.spec.data.transform == "log":
        targets = len(prepared.target_names)
        values[:, :targets] = np.log(values[:, :targets])
    return values


def scaled_rows(prepared: Prepared, scaler: Scaler | None = None) -> ScaledRows:
    """The rows, from the data set's table and the spec alone; nothing is taken from the windows.

    Args:
        prepared: the data.
        scaler: another scaler than the data's own.
    """
    spec, targets = prepared.spec, len(prepared.target_names)
    values = data_values(prepared)
    scaled = (scaler or prepared.scaler).transform(values)
    touched: npt.NDArray[np.bool_] = np.asarray(np.isnan(values).any(axis=1))
    filled = fill_gaps(scaled, spec.data.missing, prepared.season_length, prepared.bounds)
    rest = np.concatenate([filled[:, targets:], prepared.calendar.values(prepared.index[: prepared.bounds.end])], axis=1)
    if prepared.target_size == 1:
        features = np.stack([np.column_stack([filled[:, number], rest]) for number in range(targets)])
        observed = scaled[:, :targets].T[:, :, None]
    else:
        features = np.column_stack([filled[:, :targets], rest])[None]
        observed = scaled[None, :, :targets]
    return ScaledRows(
        features=features.astype(np.float32),
        observed=np.ascontiguousarray(observed, dtype=np.float32),
        gaps=touched if spec.data.missing == "skip" and touched.any() else None,
        known_size=len(spec.data.known_covariates) + len(prepared.calendar.names),
    )
