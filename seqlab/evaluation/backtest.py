"""Rolling-origin backtest: the same folds for trained networks and baselines, one result per model and fold."""

import dataclasses
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.baselines.guard import FIT_ERRORS
from seqlab.baselines.plan import FitPlan
from seqlab.baselines.table import BASELINES, baseline_entry, by_cost
from seqlab.config import BacktestConfig
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, SeqlabError
from seqlab.evaluation.backtest_models import check_model, common_bounds, common_targets, networks_of
from seqlab.evaluation.backtest_networks import forecast_kept, forecast_trained
from seqlab.evaluation.backtest_scores import fold_rows
from seqlab.evaluation.comparison import QUICK
from seqlab.evaluation.folds import Fold, FoldPlan, FoldResult, plan_folds
from seqlab.evaluation.forecast import forecast_columns, unobserved_note
from seqlab.records import Forecast

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["Backtest", "backtest"]

Floats = npt.NDArray[np.float64]
Say = Callable[[str, str], None]

HORIZON = 12  # where neither the user nor a network says


def _say_nothing(doing: str, detail: str) -> None:
    del doing, detail


def backtest(
    dataset: SeriesDataset,
    models: "Sequence[Fitted]" = (),
    baselines: Iterable[str] = tuple(BASELINES),
    horizon: int = HORIZON,
    folds: int = 5,
    *,
    by_step: bool = False,
    by_target: bool = False,
    **choices: Any,
) -> pd.DataFrame:
    """Forecast from several origins near the end of the data, and score each.

    Unless ``choices`` say otherwise, a baseline is fitted again before every fold, to all rows before its origin, in the
    data's own units, and a trained network keeps its weights, so that all folds lie in its test part. The last fold ends with
    the last row (of the test part), and folds are ``horizon`` rows apart; where the room is too small for that they lie
    closer together, which ``attrs["notes"]`` says. MASE is scaled by all rows before the fold's origin, for every model
    alike. Several targets are scored one by one and averaged. Of a series made of blocks each of the last ones is a fold.

    Args:
        dataset: the series; the one the networks were trained on.
        models: trained networks.
        baselines: keys of ``seqlab.BASELINES``; one that needs more targets is left out, which the notes say.
        horizon: steps forecast from each origin.
        folds: number of origins.
        by_step: one row per horizon step, with a column ``step`` from 1, instead of one per fold.
        by_target: one row per target, with a column ``target``, instead of their mean.
        choices: further fields of ``BacktestConfig``, such as ``window="sliding"``, ``fitting="update"`` or ``networks="train"``.

    Returns:
        Columns ``model fold origin horizon [step] [target] mae rmse smape mase``: folds count from 1 in time order, ``origin``
        is the row of the first forecast step; a metric is NaN where it is not computable. ``attrs["notes"]`` is a
        list of what models and folds want said.

    Raises:
        ConfigError: a choice out of its range, or nothing to compare, or a network with another horizon or other targets.
        DataError: a network trained on other data, or too few rows for the folds outside of what was trained on.
        UnknownKeyError: there is no such baseline.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> table = backtest(load_dataset("airline_passengers"), baselines=["naive", "seasonal_naive"], horizon=12, folds=3)
        >>> table.shape, sorted(table["origin"].unique().tolist())
        ((6, 8), [108, 120, 132])
    """
    for name, value in (("horizon", horizon), ("folds", folds)):
        if value < 1:
            raise ConfigError(f"The backtest's {name} is {value}. It must be at least 1.")
    config = BacktestConfig.from_dict({"horizon": horizon, "folds": folds, **choices})
    plan = Backtest(dataset, models, baselines, config)
    results = list(plan.events())
    rows = [row for result in results for row in fold_rows(result, dataset, by_step=by_step, by_target=by_target)]
    table = pd.DataFrame(rows)
    said = [f"{one.label}, fold {one.fold.number}: {note}" for one in results for note in (*one.notes, one.reason) if note]
    table.attrs["notes"] = list(dict.fromkeys([*plan.notes, *plan.skipped.values(), *said]))
    return table


