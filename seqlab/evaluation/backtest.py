"""Rolling-origin backtest: the same folds for trained networks and refitted baselines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.baselines.table import BASELINES, baseline_entry, by_cost
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.forecast import forecast_column, forecast_fitted, unobserved_note
from seqlab.evaluation.score import score_arrays

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["BACKTEST_METRICS", "backtest", "fold_origins"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BACKTEST_METRICS = ("mae", "rmse", "smape", "mase")


def backtest(
    dataset: SeriesDataset,
    models: "Sequence[Fitted]" = (),
    baselines: Iterable[str] = tuple(BASELINES),
    horizon: int = 12,
    folds: int = 5,
    *,
    by_step: bool = False,
) -> pd.DataFrame:
    """Forecast from several origins near the end of the data, and score each.

    A baseline is fitted again before every fold, to all rows before its origin, in the data's own units. A trained
    network keeps its weights, so all folds lie in its test part. The last fold ends with the last row (of the test part),
    and folds are ``horizon`` rows apart; where the room is too small for that they lie closer together, which
    ``attrs["notes"]`` says. MASE is scaled by all rows before the fold's origin, for every model alike. Several targets
    are scored one by one and averaged. Of a series made of blocks each of the last ones is a fold.

    Args:
        dataset: the series; the one the networks were trained on.
        models: trained networks with this horizon.
        baselines: keys of ``seqlab.BASELINES``.
        horizon: steps forecast from each origin.
        folds: number of origins.
        by_step: one row per horizon step, with a column ``step`` from 1, instead of one per fold.

    Returns:
        Columns ``model fold origin horizon [step] mae rmse smape mase``: folds count from 1 in time order, ``origin`` is
        the row of the first forecast step; a metric is NaN where it is not computable. ``attrs["notes"]`` is a
        list of what models and folds want said.

    Raises:
        ConfigError: horizon or folds below 1, or nothing to compare, or a network with another horizon or other targets.
        DataError: a network trained on other data, or too few rows for the folds outside of what was trained on.
        UnknownKeyError: there is no such baseline.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> table = backtest(load_dataset("airline_passengers"), baselines=["naive", "seasonal_naive"], horizon=12, folds=3)
        >>> table.shape, sorted(table["origin"].unique().tolist())
        ((6, 8), [108, 120, 132])
    """
    keys = by_cost(baselines)
    if not keys and not models:
        raise ConfigError("There is nothing to backtest. Give at least one trained model or one baseline.")
    for model in models:
        _check_model(model, dataset, horizon)
    targets = _targets(dataset, models)
    values = dataset.frame[list(targets)].to_numpy(dtype=np.float64)
    first = max((model.prepared.bounds.validation_end for model in models), default=len(values) // 2)
    end = min((model.prepared.bounds.end for model in models), default=len(values))
    notes: list[str] = []
    if dataset.block_length:
        origins = _block_origins(dataset, first, end, horizon, folds)
    else:
        origins, notes = fold_origins(first, end, horizon, folds, trained=bool(models))
    notes += unobserved_note(values[origins[:, None] + np.arange(horizon)])
    rows: list[dict[str, Any]] = []
    for name, forecasts in _forecasts(values, dataset.season_length, models, keys, targets, origins, horizon, notes):
        for fold, origin in enumerate(origins):
            truth = values[origin : origin + horizon]
            steps = [slice(step, step + 1) for step in range(horizon)] if by_step else [slice(0, horizon)]
            for step in steps:
                scores = score_arrays(truth[None, step], forecasts[None, fold, step], values[:origin], dataset.season_length, targets)
                row = {"model": name, "fold": fold + 1, "origin": int(origin), "horizon": horizon}
                rows.append(
                    row
                    | ({"step": step.start + 1} if by_step else {})
                    | {s.metric: s.value for s in scores if s.metric in BACKTEST_METRICS}
                )
    table = pd.DataFrame(rows)
    table.attrs["notes"] = list(dict.fromkeys(notes))
    return table


def fold_origins(first: int, end: int, horizon: int, folds: int, *, trained: bool) -> tuple[Integers, list[str]]:
    """Rows of the first forecast steps, ascending, and what to say about them.

    Args:
        first: first row that may be forecast.
        end: one past the last row; the last fold ends here.
        horizon: steps per fold.
        folds: number of folds.
        trained: whether the rows before ``first`` were used in training, for the message.

    Raises:
        ConfigError: horizon or folds below 1.
        DataError: the rows do not suffice even for folds one row apart.

    Example:
        >>> fold_origins(50, 100, 12, 3, trained=False)[0].tolist()
        [64, 76, 88]
    """
    for name, value in (("horizon", horizon), ("folds", folds)):
        if value < 1:
            raise ConfigError(f"The backtest's {name} is {value}. It must be at least 1.")
    room = end - first
    if room < horizon + folds - 1:
        before = "were trained or validated on" if trained else "are kept as history"
        most = room - horizon + 1
        remedy = f"Choose at most {most} folds" if most >= 1 else f"Choose a horizon of at most {max(room, 0)} steps"
        raise DataError(
            f"{folds} folds of {horizon} steps need at least {horizon + folds - 1} rows, but only {max(room, 0)} follow "
            f"the {first} rows that {before}. {remedy}{', or train with a larger test part' if trained else ', or use a longer series'}."
        )
    apart = horizon if folds == 1 else min(horizon, (room - horizon) // (folds - 1))
    origins = end - horizon - apart * np.arange(folds - 1, -1, -1, dtype=np.int64)
    notes = []
    if apart < horizon:
        notes.append(
            f"The {room} rows that can be forecast are too few for {folds} separate folds of {horizon} steps, "
            f"so the folds overlap: their origins are {apart} row{'s' if apart > 1 else ''} apart."
        )
    return origins, notes


def _block_origins(dataset: SeriesDataset, first: int, end: int, horizon: int, folds: int) -> Integers:
    """One fold for each of the last blocks, at the one row from which a block is forecast."""
    for name, value in (("horizon", horizon), ("folds", folds)):
        if value < 1:
            raise ConfigError(f"The backtest's {name} is {value}. It must be at least 1.")
    length = dataset.block_length
    whole = end // length - -(-first // length)
    if horizon >= length or whole < folds:
        raise DataError(
            f"{folds} folds of {horizon} steps need {folds} blocks of more than {horizon} rows; {max(whole, 0)} blocks of {length} rows "
            "can be forecast. Choose fewer folds or a shorter horizon."
        )
    return np.arange(end // length - folds + 1, end // length + 1, dtype=np.int64) * length - horizon


def _check_model(model: "Fitted", dataset: SeriesDataset, horizon: int) -> None:
    if model.prepared.dataset.fingerprint != dataset.fingerprint:
        raise DataError(
            f"The model {model.name!r} was trained on {model.prepared.dataset.label!r}, not on this data ({dataset.label!r}): "
            "the fingerprints differ. Give the data set it was trained on, or train it on this one."
        )
    trained = model.spec.window.horizon
    if trained != horizon:
        raise ConfigError(
            f"The model {model.name!r} forecasts {trained} steps, but the backtest asks for {horizon}. "
            f"Use horizon={trained}, or train a model with that horizon."
        )


def _targets(dataset: SeriesDataset, models: "Sequence[Fitted]") -> tuple[str, ...]:
    if not models:
        return dataset.targets
    targets = models[0].prepared.target_names
    for model in models:
        if model.prepared.target_names != targets:
            raise ConfigError(
                f"The models forecast different targets: {models[0].name!r} {', '.join(targets)}; {model.name!r} "
                f"{', '.join(model.prepared.target_names)}. Backtest them one at a time."
            )
    return targets


def _forecasts(
    values: Floats,
    season_length: int,
    models: "Sequence[Fitted]",
    keys: tuple[str, ...],
    targets: tuple[str, ...],
    origins: Integers,
    horizon: int,
    notes: list[str],
) -> Iterator[tuple[str, Floats]]:
    """Name and (fold, horizon, target) forecasts of each model; adds to ``notes``."""
    seen: Counter[str] = Counter()
    for model in models:
        seen[model.name] += 1
        name = model.name if seen[model.name] == 1 else f"{model.name} ({seen[model.name]})"
        yield name, np.asarray(forecast_fitted(model, origins).y_pred, dtype=np.float64)
    for key in keys:
        label = baseline_entry(key).label
        made = np.empty((len(origins), horizon, len(targets)))
        for fold, origin in enumerate(origins):
            for column, target in enumerate(targets):
                forecast, said = forecast_column(key, values[:, column], season_length, int(origin), origins[fold : fold + 1], horizon)
                made[fold, :, column] = forecast[0]
                where = f", {target}" if len(targets) > 1 else ""
                notes += [f"{label}{where}, fold {fold + 1}: {note}" for note in said]
        yield label, made
