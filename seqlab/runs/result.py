"""How a job ended, as ``result.json`` keeps it."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ENDED", "STATUSES", "RunResult"]

ENDED = ("finished", "stopped", "diverged", "failed", "interrupted")
STATUSES = ("queued", "running", "paused", *ENDED)

_NUMBERS = ("seconds", "best_validation_loss", "ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a job ended.

    Args:
        status: ``finished`` (early stopping too), ``stopped`` by the user, ``diverged``, ``failed``
            (it could not be done; ``message`` says why), or ``interrupted`` (its process died again and again).
        message: a sentence for the user.
        scores: metric → value on the test part; NaN where it cannot be computed.
        notes: what the user should know beside that.
        seconds: training seconds, pauses left out.
        epochs: finished epochs.
        best_epoch: the epoch whose weights were kept; 0 means the untrained weights.
        best_validation_loss: its loss, on scaled values.
        parameters: trainable numbers in the network.
        has_model: whether the run has weights that can be opened.
        error_id: number of the entry in ``worker.log`` when something unexpected went wrong.
        ended: when, in seconds since 1970.
    """

    status: str
    message: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = math.nan
    epochs: int = 0
    best_epoch: int = 0
    best_validation_loss: float = math.nan
    parameters: int = 0
    has_model: bool = False
    error_id: str = ""
    ended: float = math.nan

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON, where NaN becomes null."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)} | {"scores": dict(self.scores), "notes": list(self.notes)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "RunResult":
        """The result that :meth:`to_dict` described; fields of a newer seqlab are left out."""
        known = {f.name for f in dataclasses.fields(cls)}
        made = {name: value for name, value in values.items() if name in known}
        made["scores"] = {name: _number(value) for name, value in (made.get("scores") or {}).items()}
        made["notes"] = tuple(made.get("notes") or ())
        for name in _NUMBERS:
            made[name] = _number(made.get(name))
        return cls(**made)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
