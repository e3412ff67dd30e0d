"""What a sweep may change: a range or a list of values for each of a few settings, checked against the config classes."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlab.config import RunSpec
from seqlab.errors import ConfigError, SeqlabError
from seqlab.models.table import CELLS, check_chrono
from seqlab.runs.spec_fields import change_fields, field_label, field_option, spec_values

__all__ = ["OFFERED", "SearchField", "grid", "offered", "spec_of", "suggested"]

OFFERED = (
    "model.cell",
    "model.hidden_size",
    "model.num_layers",
    "model.dropout",
    "training.learning_rate",
    "training.batch_size",
    "window.context_length",
    "model.reference",
    "model.segment_length",
    "model.head_size",
    "model.bidirectional",
    "model.many_targets",
    "training.optimizer",
    "training.schedule",
    "training.weight_decay",
    "training.clip_norm",
    "data.calendar",
    "model.network",
    "model.pooling",
    "model.embedding_size",
    "model.channels",
    "model.kernel_size",
)
"""Settings that a sweep may change.

Loss, scaling, transform, split and horizon are not among them: with another one the validation loss means something
else, and its smallest value would say nothing. Nor is the seed: the luckiest seed is no setting.
"""

_WHOLE = {
    "model.hidden_size",
    "model.num_layers",
    "training.batch_size",
    "window.context_length",
    "model.segment_length",
    "model.head_size",
    "model.embedding_size",
    "model.channels",
    "model.kernel_size",
}
_RANGES: dict[str, tuple[float, float, bool]] = {
    "model.hidden_size": (8, 64, True),
    "model.dropout": (0.0, 0.5, False),
    "training.learning_rate": (3e-4, 3e-2, True),
    "training.weight_decay": (1e-6, 1e-2, True),
}
_LISTS: dict[str, tuple[Any, ...]] = {
    "model.num_layers": (1, 2),
    "training.batch_size": (16, 32, 64),
    "model.head_size": (0, 16, 32),
    "model.embedding_size": (16, 32, 64),
    "model.channels": (16, 32, 64),
    "model.kernel_size": (3, 5, 7),
    "training.clip_norm": (0.5, 1.0, 5.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchField:
    """One setting and the values it may take: a range, or a list.

    Args:
        path: one of :data:`OFFERED`.
        low, high: ends of a range, both included.
        log: whether equal factors count as equal distances, as usual for learning rates.
        choices: the values of a list; empty for a range.

    Raises:
        ConfigError: the setting is not offered, or a value is not allowed for it.

    Example:
        >>> SearchField(path="model.hidden_size", low=8, high=64, log=True).text
        'Hidden size (units): 8 to 64, logarithmic'
    """

    path: str
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    choices: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if self.path not in OFFERED:
            raise ConfigError(f"A sweep cannot change {self.path!r}. It can change: {', '.join(OFFERED)}.")
        if self.choices:
            self._check_list()
        else:
            self._check_range()

    def _check_list(self) -> None:
        chosen = tuple(dict.fromkeys(self.choices))
        object.__setattr__(self, "choices", chosen)
        if len(chosen) < 2:
            raise ConfigError(f"{self.label} has one value, {chosen[0]!r}. Give at least two, or take it out of the sweep.")
        if self.path == "model.cell":
            unknown = [cell for cell in chosen if cell not in CELLS]
            if unknown:
                raise ConfigError(f"There is no cell {unknown[0]!r}. Choose from: {', '.join(CELLS)}.")
        for value in chosen:
            self._check_value(value)

    def _check_value(self, value: Any) -> None:
        # The config class knows its bounds; any data set will do.
        change_fields(RunSpec(dataset="?"), {self.path: value} | ({"window.context_length": value} if self._is_segment else {}))

    @property
    def _is_segment(self) -> bool:
        return self.path == "model.segment_length"

    def _check_range(self) -> None:
        option = field_option(self.path)
        if option is None or option.minimum is None or option.maximum is None:
            raise ConfigError(f"{self.label} has no range. List the values to try.")
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ConfigError(f"{self.label} goes from {self.low:g} to {self.high:g}. Give both ends of the range.")
        if self.low >= self.high:
            raise ConfigError(f"{self.label} goes from {self.low:g} to {self.high:g}. The first must be smaller than the second.")
        for end in (self.low, self.high):
            self._check_value(end)
        if self.log and self.low <= 0:
            raise ConfigError(f"{self.label} starts at {self.low:g}. A logarithmic range starts above zero.")

    @property
    def label(self) -> str:
        """Name of the setting on the screen."""
        return field_label(self.path)

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.path in _WHOLE

    @property
    def text(self) -> str:
        """The field in a few words."""
        if self.choices:
            return f"{self.label}: {', '.join(str(value) for value in self.choices)}"
        return f"{self.label}: {self.low:g} to {self.high:g}{', logarithmic' if self.log else ''}"

    def points(self, count: int) -> tuple[Any, ...]:
        """Values for a grid: the list, or ``count`` equally distant points of the range.

        Example:
            >>> SearchField(path="model.hidden_size", low=8, high=64, log=True).points(4)
            (8, 16, 32, 64)
        """
        if self.choices:
            return self.choices
        space = np.geomspace if self.log else np.linspace
        found = np.clip(space(self.low, self.high, count), self.low, self.high).tolist()
        return tuple(dict.fromkeys(round(value) if self.whole else float(f"{value:.6g}") for value in found))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        if self.choices:
            return {"path": self.path, "choices": list(self.choices)}
        return {"path": self.path, "low": self.low, "high": self.high, "log": self.log}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SearchField":
        """The field that :meth:`to_dict` described.

        Raises:
            ConfigError: it is not allowed.
        """
        return cls(**{**values, "choices": tuple(values.get("choices", ()))})


_OF_SERIES = {
    "window.context_length",
    "model.reference",
    "model.segment_length",
    "model.head_size",
    "model.many_targets",
    "data.calendar",
}
_OF_SEQUENCES = {"model.embedding_size"}


def offered(columns: int, task: str = "forecast") -> dict[str, str]:
    """Path → label of the settings that a sweep may change.

    Args:
        columns: number of target columns; what concerns several is left out where there is one.
        task: key of ``seqlab.tasks.TASKS``; what does not concern it is left out.
    """
    gone = _OF_SEQUENCES if task == "forecast" else _OF_SERIES
    return {path: field_label(path) for path in OFFERED if path not in gone and (path != "model.many_targets" or columns > 1)}


def suggested(path: str, spec: RunSpec) -> SearchField:
    """A sensible start for a field, around the spec's own value.

    Example:
        >>> suggested("model.segment_length", RunSpec(dataset="sunspots")).choices
        (1, 2, 3, 4, 6)
    """
    own = spec_values(spec)[path]
    option = field_option(path)
    if path == "window.context_length":
        segment = spec.model.segment_length
        return SearchField(path=path, choices=tuple(dict.fromkeys((max(segment, own // 2 // segment * segment), own, own * 2))))
    if path == "model.segment_length":
        context = spec.window.context_length
        divisors = [number for number in range(1, context + 1) if context % number == 0]
        return SearchField(path=path, choices=tuple(divisors[:5]) if len(divisors) > 1 else (1, 2))
    if path in _RANGES:
        low, high, log = _RANGES[path]
        return SearchField(path=path, low=min(low, own) if not log or own > 0 else low, high=max(high, own), log=log)
    if path in _LISTS:
        return SearchField(path=path, choices=tuple(sorted({*_LISTS[path], own})))
    if path == "model.cell":
        return SearchField(path=path, choices=tuple(CELLS))
    if option is not None and option.choices is not None:
        return SearchField(path=path, choices=tuple(option.choices))
    return SearchField(path=path, choices=(False, True))


def spec_of(base: RunSpec, values: Mapping[str, Any]) -> RunSpec:
    """The base spec with a trial's values.

    Raises:
        SeqlabError: the values contradict each other; the sentence says how.

    Example:
        >>> spec_of(RunSpec(dataset="sunspots"), {"model.segment_length": 12}).model.segment_length
        12
    """
    spec = change_fields(base, dict(values))
    check_chrono(spec.model.cell, spec.model.chrono_length)
    return spec


def grid(fields: Sequence[SearchField], points: int, base: RunSpec) -> tuple[list[dict[str, Any]], int]:
    """All combinations that are possible, and how many are not.

    Args:
        fields: the search space.
        points: values taken from each range.
        base: where the sweep starts from.
    """
    every = itertools.product(*(field.points(points) for field in fields))
    made = [dict(zip((field.path for field in fields), values, strict=True)) for values in every]
    possible = [values for values in made if _is_possible(base, values)]
    return possible, len(made) - len(possible)


def _is_possible(base: RunSpec, values: Mapping[str, Any]) -> bool:
    try:
        spec_of(base, values)
    except SeqlabError:
        return False
    return True
