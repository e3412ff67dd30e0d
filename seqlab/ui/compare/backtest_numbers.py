"""The numbers of a backtest: every model's errors fold by fold, and what they say in plain words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.data.series import SeriesDataset
from seqlab.evaluation.backtest_scores import BACKTEST_METRICS, fold_rows
from seqlab.evaluation.folds import FoldResult
from seqlab.runs.backtest_log import StoredBacktest
from seqlab.ui.compare.stand import NETWORK
from seqlab.ui.run_text import number

__all__ = ["ModelFolds", "long_table", "models_of", "ranked", "reading", "reference_of"]

LEVEL = 0.01
"""Errors that differ by less than this share count as equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolds:
    """One model.

    Args:
        key: as :attr:`seqlab.evaluation.folds.FoldResult.key`.
        label: name on the screen.
        results: its folds so far, in time order.
        errors: metric → (fold,) NaN where a fold is missing or not computable.
    """

    key: str
    label: str
    results: tuple[FoldResult, ...]
    errors: dict[str, npt.NDArray[np.float64]]

    @property
    def network(self) -> bool:
        """Whether it is the run's network, or the same from another random start or with another strategy."""
        return self.key.partition(":")[0] in (NETWORK, "seed")

    @property
    def seconds(self) -> float:
        """All its folds together."""
        return float(np.nansum([one.seconds for one in self.results]))

    def complete(self, metric: str) -> bool:
        """Whether every fold has a number."""
        return bool(np.isfinite(self.errors[metric]).all())

    def mean(self, metric: str) -> float:
        """Over the folds that have a number; NaN if none has."""
        found = self.errors[metric][np.isfinite(self.errors[metric])]
        return float(found.mean()) if len(found) else math.nan

    def spread(self, metric: str) -> float:
        """Standard deviation over the folds; NaN of fewer than two."""
        found = self.errors[metric][np.isfinite(self.errors[metric])]
        return float(found.std(ddof=1)) if len(found) > 1 else math.nan


def models_of(stored: StoredBacktest, dataset: SeriesDataset, target: str = "") -> list[ModelFolds]:
    """Every model of which a fold is done, in the order in which they are computed.

    Args:
        stored: what is done so far.
        dataset: the series.
        target: a column; empty for the mean over all of them.
    """
    made = []
    for key, label in stored.labels.items():
        own = tuple(one for one in stored.results if one.key == key)
        if not own:
            continue
        errors = {metric: np.full(len(stored.folds), np.nan) for metric in BACKTEST_METRICS}
        for one in own:
            rows = fold_rows(one, dataset, by_target=bool(target))
            row = next((row for row in rows if not target or row["target"] == target), None)
            for metric in BACKTEST_METRICS:
                errors[metric][one.fold.number - 1] = math.nan if row is None else row[metric]
        made.append(ModelFolds(key=key, label=label, results=own, errors=errors))
    return made


def ranked(models: Sequence[ModelFolds], metric: str) -> list[ModelFolds]:
    """Those with a number in every fold first, the smallest mean first."""
    return sorted(models, key=lambda one: (not one.complete(metric), np.nan_to_num(one.mean(metric), nan=np.inf)))


def reference_of(models: Sequence[ModelFolds], season_length: int) -> ModelFolds | None:
    """The simple forecast to beat: naive, or seasonal naive where there is a season and it is no worse."""
    simple = [one for one in models if one.key == "naive" or (one.key == "seasonal_naive" and season_length > 1)]
    judged = [one for one in simple if one.complete("mae")]
    return min(judged, key=lambda one: one.mean("mae"), default=None)


def reading(models: Sequence[ModelFolds], metric: str, name: str, season_length: int) -> str:
    """What the folds say of the network; empty before it and a simple forecast are done.

    Args:
        models: all models.
        metric: which error.
        name: of the error, on the screen.
        season_length: m, 1 if there is none.
    """
    network = next((one for one in models if one.key == NETWORK), None)
    reference = reference_of(models, season_length)
    if network is None or reference is None or not (network.complete(metric) and reference.complete(metric)):
        return ""
    folds = len(network.errors[metric])
    own, simple = network.mean(metric), reference.mean(metric)
    low = reference.label[:1].lower() + reference.label[1:]
    said = f"Over {folds} fold{'s' if folds > 1 else ''} {network.label} has a mean {name} of {_with_spread(network, metric)}, {low} "
    said += f"{_with_spread(reference, metric)}. "
    better = int((network.errors[metric] < reference.errors[metric]).sum())
    if simple > 0 and abs(own / simple - 1) >= LEVEL:
        said += f"That is {'better' if own < simple else 'worse'} by {abs(own / simple - 1):.0%}; "
    else:
        said += "That is the same; "
    said += f"the network is the better of the two in {better} of {folds} folds. "
    best = ranked(models, metric)[0]
    said += "No model here has a smaller mean." if best is network else f"{best.label} has the smallest mean: {_with_spread(best, metric)}."
    return said


def _with_spread(one: ModelFolds, metric: str) -> str:
    spread = one.spread(metric)
    return f"{number(one.mean(metric))} ± {number(spread, 2)}" if math.isfinite(spread) else number(one.mean(metric))


def long_table(stored: StoredBacktest, dataset: SeriesDataset) -> pd.DataFrame:
    """One row per model, fold and column, with the rows it was fitted to and why there is no number."""
    rows = []
    for one in stored.results:
        for row in fold_rows(one, dataset, by_target=True):
            about = {
                "fitted_from": one.fitted[0],
                "fitted_until": one.fitted[1],
                "validated_until": max(one.validated[1], one.fitted[1]),
                "seconds": one.seconds,
                "reason": one.reason,
                "notes": " ".join(one.notes),
            }
            rows.append({"starts_at": dataset.frame.index[one.fold.origin]} | row | about)
    return pd.DataFrame(rows)
