"""Derivatives of a cell that is run step by step: back through all its steps by hand, and of one step as a matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch

from seqlab.models.edit import States

__all__ = ["Factors", "WalkedBack", "step_jacobian", "walk_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The derivatives of one step that are products unit by unit; all but those through the recurrent weights.

    A cell shows one state or value, its output, and may make it from an inner state: an LSTM h from c. Keys are letters of blocks,
    meaning their sums before the activation, and of states, meaning those before the step. Values are (…, hidden, batch).

    Args:
        output: ∂output by what it is made of, the inner state of the same step left out.
        inner: ∂inner state likewise; empty if there is none.
        passed: ∂output/∂inner state of the same step.
        late: where a block reads not h but something made of h and gates: ∂that by h and by those gates' sums.
    """

    output: States
    inner: States = field(default_factory=dict)
    passed: torch.Tensor | None = None
    late: States = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedBack:
    """Gradients of one layer and direction, time in the direction's own order.

    Args:
        output, inner: by the output and by the inner state of each step, all paths together, (time, hidden, term, batch).
        first: letter of a state → gradient by its value before the first step, (hidden, term, batch).
        sums: block → gradient by its sum before the activation, (time, hidden, term, batch).
    """

    output: torch.Tensor
    inner: torch.Tensor | None
    first: States
    sums: States


def walk_back(
    factors: Factors,
    recurrent: States,
    direct: torch.Tensor,
    *,
    output: str,
    inner: str = "",
    late: str = "",
    later: torch.Tensor | None = None,
) -> WalkedBack:
    """Backpropagation through time by hand: all factors of a step are known beforehand, so four to six small operations are left.

    Args:
        factors: of all steps, (time, hidden, batch).
        recurrent: block → its rows of the recurrent weights, (hidden, hidden).
        direct: (time, hidden, term, batch) gradient that reaches the output from outside; it is written over.
        output, inner, late: letters of the output, of the inner state and of the block that reads late, if there are such.
        later: (hidden, term, batch) gradient that reaches the last inner state from outside.
    """
    time, hidden, terms, batch = direct.shape
    own = [name for name in factors.inner if name in recurrent]
    shown = [name for name in factors.output if name in recurrent]
    gates = [name for name in factors.late if name in recurrent]
    early = [*own, *gates, *(name for name in shown if name != late)]
    names = [*early, *([late] if late else [])]
    keeps = bool(inner)
    # One row per block, and before them, where there is an inner state, one for what goes on to the inner state before.
    made = direct.new_empty(time, keeps + len(names), hidden, terms, batch)
    inside, made_inner = _stacked(factors.inner, [inner, *own] if keeps else []), made[:, : len(own) + 1]
    outside, made_output = _stacked(factors.output, shown), made[:, keeps + len(own) + len(gates) :]
    flat = made.view(time, -1, terms * batch)[:, keeps * hidden : (keeps + len(early)) * hidden].unbind()
    back = torch.cat([recurrent[name] for name in early]).t().contiguous()
    by_inner = torch.empty_like(direct) if keeps else direct
    before_first = torch.zeros_like(direct[0])
    onward = torch.zeros_like(direct[0]) if later is None else later
    kept = _unbound(factors.output.get("h"), time)
    passed = _unbound(factors.passed, time)
    late_rows = [_unbound(factors.late.get(name), time) for name in (*gates, "h")]
    for t in range(time - 1, -1, -1):
        now, target = direct[t], direct[t - 1] if t else before_first
        torch.mul(now, outside[t], out=made_output[t])
        if keeps:
            torch.addcmul(onward, passed[t], now, out=by_inner[t])
            torch.mul(by_inner[t], inside[t], out=made_inner[t])
            onward = made[t, 0]
        if late:
            read = (recurrent[late].t() @ made[t, -1].view(hidden, -1)).view(now.shape)
            for place, row in enumerate(late_rows[:-1]):
                torch.mul(read, row[t], out=made[t, len(own) + keeps + place])
            target.addcmul_(read, late_rows[-1][t])
        (onward if inner == "h" else target).view(hidden, -1).addmm_(back, flat[t])
        if output == "h" and kept:
            target.addcmul_(now, kept[t])
    first = {output: before_first} | ({inner: onward} if keeps else {})
    return WalkedBack(
        output=direct,
        inner=by_inner if keeps else None,
        first=first,
        sums={name: made[:, keeps + place] for place, name in enumerate(names)},
    )


def _stacked(factors: States, names: Sequence[str]) -> Sequence[torch.Tensor]:
    """(time,) of (row, hidden, 1, batch)."""
    return torch.stack([factors[name] for name in names], dim=1).unsqueeze(-2).unbind() if names else ()


def _unbound(factors: torch.Tensor | None, time: int) -> Sequence[torch.Tensor]:
    """(time,) of (hidden, 1, batch); empty if there are none."""
    return () if factors is None else factors.expand(time, -1, -1).unsqueeze(-2).unbind()


def step_jacobian(
    factors: Factors, recurrent: States, states: Sequence[str], *, output: str, inner: str = "", late: str = ""
) -> torch.Tensor:
    """∂s_t/∂s_{t-1} of single steps, s being all states side by side.

    Args:
        factors: (step, hidden, 1) each.
        recurrent, output, inner, late: as for :func:`walk_back`.
        states: letters of the states.

    Returns:
        (step, state, state); rows are states of the step, columns those before it.
    """
    any_block = next(iter(recurrent.values()))
    identity = torch.eye(len(any_block), dtype=any_block.dtype, device=any_block.device)
    late_read = {"h": identity}
    if late:
        late_read = {"h": _by_h(factors.late, recurrent, identity, {})}

    def row(of: States) -> dict[str, torch.Tensor]:
        found = {name: of[name] * identity if name in of and name != "h" else torch.zeros_like(identity) for name in states}
        return found | {"h": _by_h(of, recurrent, identity, {late: late_read["h"]})}

    shown = row(factors.output)
    rows: Mapping[str, dict[str, torch.Tensor]] = {output: shown}
    if inner and factors.passed is not None:
        own = row(factors.inner)
        rows = {inner: own, output: {name: shown[name] + factors.passed * own[name] for name in states}}
    steps = len(next(iter(factors.output.values())))
    size = identity.shape
    return torch.cat([torch.cat([rows[one][other].expand(steps, *size) for other in states], dim=-1) for one in states], dim=-2)


def _by_h(of: States, recurrent: States, identity: torch.Tensor, read: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """(step, hidden, hidden) derivative by h before the step: unit by unit, and through the recurrent weights of every block."""
    found = of["h"] * identity if "h" in of else torch.zeros_like(identity)
    for name, weight in recurrent.items():
        if name in of:
            through = of[name] * weight
            found = found + (through @ read[name] if name in read else through)
    return found
