"""From a data set and a spec to scaled windows, and back to the data's own units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.config import DataConfig, RunSpec
from seqlab.data.calendar import Calendar, calendar_for
from seqlab.data.fill import fill_gaps
from seqlab.data.scale import Scaler, fit_scaler
from seqlab.data.series import SeriesDataset
from seqlab.data.split import check_windows_fit, split_bounds
from seqlab.data.window import WindowSet, make_windows
from seqlab.errors import ConfigError, DataError
from seqlab.records import SplitBounds

if TYPE_CHECKING:
    from seqlab.data.prepare_sequences import PreparedSequences
    from seqlab.data.sequences import SequenceDataset
    from seqlab.data.tokens import TokenDataset

__all__ = ["Prepared", "prepare"]

PARTS = ("train", "validation", "test")
FILLED = {
    "previous": "repeating the last value",
    "seasonal": "repeating the value one season ({season} steps) earlier",
    "interpolate": "a straight line across the gap, which looks ahead within its part",
    "skip": "leaving out every window that touches a gap",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A data set made ready for one spec: split, filled, scaled, cut into windows.

    With ``many_targets="shared"`` each target column is a series of its own and the model sees one
    target; with ``"joint"`` there is one series with all targets side by side.

    Args:
        dataset, spec: what this was made from.
        bounds: the rows of the parts.
        target_names: the target columns.
        feature_names: channels of ``x``: target, past covariates, known-ahead covariates, calendar.
        known_names: channels of ``future``: known-ahead covariates, calendar.
        target_size: channels of ``y``: 1 with shared weights, else the number of targets.
        season_length: steps of the main season, 1 if none.
        missing: column → number of missing values, for the columns in use that have any.
        notes: sentences about what was filled, left out and scaled.
        calendar: the calendar features in use; can go on beyond the last row.
        scaler: the scale of each column of ``scaled_columns``.
        scaled_columns: the targets, then the past and the known-ahead covariates.
    """

    dataset: SeriesDataset
    spec: RunSpec
    bounds: SplitBounds
    target_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    known_names: tuple[str, ...]
    target_size: int
    season_length: int
    missing: Mapping[str, int]
    notes: tuple[str, ...]
    calendar: Calendar
    scaler: Scaler
    scaled_columns: tuple[str, ...]
    _windows: Mapping[str, WindowSet] = field(repr=False)

    @property
    def index(self) -> pd.Index:
        """Dates or row numbers of the rows."""
        return self.dataset.frame.index

    @property
    def input_size(self) -> int:
        """Channels the model reads per step."""
        return len(self.feature_names)

    @property
    def known_size(self) -> int:
        """Known-ahead channels per forecast step; may be 0."""
        return len(self.known_names)

    @property
    def window_counts(self) -> dict[str, int]:
        """Part → number of samples (series times windows)."""
        return {part: len(self._windows[part]) for part in PARTS}

    def windows(self, part: str) -> WindowSet:
        """The windows of ``"train"``, ``"validation"`` or ``"test"``.

        Raises:
            ConfigError: no such part.
        """
        if part not in PARTS:
            raise ConfigError(f"There is no part {part!r}. The parts are: {', '.join(PARTS)}.")
        return self._windows[part]

    def to_data_units(self, scaled: npt.ArrayLike, series: npt.ArrayLike | None = None) -> npt.NDArray[np.float64]:
        """Undoes scaling and logarithm.

        Args:
            scaled: (sample, horizon, target_size) forecasts or targets on the model's scale.
            series: (sample,) the series of each sample, from :meth:`WindowSet.series`. May be left out
                if there is only one.

        Returns:
            (sample, horizon, target_size) in the data's own units. A forecast too large to be a number
            becomes infinity, never an exception.

        Raises:
            ConfigError: the shape is wrong, or ``series`` is missing or out of range.
        """
        values = np.asarray(scaled, dtype=np.float64)
        if values.ndim != 3 or values.shape[2] != self.target_size:
            raise ConfigError(f"The values have the shape {values.shape}; they must be (sample, horizon, {self.target_size}).")
        series_count = len(self.target_names) if self.target_size == 1 else 1
        if series is None:
            if series_count > 1:
                raise ConfigError(f"There are {series_count} series. Say which one each sample belongs to: WindowSet.series(samples).")
            columns = np.arange(self.target_size, dtype=np.int64)
        else:
            chosen = np.asarray(series, dtype=np.int64).reshape(-1)
            if len(chosen) != len(values) or (len(chosen) and not 0 <= chosen.min() <= chosen.max() < series_count):
                raise ConfigError(
                    f"There must be one series number from 0 to {series_count - 1} for each of the {len(values)} samples. "
                    "WindowSet.series(samples) gives them."
                )
            columns = chosen[:, None, None] if self.target_size == 1 else np.arange(self.target_size, dtype=np.int64)
        with np.errstate(over="ignore"):
            data = self.scaler.inverse(values, columns)
            return np.exp(data) if self.spec.data.transform == "log" else data

    def by_origin(self, scaled: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Forecasts of ``WindowSet.samples_at(origins).ravel()``, in data units and sorted by origin and target.

        Args:
            scaled: (series · origin, horizon, target_size).

        Returns:
            (origin, horizon, target)

        Raises:
            ConfigError: the shape is wrong.
        """
        values = np.asarray(scaled, dtype=np.float64)
        series_count = len(self.target_names) if self.target_size == 1 else 1
        origins = len(values) // series_count
        data = self.to_data_units(values, np.repeat(np.arange(series_count), origins))
        if series_count == 1:
            return data
        return np.ascontiguousarray(data[..., 0].reshape(series_count, origins, -1).transpose(1, 2, 0))

    def y_true(self, origins: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """What was observed at the forecast steps of those origins.

        Args:
            origins: (origin,) row numbers of first forecast steps.

        Returns:
            (origin, horizon, target) in the data's own units; NaN where nothing was observed, or after the last row.
        """
        rows = np.asarray(origins, dtype=np.int64).reshape(-1)[:, None] + np.arange(self.spec.window.horizon)
        values = self.dataset.frame[list(self.target_names)].to_numpy(dtype=np.float64)
        inside = (rows >= 0) & (rows < len(values))
        return np.where(inside[..., None], values[np.where(inside, rows, 0)], np.nan)


@overload
def prepare(dataset: SeriesDataset, spec: RunSpec) -> Prepared: ...
@overload
def prepare(dataset: "SequenceDataset | TokenDataset", spec: RunSpec) -> "PreparedSequences": ...
@overload
def prepare(dataset: "SeriesDataset | SequenceDataset | TokenDataset", spec: RunSpec) -> "Prepared | PreparedSequences": ...
def prepare(dataset: "SeriesDataset | SequenceDataset | TokenDataset", spec: RunSpec) -> "Prepared | PreparedSequences":
    """Splits, fills, scales and windows a data set as a spec asks.

    Sequences and texts go to :func:`seqlab.data.prepare_sequences.prepare_sequences`; what follows is said of series.
    The logarithm applies to the targets. Scales are fitted on the observed values of the training part. A covariate's
    gap is filled as ``spec.data.missing`` says; so is a target's where the model reads it, but never where it is to be forecast.

    Raises:
        ConfigError: choices that contradict each other or the data set.
        DataError: the data cannot be used as asked; says with numbers what would work.

    Example:
        >>> from seqlab.config import RunSpec, WindowConfig
        >>> from seqlab.data.catalog import load_dataset
        >>> spec = RunSpec(dataset="airline_passengers", window=WindowConfig(context_length=24, horizon=12))
        >>> prepared = prepare(load_dataset("airline_passengers"), spec)
        >>> prepared.windows("train").x.shape, prepared.window_counts
        ((1, 66, 24, 1), {'train': 66, 'validation': 11, 'test': 10})
    """
    if spec.fingerprint and spec.fingerprint != dataset.fingerprint:
        raise DataError(
            f"The run was made with other data: its fingerprint begins with {spec.fingerprint[:8]}, "
            f"that of {dataset.label!r} with {dataset.fingerprint[:8]}. Start a new run with the data as it is now."
        )
    if not isinstance(dataset, SeriesDataset):
        from seqlab.data.prepare_sequences import prepare_sequences

        return prepare_sequences(dataset, spec)
    targets, past, known = _columns(dataset, spec.data)
    blocks = dataset.block_length
    bounds = split_bounds(len(dataset.frame), spec.split, dataset.published_test_start, blocks)
    check_windows_fit(bounds, spec.window.context_length, spec.window.horizon, blocks)
    if blocks and spec.window.stride > 1:
        raise ConfigError(f"This series is made of blocks, each of them one window; the stride is {spec.window.stride}. Set it to 1.")
    if spec.model.reference == "seasonal" and spec.window.context_length < dataset.season_length:
        raise ConfigError(
            f"The forecast is to start from the value one season ({dataset.season_length} steps) earlier, but the context has only "
            f"{spec.window.context_length} steps. Choose a context of at least {dataset.season_length} steps, or another reference."
        )
    columns = (*targets, *past, *known)
    values = dataset.frame[list(columns)].to_numpy(dtype=np.float64, copy=True)[: bounds.end]
    _check_targets(values, targets, bounds)
    if spec.data.transform == "log":
        values[:, : len(targets)] = _logarithm(values[:, : len(targets)], targets)
    scaler = fit_scaler(spec.data.scaling, values[: bounds.train_end], columns)
    scaled = scaler.transform(values)
    if np.nanmax(np.abs(scaled)) > np.finfo(np.float32).max / 1e6:
        raise DataError(
            "Some scaled values are too large for the model's 32-bit numbers. Choose the scaling 'standard', or divide the data."
        )
    gaps = np.isnan(values)
    filled = fill_gaps(scaled, spec.data.missing, dataset.season_length, bounds)
    calendar = calendar_for(dataset.frame.index) if spec.data.calendar else Calendar()
    shared = spec.model.many_targets == "shared"
    features = _features(filled, len(targets), calendar.values(dataset.frame.index[: bounds.end]), shared=shared)
    observed = _observed(features, scaled, gaps, len(targets), shared=shared)
    known_names = (*known, *calendar.names)
    touched = gaps.any(axis=1) if spec.data.missing == "skip" and gaps.any() else None
    windows = {
        part: make_windows(
            features,
            observed,
            known_size=len(known_names),
            context_length=spec.window.context_length,
            horizon=spec.window.horizon,
            rows=_forecast_rows(bounds, part, spec.window.context_length),
            stride=spec.window.stride if part == "train" else 1,
            gaps=touched,
            block_length=blocks,
        )
        for part in PARTS
    }
    missing = {name: int(count) for name, count in zip(columns, gaps.sum(axis=0), strict=True) if count}
    notes = _notes(dataset, spec, missing, windows, calendar)
    return Prepared(
        dataset=dataset,
        spec=spec,
        bounds=bounds,
        target_names=targets,
        feature_names=(*(targets if not shared or len(targets) == 1 else ("target",)), *past, *known_names),
        known_names=known_names,
        target_size=1 if shared else len(targets),
        season_length=dataset.season_length,
        missing=MappingProxyType(missing),
        notes=notes,
        calendar=calendar,
        scaler=scaler,
        scaled_columns=columns,
        _windows=MappingProxyType(windows),
    )


def _columns(dataset: SeriesDataset, data: DataConfig) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The target, past and known-ahead columns, each checked."""
    targets = data.targets or dataset.targets
    seen: dict[str, str] = {}
    for role, names in (("target", targets), ("past covariate", data.past_covariates), ("known-ahead covariate", data.known_covariates)):
        for name in names:
            if name not in dataset.frame.columns:
                raise DataError(
                    f"There is no column {name!r} in {dataset.label!r} for a {role}. Its columns are: {', '.join(dataset.columns)}."
                )
            if name in seen:
                raise ConfigError(f"Column {name!r} is chosen as {seen[name]} and as {role}. Choose it once.")
            seen[name] = role
    return targets, data.past_covariates, data.known_covariates


def _check_targets(values: npt.NDArray[np.float64], targets: tuple[str, ...], bounds: SplitBounds) -> None:
    for column, name in enumerate(targets):
        for part in PARTS:
            start, end = bounds.rows(part)
            observed = values[start:end, column]
            observed = observed[~np.isnan(observed)]
            if not len(observed):
                raise DataError(
                    f"The target {name!r} has no value in the {part} part (rows {start} to {end - 1}). "
                    "Choose another target, or other sizes of the parts."
                )
            if part == "train" and observed.min() == observed.max():
                raise DataError(
                    f"The target {name!r} is constant: it is {observed[0]:g} in all {len(observed)} observed rows of the training part, "
                    "so there is nothing to learn. Choose another target, or a larger training part."
                )


def _logarithm(values: npt.NDArray[np.float64], targets: tuple[str, ...]) -> npt.NDArray[np.float64]:
    for column, name in enumerate(targets):
        low = np.flatnonzero(values[:, column] <= 0)  # NaN compares as false
        if len(low):
            raise DataError(
                f"The logarithm needs values above zero, but the target {name!r} has {len(low)} that are not; the first is "
                f"{values[low[0], column]:g} in row {low[0]}. Choose the transform 'none', or add a constant to the column."
            )
    return np.log(values)


def _features(filled: npt.NDArray[np.float64], targets: int, calendar: npt.NDArray[np.float64], *, shared: bool) -> npt.NDArray[np.float32]:
    """(series, time, feature): the one array all windows look into."""
    series = targets if shared else 1
    own = 1 if shared else targets
    rest = filled.shape[1] - targets
    features = np.empty((series, len(filled), own + rest + calendar.shape[1]), dtype=np.float32)
    for number in range(series):
        features[number, :, :own] = filled[:, number : number + own]
    features[:, :, own : own + rest] = filled[:, targets:]
    features[:, :, own + rest :] = calendar
    return features


def _observed(
    features: npt.NDArray[np.float32], scaled: npt.NDArray[np.float64], gaps: npt.NDArray[np.bool_], targets: int, *, shared: bool
) -> npt.NDArray[np.float32]:
    """(series, time, target) with NaN where nothing was observed; a view of ``features`` if all was."""
    own = 1 if shared else targets
    if not gaps[:, :targets].any():
        return features[:, :, :own]
    values = scaled[:, :targets].astype(np.float32)
    return np.ascontiguousarray(values.T)[:, :, None] if shared else values[None]


def _forecast_rows(bounds: SplitBounds, part: str, context_length: int) -> tuple[int, int]:
    start, end = bounds.rows(part)
    # A training window lies in its part wholly; the others reach back by one context.
    return (context_length, end) if part == "train" else (start, end)


def _notes(
    dataset: SeriesDataset, spec: RunSpec, missing: Mapping[str, int], windows: Mapping[str, WindowSet], calendar: Calendar
) -> tuple[str, ...]:
    notes = []
    if missing:
        counts = ", ".join(f"{count} of {name!r}" for name, count in missing.items())
        how = FILLED[spec.data.missing].format(season=dataset.season_length)
        notes.append(f"Missing values ({counts}) are handled by {how}. A missing target is never trained on and never scored.")
    for part, chosen in windows.items():
        possible = -(-chosen.x.shape[1] // (dataset.block_length or 1))
        if chosen.index is not None and len(chosen.index) < possible:
            notes.append(f"{possible - len(chosen.index)} of {possible} windows of the {part} part touch a gap and are left out.")
    if spec.data.calendar and calendar.note:
        notes.append(calendar.note)
    return tuple(notes)
