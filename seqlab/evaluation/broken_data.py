"""Data broken on purpose: the honest preparation with one mistake in it, as people make it by accident. Never for a real run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.data.scale import fit_scaler
from seqlab.data.window import WindowSet
from seqlab.errors import ConfigError
from seqlab.evaluation.scaled_rows import data_values, scaled_rows

__all__ = ["LEAKED_COLUMN", "MEAN_LENGTH", "break_data", "growth_length", "why_not", "without_leak"]

Floats = npt.NDArray[np.floating]

LEAKED_COLUMN = "growth of the target"
"""Name of the covariate that the leak ``future_covariate`` adds."""

MEAN_LENGTH = 5
"""Rows of the moving average; it looks two rows ahead."""


def why_not(prepared: Prepared, leak: str) -> str:
    """Why a leak cannot be shown on this data; empty if it can.

    Raises:
        ConfigError: there is no such leak.
    """
    if leak not in _BREAKS:
        raise ConfigError(f"There is no leak {leak!r}. Choose one of: {', '.join(_BREAKS)}.")
    if leak == "scaler" and prepared.spec.data.scaling == "none":
        return "This run scales nothing, so there is no scale that could know too much."
    if prepared.dataset.block_length and leak != "stop_on_test":
        return "This series is a row of independent blocks, each of them one window: windows neither overlap nor touch."
    return ""


def break_data(prepared: Prepared, leak: str) -> Prepared:
    """The same data with one leak in it.

    Args:
        prepared: honest data; it is not changed.
        leak: ``scaler``, ``random_split``, ``overlap``, ``stop_on_test`` or ``future_covariate``.

    Raises:
        ConfigError: there is no such leak, or it cannot be shown on this data.
    """
    reason = why_not(prepared, leak)
    if reason:
        raise ConfigError(f"{reason} Choose another leak.")
    return _BREAKS[leak](prepared)


def _scaler(prepared: Prepared) -> Prepared:
    """Scales fitted on all rows."""
    scaler = fit_scaler(prepared.spec.data.scaling, data_values(prepared), prepared.scaled_columns)
    rows = scaled_rows(prepared, scaler)
    context, stride = prepared.spec.window.context_length, prepared.spec.window.stride
    bounds = prepared.bounds
    windows = {
        "train": rows.windows(prepared, (context, bounds.train_end), stride),
        "validation": rows.windows(prepared, bounds.rows("validation")),
        "test": rows.windows(prepared, bounds.rows("test")),
    }
    return replace(prepared, scaler=scaler, _windows=MappingProxyType(windows))


def _random_split(prepared: Prepared) -> Prepared:
    """All windows before the test part, dealt at random to the three parts; the real test part stays out, to judge by."""
    everything = scaled_rows(prepared).windows(prepared, (prepared.spec.window.context_length, prepared.bounds.validation_end))
    count = everything.window_count
    train = min(prepared.windows("train").window_count, int(0.9 * count))
    validation = (count - train) // 2
    if validation < 1:
        raise ConfigError(f"There are only {count} windows before the test part, too few to deal. Choose a shorter context or horizon.")
    dealt = np.random.default_rng([prepared.spec.training.seed, count]).permutation(count)
    parts = {"train": dealt[:train], "validation": dealt[train : train + validation], "test": dealt[train + validation :]}
    return replace(prepared, _windows=MappingProxyType({part: _take(everything, np.sort(chosen)) for part, chosen in parts.items()}))


def _take(windows: WindowSet, chosen: npt.NDArray[np.int64]) -> WindowSet:
    index = chosen if windows.index is None else windows.index[chosen]
    return replace(windows, origins=windows.origins[chosen], index=index)


def _overlap(prepared: Prepared) -> Prepared:
    """Windows belong to training if they begin there, wherever they end."""
    bounds, window = prepared.bounds, prepared.spec.window
    end = min(bounds.train_end + window.context_length + window.horizon - 1, bounds.end)
    train = scaled_rows(prepared).windows(prepared, (window.context_length, end), window.stride)
    return _with(prepared, train=train)


def _stop_on_test(prepared: Prepared) -> Prepared:
    """The test part decides which epoch is kept."""
    return _with(prepared, validation=prepared.windows("test"))


def _with(prepared: Prepared, **changed: WindowSet) -> Prepared:
    windows = {part: changed.get(part, prepared.windows(part)) for part in ("train", "validation", "test")}
    return replace(prepared, _windows=MappingProxyType(windows))


def _future_covariate(prepared: Prepared) -> Prepared:
    """The growth of a centred moving average of the target, computed over the whole table, handed over as known ahead."""
    rows = scaled_rows(prepared)
    length = growth_length(prepared)
    targets = rows.features[..., : prepared.target_size]  # gaps filled: a moving average has no holes
    growth = np.stack([[_growth(column, length) for column in series.T] for series in targets]).transpose(0, 2, 1)
    features = np.concatenate([rows.features, growth.astype(np.float32)], axis=2)
    wider = replace(rows, features=features, known_size=rows.known_size + prepared.target_size)
    context, stride = prepared.spec.window.context_length, prepared.spec.window.stride
    bounds = prepared.bounds
    windows = {
        "train": wider.windows(prepared, (context, bounds.train_end), stride),
        "validation": wider.windows(prepared, bounds.rows("validation")),
        "test": wider.windows(prepared, bounds.rows("test")),
    }
    names = (LEAKED_COLUMN,) if prepared.target_size == 1 else tuple(f"growth of {name}" for name in prepared.target_names)
    return replace(
        prepared,
        feature_names=(*prepared.feature_names, *names),
        known_names=(*prepared.known_names, *names),
        _windows=MappingProxyType(windows),
    )


def growth_length(prepared: Prepared) -> int:
    """Rows over which the leaked column grows: the fewest whole seasons that span the horizon, so that what it grew from is known."""
    season, horizon = prepared.season_length, prepared.spec.window.horizon
    return season * -(-horizon // season)


def _growth(values: Floats, length: int) -> npt.NDArray[np.float64]:
    """(time,) mean of the values around each row, less the same ``length`` rows earlier; the first rows grow from the first one."""
    ones = np.ones(MEAN_LENGTH)
    total: npt.NDArray[np.float64] = np.convolve(np.asarray(values, dtype=np.float64), ones, mode="same")
    mean = total / np.convolve(np.ones(len(values)), ones, mode="same")  # at the ends, of those there are
    earlier = np.maximum(np.arange(len(values)) - length, 0)
    made: npt.NDArray[np.float64] = mean - mean[earlier]
    return made


def without_leak(x: Floats, future: Floats, prepared: Prepared) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Windows of ``future_covariate`` as they would be in real use: the last growth that can be computed is repeated.

    A centred mean of the row before the origin needs rows after it. So the newest ones are replaced too.

    Args:
        x: (sample, context, feature) and
        future: (sample, horizon, known), with the leaked columns last.
        prepared: the broken data.
    """
    leaked = prepared.target_size
    newest = max(x.shape[1] - 1 - MEAN_LENGTH // 2, 0)
    last = x[:, newest : newest + 1, -leaked:]
    x, future = np.array(x, dtype=np.float32), np.array(future, dtype=np.float32)
    x[:, newest + 1 :, -leaked:] = last
    future[..., -leaked:] = last
    return x, future


_BREAKS: Mapping[str, Callable[[Prepared], Prepared]] = MappingProxyType(
    {
        "scaler": _scaler,
        "random_split": _random_split,
        "overlap": _overlap,
        "stop_on_test": _stop_on_test,
        "future_covariate": _future_covariate,
    }
)
