"""What a sweep has found so far: the best loss over the trials, and how far each setting orders the losses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.runs.search_space import SearchField
from seqlab.runs.spec_fields import value_text
from seqlab.runs.sweep import SweepTrial

__all__ = ["ENOUGH", "Influence", "influence", "sweep_table"]

ENOUGH = 8
"""Complete trials below which nothing is said about the influence of a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How far one setting orders the losses.

    Args:
        path: the setting.
        strength: from 0 (not at all) to 1 (completely); NaN where ``reason`` says why.
        direction: ``larger is better``, ``smaller is better``, or empty for a setting without an order.
        reason: why there is no strength; empty if there is one.
    """

    path: str
    strength: float
    direction: str = ""
    reason: str = ""


def influence(trials: Sequence[SweepTrial], space: Sequence[SearchField]) -> tuple[Influence, ...]:
    r"""Rank correlation of each setting with the loss, over the complete trials.

    For numbers: the absolute value of Spearman's ρ. For words: the correlation ratio of the ranks,
    corrected for the number of groups, :math:`\sqrt{1 - (1 - \eta^2)(n - 1)/(n - k)}`, 0 where that is negative.
    It looks at one setting at a time: what two do together it does not see.

    Args:
        trials: of one sweep.
        space: its settings.

    Returns:
        One per setting, the strongest first.
    """
    complete = [trial for trial in trials if trial.state == "complete"]
    losses = pd.Series([trial.loss for trial in complete], dtype=float).rank().to_numpy(dtype=np.float64)
    found = [_influence(field, [trial.values.get(field.path) for trial in complete], losses) for field in space]
    return tuple(sorted(found, key=lambda each: -each.strength if math.isfinite(each.strength) else 1.0))


def _influence(field: SearchField, values: list[Any], ranks: npt.NDArray[np.floating]) -> Influence:
    if len(values) < ENOUGH:
        return Influence(path=field.path, strength=math.nan, reason=f"{len(values)} complete trials are too few; {ENOUGH} are needed")
    if len(set(values)) < 2 or np.ptp(ranks) == 0:
        return Influence(path=field.path, strength=math.nan, reason="all values, or all losses, are the same")
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        rho = float(np.corrcoef(pd.Series(values, dtype=float).rank().to_numpy(), ranks)[0, 1])
        return Influence(path=field.path, strength=abs(rho), direction="smaller is better" if rho > 0 else "larger is better")
    return Influence(path=field.path, strength=_correlation_ratio([str(value) for value in values], ranks))


def _correlation_ratio(values: list[str], ranks: npt.NDArray[np.floating]) -> float:
    count, kinds = len(values), sorted(set(values))
    if count <= len(kinds):
        return 0.0
    of = np.array(values)
    within = sum(float(((ranks[of == kind] - ranks[of == kind].mean()) ** 2).sum()) for kind in kinds)
    total = float(((ranks - ranks.mean()) ** 2).sum())
    return math.sqrt(max(0.0, 1.0 - (within / total) * (count - 1) / (count - len(kinds))))


def sweep_table(trials: Sequence[SweepTrial], space: Sequence[SearchField], *, words: bool = False) -> pd.DataFrame:
    """One row per trial: number from 1, state, validation loss, the settings, the run, and what is to be said.

    Args:
        trials: of one sweep.
        space: its settings, one column each.
        words: whether columns and values are named as on the screen; else as in the library.
    """
    rows = []
    for trial in trials:
        row: dict[str, Any] = {"trial": trial.number + 1, "state": trial.state, "validation_loss": trial.loss}
        for field in space:
            value = trial.values.get(field.path)
            row[field.label if words else field.path] = value_text(field.path, value) if words and isinstance(value, str | bool) else value
        rows.append(row | {"run": trial.run_id, "note": trial.reason})
    columns = ["trial", "state", "validation_loss", *(field.label if words else field.path for field in space), "run", "note"]
    return pd.DataFrame(rows, columns=columns)