class Backtest:
    """The models and folds of one backtest, and how to compute each.

    Args:
        dataset: the series; the one the networks were trained on.
        models: trained networks.
        baselines: keys of ``seqlab.BASELINES``.
        config: how it is laid out.

    Raises:
        ConfigError, DataError, UnknownKeyError: as :func:`backtest`.

    Attributes:
        targets: the columns that are forecast.
        horizon: steps per fold.
        plan: the folds.
        labels: key of every model → its name on the screen, in the order in which they are computed: what is quick first.
        skipped: baseline → why it cannot be used on this data.
        notes: what is to be said of the folds.
    """

    def __init__(self, dataset: SeriesDataset, models: "Sequence[Fitted]", baselines: Iterable[str], config: BacktestConfig) -> None:
        keys = by_cost(baselines)
        if not keys and not models:
            raise ConfigError("There is nothing to backtest. Give at least one trained model or one baseline.")
        self.dataset = dataset
        self.config = config
        self.horizon = config.horizon or (models[0].spec.window.horizon if models else HORIZON)
        for model in models:
            check_model(model, dataset, self.horizon, config)
        self.targets = common_targets(dataset, models)
        self._values = dataset.frame[list(self.targets)].to_numpy(dtype=np.float64)
        self.plan: FoldPlan = plan_folds(dataset, config, self.horizon, common_bounds(models))
        steps = self.plan.origins[:, None] + np.arange(self.horizon)
        self.notes = (*self.plan.notes, *unobserved_note(self._values[steps]))
        self.skipped = {key: reason for key in keys if (reason := baseline_entry(key).why_not(len(self.targets)))}
        self._context = models[0].spec.window.context_length if models else None
        self._networks = networks_of(models, config)
        usable = [key for key in keys if key not in self.skipped]
        quick = [key for key in usable if baseline_entry(key).cost < QUICK]
        networks = list(self._networks)
        ordered = networks + quick if config.networks == "keep" else quick + networks
        ordered += [key for key in usable if key not in quick]
        self.labels = {key: self._networks[key][0] if key in self._networks else baseline_entry(key).label for key in ordered}

    def events(self, done: Collection[tuple[str, int]] = (), say: Say = _say_nothing) -> Iterator[FoldResult]:
        """Compute every model's folds, yielding each as soon as it is ready.

        Args:
            done: (key, fold number) of what is known already and not computed again.
            say: told what is being done and more about it; called often, and may raise to leave.
        """
        for key, label in self.labels.items():
            left = [fold for fold in self.plan.folds if (key, fold.number) not in done]
            if key in self._networks:
                yield from (self._network_fold(key, fold, say) for fold in left)
            elif self.config.fitting == "update" and left:
                yield from (result for result in self._updated(key, label, say) if result.fold in left)
            else:
                yield from self._refitted(key, label, left, say)

    def _network_fold(self, key: str, fold: Fold, say: Say) -> FoldResult:
        label, model, seed, config = self._networks[key]
        doing = f"{label}, fold {fold.number} of {len(self.plan.folds)}"
        say(doing, "")
        if config.networks == "keep":
            return forecast_kept(key, label, model, fold, config)
        return forecast_trained(key, label, model, fold, config, seed, lambda detail: say(doing, detail))

    def _refitted(self, key: str, label: str, left: Sequence[Fold], say: Say) -> Iterator[FoldResult]:
        """Fitted anew before each fold. Time that one fold leaves over is there for the next."""
        remaining = self.config.seconds * len(left) / len(self.plan.folds)
        for number, fold in enumerate(left):
            began = time.perf_counter()
            seconds = remaining / (len(left) - number)
            yield self._fit(key, label, [fold], seconds, say)[0]
            remaining -= time.perf_counter() - began

    def _updated(self, key: str, label: str, say: Say) -> list[FoldResult]:
        """Fitted once, before the first fold; then it follows the values."""
        return self._fit(key, label, self.plan.folds, self.config.seconds, say)

    def _fit(self, key: str, label: str, folds: Sequence[Fold], seconds: float, say: Say) -> list[FoldResult]:
        """Fit a baseline before the first of some folds and forecast from each. It is handed no row after the last origin."""
        began, first, start = time.perf_counter(), folds[0].first, folds[0].origin
        until = f" to {folds[-1].number}" if len(folds) > 1 else ""
        doing = f"{label}, fold {folds[0].number}{until} of {len(self.plan.folds)}"
        say(doing, "")
        made = [FoldResult(key=key, label=label, fold=fold, fitted=(first, start)) for fold in folds]
        if seconds <= 0:
            spent = f"The {self.config.seconds:g} seconds for this baseline were spent on earlier folds."
            return [dataclasses.replace(one, reason=spent) for one in made]
        plan = FitPlan(
            horizon=self.horizon,
            context_length=self._context,
            seasons=self.dataset.seasons,
            seconds=seconds / (1 if baseline_entry(key).joint else len(self.targets)),
            say=lambda detail: say(doing, detail),
        )
        origins = np.array([fold.origin for fold in folds], dtype=np.int64)
        known = self._values[first : origins[-1]]
        try:
            found = forecast_columns(key, known, self.targets, self.dataset.season_length, start - first, origins - first, plan)
        except (SeqlabError, *FIT_ERRORS) as error:
            return [dataclasses.replace(one, reason=f"It could not be fitted: {error}") for one in made]
        share = (time.perf_counter() - began) / len(folds)
        return [
            dataclasses.replace(one, forecast=self._forecast(label, one.fold, y_pred), notes=found.notes, seconds=share)
            for one, y_pred in zip(made, found.y_pred, strict=True)
        ]

    def _forecast(self, label: str, fold: Fold, y_pred: Floats) -> Forecast:
        return Forecast(
            model=label,
            targets=self.targets,
            origins=np.array([fold.origin], dtype=np.int64),
            y_pred=y_pred[None],
            y_true=self._values[None, fold.origin : fold.end],
        )
