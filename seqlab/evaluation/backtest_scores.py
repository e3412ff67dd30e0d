"""The errors of a backtest: per fold, per horizon step, per target; without anything heavy to import."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.data.series import SeriesDataset
from seqlab.evaluation.folds import FoldResult
from seqlab.evaluation.metrics import mae, mase_scale, rmse, smape

__all__ = ["BACKTEST_METRICS", "fold_rows", "step_errors"]

Floats = npt.NDArray[np.float64]

BACKTEST_METRICS = ("mae", "rmse", "smape", "mase")


def fold_rows(result: FoldResult, dataset: SeriesDataset, *, by_step: bool = False, by_target: bool = False) -> list[dict[str, Any]]:
    """The errors of one model in one fold.

    MASE is scaled by the change over one season in all rows before the fold's origin, for every model alike.

    Args:
        result: the fold; one without a forecast has NaN for every metric.
        dataset: the series.
        by_step: one row per horizon step, with ``step`` from 1.
        by_target: one row per target, with its name; else their mean, NaN where one of them is not computable.

    Returns:
        Rows of ``model fold origin horizon [step] [target] mae rmse smape mase``.
    """
    fold, forecast = result.fold, result.forecast
    about: dict[str, Any] = {"model": result.label, "fold": fold.number, "origin": fold.origin, "horizon": fold.horizon}
    targets = forecast.targets if forecast is not None else ()
    scales = [mase_scale(dataset.frame[name].to_numpy()[: fold.origin], dataset.season_length).value for name in targets]
    rows = []
    for step in range(fold.horizon) if by_step else [None]:
        where = about if step is None else about | {"step": step + 1}
        taken = slice(0, fold.horizon) if step is None else slice(step, step + 1)
        found = np.full((max(len(targets), 1), len(BACKTEST_METRICS)), np.nan)
        if forecast is not None:
            for column, scale in enumerate(scales):
                found[column] = _errors(forecast.y_true[0, taken, column], forecast.y_pred[0, taken, column], scale)
        if by_target:
            rows += [where | {"target": name} | _named(found[column]) for column, name in enumerate(targets or ("",))]
        else:
            rows.append(where | _named(found.mean(axis=0)))
    return rows


def step_errors(results: Sequence[FoldResult], dataset: SeriesDataset, metric: str, target: str = "") -> Floats:
    """The error of one model at every step ahead, over all its folds.

    Args:
        results: the model's folds; those without a forecast are left out.
        dataset: the series.
        metric: one of :data:`BACKTEST_METRICS`.
        target: the column; empty for the mean over all of them.

    Returns:
        (horizon,) NaN where nothing was observed; empty if no fold has a forecast.
    """
    made = [(one.fold, one.forecast) for one in results if one.forecast is not None]
    if not made:
        return np.empty(0)
    names = made[0][1].targets
    columns = [names.index(target)] if target else list(range(len(names)))
    each = []
    for column in columns:
        truth = np.stack([forecast.y_true[0, :, column] for _, forecast in made]).astype(np.float64)
        guess = np.stack([forecast.y_pred[0, :, column] for _, forecast in made]).astype(np.float64)
        guess = np.where(np.isfinite(guess), guess, np.nan)
        values = dataset.frame[names[column]].to_numpy()
        scales = [mase_scale(values[: fold.origin], dataset.season_length).value for fold, _ in made] if metric == "mase" else [1.0]
        each.append(_by_step(truth, guess, metric, np.array(scales)[:, None]))
    return np.asarray(np.mean(each, axis=0), dtype=np.float64)


def _by_step(truth: Floats, guess: Floats, metric: str, scales: Floats) -> Floats:
    """(horizon,) from (fold, horizon); a step that no fold observed, or that some fold forecasts with no number, is NaN."""
    seen = ~np.isnan(truth)
    error = np.abs(np.where(seen, truth, 0.0) - np.where(seen, guess, 0.0))
    if metric == "rmse":
        error = error**2
    elif metric == "smape":
        size = np.abs(np.where(seen, truth, 0.0)) + np.abs(np.where(seen, guess, 0.0))
        seen = seen & (size != 0)  # 0/0 is no error at all; NaN stays
        error = 200 * error / np.where(size == 0, 1.0, size)
    count = seen.sum(axis=0)
    total = np.where(seen, error / scales, 0.0).sum(axis=0)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.asarray(np.sqrt(mean) if metric == "rmse" else mean, dtype=np.float64)


def _errors(truth: npt.NDArray[np.floating], forecast: npt.NDArray[np.floating], scale: float) -> tuple[float, ...]:
    absolute = mae(truth, forecast).value
    return absolute, rmse(truth, forecast).value, smape(truth, forecast).value, absolute / scale


def _named(values: Floats) -> dict[str, float]:
    return {metric: float(value) for metric, value in zip(BACKTEST_METRICS, values, strict=True)}
