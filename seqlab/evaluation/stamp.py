"""The stamp of a comparison: everything that must stand under a table of numbers for somebody else to make them again."""

import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from seqlab.config import RunSpec
from seqlab.data.series import SeriesDataset
from seqlab.errors import DataError
from seqlab.records import Forecast, SplitBounds
from seqlab.version import __version__

__all__ = ["Stamp", "StampPart", "stamp_of"]

PARTS = ("train", "validation", "test")
PACKAGES = ("torch", "numpy", "pandas", "statsmodels", "scipy")


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPart:
    """One part of the data.

    Args:
        name: ``train``, ``validation`` or ``test``.
        first, last: date, or number, of its first and last row.
        rows: how many.
        windows: windows of the part, per series; ``None`` where gaps decide how many.
    """

    name: str
    first: str
    last: str
    rows: int
    windows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What was measured, on what, and with what.

    Args:
        dataset: label of the data.
        fingerprint: SHA-256 of the data.
        targets: the columns forecast.
        parts: training, validation and test part.
        context_length, horizon, stride, season_length: in steps.
        origins: starting points that every model forecasts from; 0 if nothing has been judged.
        first_origin, last_origin: date, or number, of the first step of the first and of the last forecast.
        transform, scaling, missing: how the network's data was prepared.
        seeds: of the network, the run's own first.
        formulas: metric → LaTeX.
        versions: of seqlab, Python and the libraries as they are now.
        trained_with: what the run's own environment says, where that differs from ``versions``.
        device: where the network was trained; empty if unknown.
    """

    dataset: str
    fingerprint: str
    targets: tuple[str, ...]
    parts: tuple[StampPart, ...]
    context_length: int
    horizon: int
    stride: int
    season_length: int
    origins: int
    first_origin: str
    last_origin: str
    transform: str
    scaling: str
    missing: str
    seeds: tuple[int, ...]
    formulas: Mapping[str, str]
    versions: Mapping[str, str]
    trained_with: Mapping[str, str]
    device: str

    def lines(self, *, formulas: bool = True) -> tuple[str, ...]:
        """The stamp as plain lines, for the head of a CSV file and for the page."""
        parts = "; ".join(
            f"{part.name} {part.first} to {part.last} ({part.rows:,} rows"
            + (f", {part.windows:,} windows)" if part.windows is not None else ")")
            for part in self.parts
        )
        starts = f"{self.origins:,} starting points, the same for every model" if self.origins else "Nothing has been judged yet"
        span = f", first step forecast from {self.first_origin} to {self.last_origin}" if self.origins else ""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        trained = ", ".join(f"{name} {version}" for name, version in self.trained_with.items())
        network = (
            f"The network reads {self.context_length:,} steps of context, its training windows are {self.stride:,} apart; "
            f"transform {self.transform}, scaling {self.scaling} fitted on the training part, missing inputs {self.missing}."
        )
        lines = [
            f"Data: {self.dataset}, column{'s' if len(self.targets) > 1 else ''} {', '.join(self.targets)}; SHA-256 {self.fingerprint}.",
            f"Split in time order: {parts}.",
            f"{starts}{span}. Horizon {self.horizon:,} steps, season m = {self.season_length:,}.",
            network,
            f"Seed{'s' if len(self.seeds) > 1 else ''} of the network: {', '.join(map(str, self.seeds))}.",
            f"Made with {versions}.",
        ]
        if trained or self.device:
            lines.append(
                "The network was trained" + (f" on {self.device}" if self.device else "") + (f", with {trained}" if trained else "") + "."
            )
        if formulas:
            lines += [f"{name} = {formula}" for name, formula in self.formulas.items()]
        return tuple(lines)


def stamp_of(
    spec: RunSpec,
    dataset: SeriesDataset,
    bounds: SplitBounds,
    *,
    forecast: Forecast | None = None,
    formulas: Mapping[str, str] | None = None,
    seeds: Sequence[int] = (),
    environment: Mapping[str, object] | None = None,
) -> Stamp:
    """The stamp of a run and of what it is compared with.

    Args:
        spec: the run's.
        dataset: its data.
        bounds: its parts.
        forecast: any model's forecasts; all start from the same origins. ``None`` before there is one.
        formulas: metric → LaTeX, of the metrics that are shown.
        seeds: further seeds of the network.
        environment: what the run was made with, from its folder.

    Raises:
        DataError: the run was made with other data.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> data = load_dataset("airline_passengers")
        >>> bounds = SplitBounds(train_end=101, validation_end=123, end=144)
        >>> stamp_of(RunSpec(dataset=data.key), data, bounds).lines()[1].split("; ")[-1]
        'test 1959-04-01 to 1960-12-01 (21 rows, 10 windows).'
    """
    if spec.fingerprint and spec.fingerprint != dataset.fingerprint:
        raise DataError(f"The run was made with other data than {dataset.label!r} is now. Train a new run on the data as it is.")
    index, made = dataset.frame.index, environment or {}
    origins = () if forecast is None else tuple(forecast.origins.tolist())
    versions = _versions()
    return Stamp(
        dataset=dataset.label,
        fingerprint=dataset.fingerprint,
        targets=spec.data.targets or dataset.targets,
        parts=tuple(_part(dataset, spec, bounds, name) for name in PARTS),
        context_length=spec.window.context_length,
        horizon=spec.window.horizon,
        stride=spec.window.stride,
        season_length=dataset.season_length,
        origins=len(origins),
        first_origin=_row(index, origins[0]) if origins else "",
        last_origin=_row(index, origins[-1]) if origins else "",
        transform=spec.data.transform,
        scaling=spec.data.scaling,
        missing=spec.data.missing,
        seeds=tuple(dict.fromkeys((spec.training.seed, *seeds))),
        formulas=dict(formulas or {}),
        versions=versions,
        trained_with={name: str(made[name]) for name, version in versions.items() if name in made and str(made[name]) != version},
        device=str(made.get("device", "")),
    )


def _versions() -> dict[str, str]:
    """Of everything that could change a number; read from the packages' records, so nothing is imported."""
    found = {"seqlab": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _part(dataset: SeriesDataset, spec: RunSpec, bounds: SplitBounds, name: str) -> StampPart:
    (first, end), index = bounds.rows(name), dataset.frame.index
    return StampPart(
        name=name,
        first=_row(index, first),
        last=_row(index, end - 1),
        rows=end - first,
        windows=_windows(dataset, spec, name, end - first),
    )


def _windows(dataset: SeriesDataset, spec: RunSpec, name: str, rows: int) -> int | None:
    """Windows per series; ``None`` where gaps decide, which only the prepared data knows."""
    if dataset.block_length:
        return rows // dataset.block_length
    if spec.data.missing == "skip":
        return None
    if name == "train":
        return max(0, (rows - spec.window.context_length - spec.window.horizon) // spec.window.stride + 1)
    return max(0, rows - spec.window.horizon + 1)


def _row(index: pd.Index, row: int) -> str:
    """The date of a row, with the time where rows have one."""
    if not isinstance(index, pd.DatetimeIndex):
        return f"row {row:,}"
    # One look decides for all, so that midnight is written like the other hours.
    daily = len(index) < 2 or bool((index[:48] == index[:48].normalize()).all())
    stamp = pd.Timestamp(index[row])
    return f"{stamp:%Y-%m-%d}" if daily else f"{stamp:%Y-%m-%d %H:%M}"
