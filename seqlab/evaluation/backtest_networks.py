"""Networks in a backtest: with the weights they have, or trained again on what comes before each fold."""

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from seqlab.config import BacktestConfig, RunSpec, SplitConfig
from seqlab.data.series import SeriesDataset
from seqlab.errors import SeqlabError
from seqlab.evaluation.folds import Fold, FoldResult
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.recursive import forecast_recursively
from seqlab.records import EpochRecord, Forecast, SplitBounds

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["fold_spec", "forecast_kept", "forecast_trained", "rows_until"]

Say = Callable[[str], None]


def forecast_kept(key: str, label: str, fitted: "Fitted", fold: Fold, config: BacktestConfig) -> FoldResult:
    """One fold forecast by a network as it is; the fold lies in its test part."""
    began = time.perf_counter()
    bounds = fitted.series.bounds
    result = FoldResult(key=key, label=label, fold=fold, fitted=(0, bounds.train_end), validated=(bounds.train_end, bounds.validation_end))
    try:
        forecast = _forecast(label, fitted, fold, fold.origin, config)
    except SeqlabError as error:  # the context touches a gap that no window may touch, say
        return dataclasses.replace(result, reason=str(error), seconds=time.perf_counter() - began)
    notes: tuple[str, ...] = ()
    if fitted.spec.data.missing == "interpolate" and fitted.series.missing:
        notes = (
            "Gaps in what it reads are closed by straight lines, which look ahead: a gap right before the fold knows of a value in it.",
        )
    return dataclasses.replace(result, forecast=forecast, notes=notes, seconds=time.perf_counter() - began)


def forecast_trained(key: str, label: str, fitted: "Fitted", fold: Fold, config: BacktestConfig, seed: int, say: Say) -> FoldResult:
    """One fold forecast by the same network, trained anew on the fold's own rows.

    The last of those rows, as large a share as in the run, decide when training stops. Scales are fitted to the rows before
    them; rows after the fold do not exist for it.

    Args:
        key, label: of the network.
        fitted: the run's network; only its spec and its data are used.
        fold: which rows.
        config: strategy and block.
        seed: of the network.
        say: told after every batch how far training is; may raise to leave it.
    """
    began = time.perf_counter()
    result = FoldResult(key=key, label=label, fold=fold, fitted=(fold.first, fold.origin))
    try:
        dataset = rows_until(fitted.series.dataset, fold)
        spec = fold_spec(fitted.spec, fitted.series.bounds, fold, dataset.block_length, config, seed)
        middle = fold.first + int(spec.split.train_size)
        result = dataclasses.replace(result, fitted=(fold.first, middle), validated=(middle, middle + int(spec.split.validation_size)))
        again = _train(spec, dataset, say)
        forecast = _forecast(label, again, fold, fold.origin - fold.first, config)
    except SeqlabError as error:
        return dataclasses.replace(result, reason=str(error), seconds=time.perf_counter() - began)
    notes = (again.message,) if again.outcome == "diverged" else ()
    return dataclasses.replace(result, forecast=forecast, notes=notes, seconds=time.perf_counter() - began)


def rows_until(dataset: SeriesDataset, fold: Fold) -> SeriesDataset:
    """The series as a fold may know it: from its first row to its last, nothing after."""
    frame = dataset.frame.iloc[fold.first : fold.end]
    if not isinstance(frame.index, pd.DatetimeIndex):
        frame = frame.reset_index(drop=True)
    return dataclasses.replace(dataset, frame=frame, published_test_start=None)


def fold_spec(spec: RunSpec, bounds: SplitBounds, fold: Fold, block: int, config: BacktestConfig, seed: int) -> RunSpec:
    """A run's spec for one fold: its rows as parts, given in numbers, so that nothing of the fold is trained on.

    Args:
        spec: the run's.
        bounds: the run's parts; the share of its validation part is kept.
        fold: which rows.
        block: rows of an independent block, 0 if the series is one whole.
        config: the strategy: a network that forecasts directly is built for the fold's horizon.
        seed: of the network.

    Example:
        >>> spec = RunSpec(dataset="airline_passengers")
        >>> parts = SplitBounds(train_end=100, validation_end=120, end=144)
        >>> fold = Fold(number=1, first=0, origin=120, horizon=12)
        >>> fold_spec(spec, parts, fold, 0, BacktestConfig(), 7).split.validation_size
        20.0
    """
    unit = block or 1
    known = fold.end - block - fold.first if block else fold.origin - fold.first
    share = (bounds.validation_end - bounds.train_end) / bounds.validation_end
    horizon = fold.horizon if config.strategy == "direct" else min(spec.window.horizon, fold.horizon)
    validation = max(block or horizon, unit * round(share * known / unit))
    split = SplitConfig(
        train_size=float(max(known - validation, unit)),
        validation_size=float(validation),
        test_size=float(fold.end - fold.first - known),
    )
    return spec.replace(
        fingerprint="",
        split=split,
        window=dataclasses.replace(spec.window, horizon=horizon),
        training=dataclasses.replace(spec.training, seed=seed),
    )


def _train(spec: RunSpec, dataset: SeriesDataset, say: Say) -> "Fitted":
    from seqlab.data.prepare import prepare
    from seqlab.training.device import choose_device, choose_threads  # imports torch
    from seqlab.training.session import TrainingSession

    device, reason = choose_device(spec.training.device)
    session = TrainingSession(spec, prepare(dataset, spec), device, reason, choose_threads(spec.model.cell))
    last = ""
    for event in session.events():
        if isinstance(event, EpochRecord):
            last = f", validation loss {event.validation_loss:.4g}"
        say(f"Epoch {event.epoch} of at most {spec.training.epochs}{last}.")
    return session.fitted()


def _forecast(label: str, fitted: "Fitted", fold: Fold, origin: int, config: BacktestConfig) -> Forecast:
    """The forecast of a fold, whose origin may have another row number in the network's own data."""
    if config.strategy == "recursive":
        y_pred = forecast_recursively(fitted, origin, fold.horizon, config.block)
    else:
        y_pred = forecast_fitted(fitted, [origin]).y_pred[0]
    names = fitted.series.target_names
    truth = fitted.series.dataset.frame[list(names)].to_numpy(dtype=np.float64)[origin : origin + fold.horizon]
    return Forecast(
        model=label,
        targets=names,
        origins=np.array([fold.origin], dtype=np.int64),
        y_pred=y_pred[None].astype(np.float64),
        y_true=truth[None],
    )
