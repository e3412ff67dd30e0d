"""What a test of luck compares: one loss per origin and model, and how far the forecasts of neighbouring origins overlap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.records import Forecast

__all__ = ["LOSSES", "SAME", "LossEntry", "LossTable", "loss_table", "overlapping"]

Floats = npt.NDArray[np.float64]

SAME = 1e-9
"""Losses that differ by no more than this share of the mean loss are the same: they differ by rounding only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossEntry:
    """One way to weigh an error.

    Args:
        key: its name in code and in addresses.
        label: name on the screen.
        apply: errors → losses.
    """

    key: str
    label: str
    apply: Callable[[Floats], Floats]


LOSSES: Mapping[str, LossEntry] = MappingProxyType(
    {
        "absolute": LossEntry(key="absolute", label="Absolute error", apply=np.abs),
        "squared": LossEntry(key="squared", label="Squared error", apply=np.square),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossTable:
    """The losses of several models at the same origins.

    Args:
        models: (model,) names.
        origins: (origin,) row number of the first forecast step; origins where nothing was observed are left out.
        losses: (origin, model); NaN in the column of a model that has a reason.
        overlap: forecasts up to so many origins later share rows with a forecast, so that their errors are related.
        reasons: (model,) why a model cannot be compared; empty if it can.
    """

    models: tuple[str, ...]
    origins: npt.NDArray[np.int64]
    losses: Floats
    overlap: int
    reasons: tuple[str, ...]


def loss_table(forecasts: Sequence[Forecast], *, loss: str = "absolute", step: int | None = None, target: int | None = None) -> LossTable:
    """The losses of several models, origin by origin.

    Several targets may have different units: each one's errors are divided by the standard deviation of its observed values
    before they are averaged. One target keeps its units.

    Args:
        forecasts: one per model, from the same origins.
        loss: key of :data:`LOSSES`.
        step: steps ahead, from 1; ``None`` averages over the whole horizon.
        target: number of the target column, from 0; ``None`` averages over all.

    Raises:
        UnknownKeyError: there is no such loss.
        ConfigError: there is no such step or target.
        DataError: no forecast is given, or they are not from the same origins.

    Example:
        >>> truth = np.array([[[1.0], [2.0]], [[2.0], [float("nan")]]])
        >>> one = Forecast(model="a", targets=("y",), origins=np.array([5, 6]), y_pred=np.zeros((2, 2, 1)), y_true=truth)
        >>> loss_table([one]).losses[:, 0].tolist(), loss_table([one]).overlap
        ([1.5, 2.0], 1)
    """
    if loss not in LOSSES:
        raise UnknownKeyError.of("loss", loss, list(LOSSES))
    _check_same(forecasts)
    first = forecasts[0]
    horizon, targets = first.y_true.shape[1:]
    steps = _chosen("step", None if step is None else step - 1, horizon, 1)
    columns = _chosen("target column", target, targets, 0)
    y_true = np.asarray(first.y_true, dtype=np.float64)[:, steps, columns]
    seen = ~np.isnan(y_true)
    used = seen.any(axis=(1, 2))
    scale = _scale(y_true) if y_true.shape[2] > 1 else np.ones(1)
    losses = np.full((int(used.sum()), len(forecasts)), np.nan)
    reasons = []
    for number, forecast in enumerate(forecasts):
        error = (np.asarray(forecast.y_pred, dtype=np.float64)[:, steps, columns] - y_true) / scale
        wild = int((seen & ~np.isfinite(error)).sum())
        reasons.append(f"{wild:,} of {int(seen.sum()):,} forecasts of {forecast.model} are not finite numbers." if wild else "")
        if not wild:
            with np.errstate(over="ignore"):
                each = np.where(seen, LOSSES[loss].apply(np.where(seen, error, 0.0)), 0.0)
            losses[:, number] = each.sum(axis=(1, 2))[used] / seen.sum(axis=(1, 2))[used]
    origins = np.asarray(first.origins, dtype=np.int64)[used]
    return LossTable(
        models=tuple(forecast.model for forecast in forecasts),
        origins=origins,
        losses=losses,
        overlap=overlapping(origins, horizon if step is None else step),
        reasons=tuple(reasons),
    )


def overlapping(origins: npt.NDArray[np.integer], horizon: int) -> int:
    """Up to how many origins later a forecast shares rows with a forecast ``horizon`` steps ahead.

    Errors of forecasts from origins ``k`` rows apart are related up to lag ⌈horizon/k⌉ − 1: at later origins no innovation of
    the earlier forecast is left. Of unevenly spread origins the closest ones count.

    Args:
        origins: (origin,) ascending row numbers.
        horizon: steps ahead.

    Example:
        >>> overlapping(np.arange(10), 3), overlapping(np.arange(0, 50, 5), 12), overlapping(np.array([0, 1, 9, 20]), 3)
        (2, 2, 1)
    """
    later = np.searchsorted(origins, np.asarray(origins) + horizon)
    return int((later - np.arange(len(origins)) - 1).max(initial=0))


def _check_same(forecasts: Sequence[Forecast]) -> None:
    if not forecasts:
        raise DataError("No forecast was given. Give the forecasts of at least one model.")
    first = forecasts[0]
    for other in forecasts[1:]:
        if not np.array_equal(other.origins, first.origins) or other.y_true.shape != first.y_true.shape:
            raise DataError(
                f"{first.model} and {other.model} forecast from different starting points. Compare models that forecast the same rows."
            )


def _chosen(kind: str, place: int | None, count: int, lowest: int) -> slice:
    if place is None:
        return slice(None)
    if not 0 <= place < count:
        raise ConfigError(f"There is no {kind} {place + lowest}. There are {lowest} to {count - 1 + lowest}.")
    return slice(place, place + 1)


def _scale(y_true: Floats) -> Floats:
    """(target,) standard deviation of the observed values; 1 where they do not vary."""
    spread = np.array(
        [np.nanstd(y_true[..., column]) if (~np.isnan(y_true[..., column])).any() else 0.0 for column in range(y_true.shape[2])]
    )
    return np.where(spread > 0, spread, 1.0)
