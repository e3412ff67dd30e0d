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
        direct: (time, hidden, term, batch) gradient that reaches the output from outside.
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
    back = torch.cat([recurrent[name] for name in early]).t().contiguous()
    by_output = direct.new_zeros(1 + time, hidden, terms, batch)  # one step more: what reaches the output before the first step
    by_output[1:] = direct
    by_inner = direct.new_empty(time if keeps else 0, hidden, terms, batch)
    onward = torch.zeros_like(by_output[0]) if later is None else later
    # Views of all steps at once: taking them one by one inside the loop would cost as much as the arithmetic of a small cell.
    rows = made.view(time, -1, terms * batch)
    flat, onwards = rows[:, keeps * hidden : (keeps + len(early)) * hidden].unbind(), made[:, 0].unbind()
    outputs, inners, of_output, of_inner = (one.unbind() for one in (by_output, by_inner, made_output, made_inner))
    read_h = (rows[:, :hidden] if inner == "h" else by_output[:-1].view(time, hidden, -1)).unbind()
    kept = _unbound(factors.output.get("h"), time)
    passed = _unbound(factors.passed, time)
    last_rows = rows[:, -hidden:].unbind()
    late_rows = [(_unbound(factors.late[name], time), made[:, keeps + len(own) + place].unbind()) for place, name in enumerate(gates)]
    late_h = _unbound(factors.late.get("h"), time)
    for t in range(time - 1, -1, -1):
        now = outputs[t + 1]
        torch.mul(now, outside[t], out=of_output[t])
        if keeps:
            torch.addcmul(onward, passed[t], now, out=inners[t])
            torch.mul(inners[t], inside[t], out=of_inner[t])
            onward = onwards[t]
        if late:
            read = (recurrent[late].t() @ last_rows[t]).view(now.shape)
            for factor, row in late_rows:
                torch.mul(read, factor[t], out=row[t])
            outputs[t].addcmul_(read, late_h[t])
        read_h[t].addmm_(back, flat[t])
        if kept:
            outputs[t].addcmul_(now, kept[t])
    first = {output: by_output[0]} | ({inner: onward} if keeps else {})
    return WalkedBack(
        output=by_output[1:],
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
