"""Bands of the models of a comparison as numbers, and what they amount to in plain words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.evaluation.metric_table import METRICS, PROBABILISTIC_METRICS
from seqlab.figures.intervals import separate_origins
from seqlab.records import Forecast, Interval, Score
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.stand import Stand

__all__ = ["Banded", "banded", "best_by_msis", "long_table", "score_table", "verdict_on"]

NEAR = 0.03
"""A coverage this close to the level is about what was promised."""

FEW = 20
"""With fewer forecasts that share no step, a coverage is mostly chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Banded:
    """One model with its band.

    Args:
        model: of the comparison.
        forecast: of the test part.
        band: around it.
        scores: of the column that is looked at: one per key of ``PROBABILISTIC_METRICS``.
        values: observed values of that column that are forecast.
    """

    model: ComparedModel
    forecast: Forecast
    band: Interval
    scores: dict[str, Score]
    values: int


def banded(stand: Stand, models: Sequence[ComparedModel], level: float, method: str, target: str) -> list[Banded]:
    """The models that have forecasts, with their bands; those without calibration have a band that says so."""
    found = []
    for model in models:
        forecast = stand.forecast(model)
        if forecast is None:
            continue
        calibration = stand.calibration(model)
        training = np.column_stack([stand.training(name) for name in forecast.targets])
        mark = f"{_mark(forecast)} {_mark(calibration)}"
        band, scores = _computed(
            str(stand.run.folder.path), model.number, mark, forecast, calibration, level, method, training, stand.season_length
        )
        place = forecast.targets.index(target)
        found.append(
            Banded(
                model=model,
                forecast=forecast,
                band=band,
                scores={one.metric: one for one in scores if one.target == target},
                values=int(np.isfinite(forecast.y_true[..., place]).sum()),
            )
        )
    return found


def _mark(forecast: Forecast | None) -> str:
    """Tells forecasts of one model apart after the comparison was made again."""
    return "" if forecast is None else f"{forecast.y_pred.shape}{float(np.nansum(forecast.y_pred)):.17g}"


@st.cache_data(max_entries=300, show_spinner=False)
def _computed(
    folder: str,  # noqa: ARG001 - with number and mark it names the forecasts
    number: int,  # noqa: ARG001
    mark: str,  # noqa: ARG001
    _forecast: Forecast,
    _calibration: Forecast | None,
    level: float,
    method: str,
    _training: np.ndarray,
    season_length: int,
) -> tuple[Interval, tuple[Score, ...]]:
    from seqlab.evaluation.intervals import interval_of, probabilistic_scores

    band = interval_of(_forecast, _calibration, level, method)
    return band, probabilistic_scores(_forecast, _calibration, level, method, _training, season_length)


def best_by_msis(bands: Sequence[Banded]) -> Banded | None:
    """The model with the smallest interval score; None if fewer than two have one."""
    judged = [one for one in bands if math.isfinite(one.scores["msis"].value)]
    return min(judged, key=lambda one: one.scores["msis"].value) if len(judged) > 1 else None


def verdict_on(one: Banded) -> str:
    """Whether a band keeps its promise, as a sentence with its numbers."""
    held, level = one.scores["coverage"], one.band.level
    name = f"The {100 * level:.4g} % band of {one.model.model}"
    if held.reason:
        return f"{name} cannot be judged. {held.reason}"
    said = f"{name} held {100 * held.value:.0f} % of {one.values:,} values"
    gap = held.value - level
    apart = max(separate_origins(one.forecast.origins, one.forecast.y_pred.shape[1]), 1)
    count = len(one.forecast.origins)
    few = f"only {apart} of the {count:,} forecasts share no step with another" if apart < count else f"there are only {apart} forecasts"
    few = few if apart > 1 else "all the forecasts share steps"
    if NEAR < abs(gap) <= 1.96 * math.sqrt(level * (1 - level) / apart):
        return f"{said}: {'fewer' if gap < 0 else 'more'} than it promises, but no more off than chance allows, as {few}."
    if abs(gap) <= NEAR:
        said += ": about what it promises."
    elif gap < 0:
        said += f": too few, it promises more than it keeps. It is too narrow for {100 * -gap:.0f} of 100 values."
    else:
        said += ": more than it promises, so it is wider than it need be."
    return said if apart >= FEW else f"{said} Mind that {few}, so one good or bad stretch decides much."


def score_table(bands: Sequence[Banded]) -> pd.DataFrame:
    """One row per model: the scores of its band, NaN where one is not computable; the smallest interval score first."""
    labels = {key: METRICS[key].label for key in PROBABILISTIC_METRICS}
    rows = [{"Model": one.model.model, **{labels[key]: one.scores[key].value for key in labels}} for one in bands]
    table = pd.DataFrame(rows, columns=["Model", *labels.values()])
    return table.sort_values(labels["msis"], na_position="last", kind="stable", ignore_index=True)


def long_table(bands: Sequence[Banded], index: pd.Index, target: str) -> pd.DataFrame:
    """Every bound: one row per model, starting point and step."""
    parts = []
    for one in bands:
        place = one.forecast.targets.index(target)
        origins, horizon, _ = one.forecast.y_pred.shape
        rows = one.forecast.origins[:, None] + np.arange(horizon)
        parts.append(
            pd.DataFrame(
                {
                    "model": one.model.model,
                    "method": one.band.method,
                    "level": one.band.level,
                    "starts_at": index[one.forecast.origins].repeat(horizon),
                    "step": np.tile(np.arange(1, horizon + 1), origins),
                    "time": index[rows.ravel()],
                    "column": target,
                    "lower": one.band.lower[..., place].ravel(),
                    "forecast": one.forecast.y_pred[..., place].ravel(),
                    "upper": one.band.upper[..., place].ravel(),
                    "value": one.forecast.y_true[..., place].ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
