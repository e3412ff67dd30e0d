"""Interventions made ready for a replay: for every step of a layer, what is done to which gate of which variant."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from seqlab.gates.intervention import Intervention
from seqlab.models.edit import Edits

__all__ = ["EditPlan", "plan_edits"]

_NONE: Edits = {}


@dataclass(frozen=True, slots=True)
class AffineEdit:
    """Gate values v become factor · v + offset, in place: every change after an activation, and any sequence of them, is one such.

    With factor 1 and offset 0 the values stay as they are, and with factor 0 they become the offset, both exactly.

    Args:
        columns: the variants that are changed.
        factor, offset: (hidden, variant) of those.
    """

    columns: slice
    factor: torch.Tensor
    offset: torch.Tensor

    def __call__(self, values: torch.Tensor) -> None:
        """Changes (hidden, variant) values."""
        changed = values if self.columns.start is None else values[:, self.columns]
        torch.addcmul(self.offset, self.factor, changed, out=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPlan:
    """All changes to one layer and direction, for several variants that run side by side.

    Args:
        variants: how many variants there are; 1 serves a batch of any size.
        edits: (step,) what is done after the activations, steps in the input's order.
        shift: (step, blocks * hidden, variant) what is added before the activations, or None.
    """

    variants: int = 1
    edits: Sequence[Edits] | None = None
    shift: torch.Tensor | None = None


def plan_edits(
    variants: Sequence[Sequence[Intervention]], *, blocks: Sequence[str], hidden_size: int, steps: int, first: int, like: torch.Tensor
) -> EditPlan:
    """The plan of one layer and direction.

    Args:
        variants: for every variant its changes to this layer and direction; all checked, all means known.
        blocks: what the layer's weights stack.
        hidden_size: units of the layer.
        steps: steps of the window.
        first: steps before it are left out of the plan.
        like: gives precision and device.
    """
    after: dict[str, list[tuple[int, Intervention]]] = {}
    before: list[tuple[int, Intervention]] = []
    for number, changes in enumerate(variants):
        for change in changes:
            if change.op == "shift":
                before.append((number, change))
            else:
                after.setdefault(change.gate, []).append((number, change))
    if not before and not after:
        return EditPlan()
    count = len(variants)
    edits: list[dict[str, AffineEdit]] = [{} for _ in range(steps - first)]
    for gate, of_gate in after.items():
        for span, edit in _affine_edits(of_gate, hidden_size, steps, first, count, like):
            for step in span:
                edits[step][gate] = edit
    return EditPlan(
        variants=count, edits=[step or _NONE for step in edits], shift=_shift(before, blocks, hidden_size, steps, first, count, like)
    )


def _affine_edits(
    changes: Sequence[tuple[int, Intervention]], hidden_size: int, steps: int, first: int, count: int, like: torch.Tensor
) -> list[tuple[range, AffineEdit]]:
    """Spans of steps, counted from ``first``, through which one edit serves."""
    variant = np.array([number for number, _ in changes])
    # How many changes of the same variant stand before it: those of rank 0 are applied at once, then those of rank 1, …
    seen: dict[int, int] = {}
    rank = np.zeros(len(changes), dtype=int)
    for place, (number, _) in enumerate(changes):
        rank[place] = seen.get(number, 0)
        seen[number] = rank[place] + 1
    active = np.zeros((steps, len(changes)), dtype=bool)
    factor, offset = np.ones((len(changes), hidden_size)), np.zeros((len(changes), hidden_size))
    for place, (_, change) in enumerate(changes):
        active[_places(change.steps), place] = True
        units, values = _places(change.units), change.values(hidden_size)
        factor[place, units] = values[units] if change.op == "scale" else 0.0
        if change.op != "scale":
            offset[place, units] = values[units]
    active = active[first:]
    starts = np.flatnonzero(np.r_[True, (active[1:] != active[:-1]).any(axis=1)])
    made = []
    for start, stop in zip(starts, np.r_[starts[1:], len(active)], strict=True):
        chosen = np.flatnonzero(active[start])
        if len(chosen):
            low, high = int(variant[chosen].min()), int(variant[chosen].max()) + 1
            a, b = np.ones((high - low, hidden_size)), np.zeros((high - low, hidden_size))
            for step in range(rank[chosen].max() + 1):
                now = chosen[rank[chosen] == step]
                columns = variant[now] - low
                a[columns] *= factor[now]
                b[columns] = b[columns] * factor[now] + offset[now]
            columns = slice(None) if high - low == count else slice(low, high)
            made.append((range(start, stop), AffineEdit(columns, _columns(a, like), _columns(b, like))))
    return made


def _shift(
    changes: Sequence[tuple[int, Intervention]],
    blocks: Sequence[str],
    hidden_size: int,
    steps: int,
    first: int,
    count: int,
    like: torch.Tensor,
) -> torch.Tensor | None:
    if not changes:
        return None
    added = np.zeros((steps, len(blocks) * hidden_size, count))
    for number, change in changes:
        units = np.arange(hidden_size)[_places(change.units)]
        rows = blocks.index(change.gate) * hidden_size + units
        added[np.ix_(np.arange(steps)[_places(change.steps)], rows, np.array([number]))] += change.values(hidden_size)[units][:, None]
    return torch.from_numpy(added[first:]).to(like)


def _places(numbers: object) -> npt.NDArray[np.intp] | slice:
    return slice(None) if numbers is None else np.array(numbers, dtype=np.intp)


def _columns(values: npt.NDArray[np.float64], like: torch.Tensor) -> torch.Tensor:
    """(variant, hidden) numpy to (hidden, variant) torch."""
    return torch.from_numpy(np.ascontiguousarray(values.T)).to(like)


def steps_backward(plan: EditPlan) -> EditPlan:
    """The same plan for a direction that runs from the last step to the first."""
    if plan.edits is None:
        return plan
    shift = None if plan.shift is None else plan.shift.flip(0)
    return EditPlan(variants=plan.variants, edits=list(plan.edits)[::-1], shift=shift)
