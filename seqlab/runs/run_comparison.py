"""Several runs side by side: one row per run, what differs between them, groups of like runs, and the front of the cheapest good ones."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.errors import SeqlabError
from seqlab.runs.spec_fields import differing, field_label, spec_values, value_text
from seqlab.runs.summary import RunSummary

__all__ = ["Group", "RunRow", "groups", "incomparable", "pareto_front", "run_row", "same_data"]

_ALWAYS = ("dataset", "dataset_options.", "data.targets", "split.", "window.horizon")
_OF_THE_LOSS = ("data.scaling", "data.transform", "training.loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """What the comparison knows of one run.

    Args:
        run_id, name, status: as in the list of runs.
        spec: its settings, with the data's fingerprint where it has been trained.
        values: the settings by path, see :func:`seqlab.runs.spec_fields.spec_values`.
        best_epoch, epochs: the epoch whose weights are kept, and how many were trained.
        validation_loss: the loss of that epoch, on scaled values; NaN if there is none.
        scores: metric → value on the test part.
        parameters: trainable numbers; 0 if not known.
        seconds: of training, pauses left out.
        device: where it was trained; empty if not known.
        has_model: whether it has weights.
    """

    run_id: str
    name: str
    status: str
    spec: RunSpec
    values: Mapping[str, Any]
    best_epoch: int
    epochs: int
    validation_loss: float
    scores: Mapping[str, float]
    parameters: int
    seconds: float
    device: str
    has_model: bool

    @property
    def seed(self) -> int:
        """Seed of the network and of its batches."""
        return self.spec.training.seed

    def score(self, metric: str) -> float:
        """A metric of the test part; NaN where there is none."""
        return float(self.scores.get(metric, math.nan))


def run_row(run: RunSummary) -> RunRow:
    """The row of one run; what is not known yet is NaN, 0 or empty."""
    result = run.result
    try:
        spec = run.folder.spec  # a run that has begun knows its data's fingerprint
    except SeqlabError:
        spec = run.spec
    return RunRow(
        run_id=run.run_id,
        name=run.name,
        status=run.status,
        spec=spec,
        values=spec_values(spec),
        best_epoch=result.best_epoch if result else 0,
        epochs=result.epochs if result else 0,
        validation_loss=result.best_validation_loss if result else math.nan,
        scores=dict(result.scores) if result else {},
        parameters=result.parameters if result else 0,
        seconds=result.seconds if result else math.nan,
        device=str((run.folder.environment or {}).get("device", "")),
        has_model=run.folder.has_model,
    )


def same_data(one: RunSpec, other: RunSpec) -> str:
    """Why two runs do not forecast the same thing; empty if they do.

    Example:
        >>> same_data(RunSpec(dataset="sunspots"), RunSpec(dataset="airline_passengers"))
        'another data set'
    """
    if one.dataset != other.dataset:
        return "another data set"
    if dict(one.dataset_options) != dict(other.dataset_options):
        return "the data set was generated with other options"
    if one.fingerprint and other.fingerprint and one.fingerprint != other.fingerprint:
        return "the data has changed since"
    if one.data.targets != other.data.targets:
        return "other target columns"
    return ""


def incomparable(rows: Sequence[RunRow] | Sequence[RunSummary], *, test: bool = False) -> tuple[str, ...]:
    """Labels of the settings that differ and without which errors of the chosen runs do not mean the same.

    Args:
        rows: the runs.
        test: whether test scores, in the data's own units, are compared; else validation losses, on scaled values.

    Returns:
        Labels; empty if the numbers can be compared.
    """
    asked = _ALWAYS if test else _ALWAYS + _OF_THE_LOSS
    found = differing([row.spec for row in rows]) if rows else ()
    named = [field_label(path) for path in found if any(path == each or (each.endswith(".") and path.startswith(each)) for each in asked)]
    if any(same_data(rows[0].spec, row.spec) == "the data has changed since" for row in rows[1:]):
        named.append("The data itself")
    return tuple(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Runs that share one value of a setting.

    Args:
        value: the setting's value, in words.
        names: the runs' names.
        errors: (run,) finite errors of the group's runs.
        missing: runs of the group without a number.
    """

    value: str
    names: tuple[str, ...]
    errors: npt.NDArray[np.float64]
    missing: int

    @property
    def mean(self) -> float:
        """Mean over the runs; NaN if there is none."""
        return float(np.mean(self.errors)) if len(self.errors) else math.nan

    @property
    def deviation(self) -> float:
        """Standard deviation over the runs (divided by n - 1); NaN for fewer than two."""
        return float(np.std(self.errors, ddof=1)) if len(self.errors) > 1 else math.nan


def groups(rows: Sequence[RunRow], path: str, errors: Sequence[float]) -> tuple[Group, ...]:
    """The runs grouped by one setting, in the order of its values.

    Args:
        rows: the runs.
        path: the setting, such as ``model.hidden_size``.
        errors: (run,) the number to average; NaN where a run has none.
    """
    found: dict[Any, list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault(row.values.get(path), []).append(place)
    made = []
    for value in sorted(found, key=_order):
        numbers = np.array([errors[place] for place in found[value]], dtype=np.float64)
        seen = np.isfinite(numbers)
        names = tuple(rows[place].name for place, is_there in zip(found[value], seen, strict=True) if is_there)
        made.append(Group(value=value_text(path, value), names=names, errors=numbers[seen], missing=int((~seen).sum())))
    return tuple(made)


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers by size, then words, then nothing."""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))


def pareto_front(cost: npt.ArrayLike, error: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Which points no other point beats: none is at most as costly and at most as wrong, and better in one of the two.

    Args:
        cost: (point,)
        error: (point,)

    Returns:
        (point,); a point with a missing number is never on the front.

    Example:
        >>> pareto_front([1, 2, 3, 2], [5, 3, 3, 4]).tolist()
        [True, True, False, False]
    """
    costs, errors = np.asarray(cost, dtype=np.float64), np.asarray(error, dtype=np.float64)
    known = np.isfinite(costs) & np.isfinite(errors)
    as_good = (costs[None] <= costs[:, None]) & (errors[None] <= errors[:, None]) & known[None]
    better = (costs[None] < costs[:, None]) | (errors[None] < errors[:, None])
    return known & ~(as_good & better).any(axis=1)
