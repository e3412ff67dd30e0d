"""A sweep: many runs that differ in a few settings, chosen one after the other. What is asked for, and what a trial is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from seqlab.config import RunSpec
from seqlab.errors import ConfigError
from seqlab.runs.search_space import SearchField, grid

__all__ = ["MOST_TRIALS", "SAMPLERS", "Sampler", "SweepSpec", "SweepTrial", "best_trial"]

FORMAT = 1
MOST_TRIALS = 500
MOST_COMBINATIONS = 20_000
MOST_PARALLEL = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """A way to choose the next settings, in words."""

    label: str
    sentence: str


SAMPLERS: Mapping[str, Sampler] = MappingProxyType(
    {
        "tpe": Sampler(
            label="Learns from the trials",
            sentence=(
                "Tree-structured Parzen estimator (Bergstra et al. 2011): the first trials are drawn at random, each later one where the "
                "good trials so far are dense and the bad ones are rare."
            ),
        ),
        "random": Sampler(
            label="Random",
            sentence="Every trial is drawn at random from the ranges (Bergstra & Bengio 2012): no trial depends on another one.",
        ),
        "grid": Sampler(
            label="Grid",
            sentence="Every combination of the values once, in shuffled order; of a range, some equally distant points are taken.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSpec:
    """Everything needed to repeat a sweep. Its objective is always the smallest validation loss of a run, never the test part.

    Args:
        base: the settings that all trials share.
        space: what changes.
        name: what to call it.
        sampler: key of :data:`SAMPLERS`.
        trials: how many settings are tried, at most.
        seed: of the sampler; the seed of the networks is a setting of ``base``.
        points: values that a grid takes from each range.
        parallel: trials on their way at a time; ``None`` for as many as runs are trained at a time.

    Raises:
        ConfigError: a value out of its range, or a space that has nothing to search.
    """

    base: RunSpec
    space: tuple[SearchField, ...]
    name: str = ""
    sampler: str = "tpe"
    trials: int = 20
    seed: int = 0
    points: int = 4
    parallel: int | None = None

    def __post_init__(self) -> None:
        if not self.space:
            raise ConfigError("The sweep changes nothing. Choose at least one setting to search.")
        paths = [each.path for each in self.space]
        double = {path for path in paths if paths.count(path) > 1}
        if double:
            raise ConfigError(f"The sweep names {', '.join(sorted(double))} twice. Name each setting once.")
        if self.sampler not in SAMPLERS:
            raise ConfigError(f"There is no sampler {self.sampler!r}. Choose from: {', '.join(SAMPLERS)}.")
        _within("trials", self.trials, 1, MOST_TRIALS)
        _within("points of each range", self.points, 2, 20)
        if self.parallel is not None:
            _within("trials at a time", self.parallel, 1, MOST_PARALLEL)
        if self.sampler == "grid":
            self._check_grid()

    def _check_grid(self) -> None:
        count = math.prod(len(each.points(self.points)) for each in self.space)
        if count > MOST_COMBINATIONS:
            allowed = f"{MOST_COMBINATIONS:,} are allowed"
            raise ConfigError(f"The grid has {count:,} combinations, {allowed}. Take fewer values, or another sampler.")
        if not grid(self.space, self.points, self.base)[0]:
            raise ConfigError(f"None of the {count:,} combinations of this grid is possible. Change the values that contradict each other.")

    @property
    def planned(self) -> int:
        """Trials that there will be: a grid may have fewer combinations than were asked for."""
        if self.sampler != "grid":
            return self.trials
        return min(self.trials, len(grid(self.space, self.points, self.base)[0]))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "format": FORMAT,
            "base": self.base.to_dict(),
            "space": [each.to_dict() for each in self.space],
            "name": self.name,
            "sampler": self.sampler,
            "trials": self.trials,
            "seed": self.seed,
            "points": self.points,
            "parallel": self.parallel,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SweepSpec":
        """The sweep that :meth:`to_dict` described.

        Raises:
            ConfigError: another format, or values that are not allowed.
        """
        if values.get("format") != FORMAT:
            raise ConfigError(f"This sweep has another format. This seqlab reads format {FORMAT}; start the sweep again.")
        plain = {name: values[name] for name in ("name", "sampler", "trials", "seed", "points", "parallel") if name in values}
        space = tuple(SearchField.from_dict(each) for each in values.get("space", ()))
        return cls(base=RunSpec.from_dict(values["base"]), space=space, **plain)


def _within(what: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(f"A sweep cannot have {value!r} {what}. Give a whole number from {low:,} to {high:,}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepTrial:
    """One trial: some settings, the run that tries them, and what came of it.

    Args:
        number: from 0, in the order in which they were chosen.
        values: setting → value.
        state: ``running`` (or waiting), ``complete``, ``failed``, or ``pruned`` (the settings contradict each other).
        loss: best validation loss of the run; NaN unless complete.
        run_id: the run; empty if there is none.
        reason: why it is not complete, or what else is to be said.
    """

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    state: str = "running"
    loss: float = math.nan
    run_id: str = ""
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "number": self.number,
            "values": dict(self.values),
            "state": self.state,
            "loss": self.loss,
            "run_id": self.run_id,
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SweepTrial":
        """The trial that :meth:`to_dict` described."""
        loss = values.get("loss")
        return cls(**{**values, "loss": math.nan if loss is None else float(loss)})


def best_trial(trials: tuple[SweepTrial, ...]) -> SweepTrial | None:
    """The complete trial with the smallest validation loss, the first one of equals; ``None`` while none is complete."""
    return min((trial for trial in trials if trial.state == "complete"), key=lambda trial: trial.loss, default=None)
