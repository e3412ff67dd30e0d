"""The engine of a replay: all layers and directions step by step, with many variants of the changes side by side.

Everything is (time, hidden, batch) in here: a gate then is a block of contiguous rows, so that one
activation serves several gates, and a variant is a column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch

from seqlab.gates.edit_plan import EditPlan, plan_edits, steps_backward
from seqlab.gates.intervention import Intervention
from seqlab.gates.opening import OpenedStack
from seqlab.models.edit import Edits
from seqlab.models.padding import step_mask
from seqlab.models.stack import Weights, layer_weights
from seqlab.models.table import CellImplementation, cell_entry

__all__ = ["Plans", "StackRun", "plans_of", "run_stack"]

Plans = Mapping[tuple[int, str], EditPlan]
"""(layer, direction) → its changes."""

Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRun:
    """What a stack did.

    Args:
        values: (layer, direction, name) → (time, hidden, batch); the states and the output, and the gates where they were kept.
        final: (layer, direction, state) → (hidden, batch) after the last step that was read.
        outside: (time, 1, batch) steps after the end of a sequence, whose values mean nothing; ``None`` if all fill the batch.
    """

    values: Mapping[Key, torch.Tensor] = field(repr=False)
    final: Mapping[Key, torch.Tensor] = field(repr=False)
    outside: torch.Tensor | None = field(default=None, repr=False)

    def last(self, opened: OpenedStack) -> torch.Tensor:
        """(batch, directions * hidden) last output of the top layer: what a head reads."""
        name = cell_entry(opened.cell).output
        states = [self.final[(opened.stack.num_layers - 1, direction, name)] for direction in opened.directions]
        return _side_by_side(states, dim=0).t().contiguous()

    def output(self, opened: OpenedStack) -> torch.Tensor:
        """(batch, time, directions * hidden) of the top layer; 0 after the end of a sequence."""
        name = cell_entry(opened.cell).output
        states = [self.values[(opened.stack.num_layers - 1, direction, name)] for direction in opened.directions]
        output = _side_by_side(states, dim=1)
        return (output if self.outside is None else output.masked_fill(self.outside, 0)).permute(2, 0, 1)


def plans_of(opened: OpenedStack, variants: Sequence[Sequence[Intervention]], *, steps: int, first: int = 0) -> Plans:
    """The plan of every layer and direction.

    Args:
        opened: the stack.
        variants: the changes of every variant; checked, with their means.
        steps: steps of the window.
        first: the first step that is run.
    """
    blocks = cell_entry(opened.cell).load().BLOCKS
    return {
        (layer, direction): plan_edits(
            [[change for change in changes if (change.layer, change.direction) == (layer, direction)] for changes in variants],
            blocks=blocks,
            hidden_size=opened.stack.hidden_size,
            steps=steps,
            first=first,
            like=next(opened.stack.parameters()),
        )
        for layer in range(opened.stack.num_layers)
        for direction in opened.directions
    }


def run_stack(
    opened: OpenedStack,
    inputs: torch.Tensor,
    plans: Plans,
    *,
    keep_gates: bool = False,
    start: Mapping[Key, torch.Tensor] | None = None,
    counts: torch.Tensor | None = None,
) -> StackRun:
    """Runs every layer and direction step by step.

    Args:
        opened: the stack.
        inputs: (batch, time, input), as from ``stack_input``; one window may serve many variants.
        plans: what is changed.
        keep_gates: whether the gates are kept; the states always are.
        start: (layer, direction, state) → (hidden, 1 or batch) before the first step; zeros if left out.
        counts: (batch,) steps of each sequence; ``None`` if all fill the batch. A backward direction meets the padding first: its
            states are held at 0 there, which is where it starts. A forward one meets it last, when it can do no harm.
    """
    outside = None if counts is None else ~step_mask(counts, inputs.shape[1]).t().unsqueeze(1)
    stack, implementation = opened.stack, cell_entry(opened.cell).load()
    names, output = cell_entry(opened.cell).result_names, cell_entry(opened.cell).output
    values: dict[Key, torch.Tensor] = {}
    final: dict[Key, torch.Tensor] = {}
    below = inputs.permute(1, 2, 0)
    for layer in range(stack.num_layers):
        outputs = []
        for direction in opened.directions:
            reverse = direction == "backward"
            plan = plans[(layer, direction)]
            weights = layer_weights(stack, layer, reverse=reverse)
            projected = implementation.project_input(below.transpose(1, 2), weights).transpose(1, 2)
            if reverse:
                projected, plan = projected.flip(0), steps_backward(plan)
            if plan.shift is not None:
                projected = projected + plan.shift
            batch = max(projected.shape[2], plan.variants)
            states = {
                name: projected.new_zeros(stack.hidden_size, batch) if start is None else start[(layer, direction, name)].expand(-1, batch)
                for name in names
            }
            hold = outside.flip(0) if outside is not None and reverse else None
            made = _run_layer(implementation, projected, weights, states, plan.edits, keep_gates=keep_gates, hold=hold)
            for name in names:
                final[(layer, direction, name)] = made[name][-1] if counts is None or reverse else _at_end(made[name], counts)
            for name, sequence in made.items():
                values[(layer, direction, name)] = sequence.flip(0) if reverse else sequence
            outputs.append(values[(layer, direction, output)])
        below = _side_by_side(outputs, dim=1)
    return StackRun(values=values, final=final, outside=outside)


def _at_end(states: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """(hidden, batch) of (time, hidden, batch): each sequence after its own last step."""
    return states[counts - 1, :, torch.arange(len(counts), device=states.device)].t()


def _run_layer(
    implementation: CellImplementation,
    projected: torch.Tensor,
    weights: Weights,
    before: Mapping[str, torch.Tensor],
    edits: Sequence[Edits] | None,
    *,
    keep_gates: bool,
    hold: torch.Tensor | None = None,
) -> dict[str, torch.Tensor]:
    """One layer and direction, in the order in which it runs.

    Args:
        projected: (time, blocks * hidden, 1 or batch)
        before: state → (hidden, batch) before the first step.
        edits: (step,) changes, or None.
        hold: (time, 1, batch) where nothing is read yet and the states stay at 0, or None.

    Returns:
        name → (time, hidden, batch): the states and the output, and the gates if they are kept.
    """
    time = projected.shape[0]
    hidden, batch = before["h"].shape
    blocks = implementation.BLOCKS
    kept = projected.new_empty(time if keep_gates else 1, len(blocks) * hidden, batch)
    states = {name: projected.new_empty(time, hidden, batch) for name in before}
    # Views of all steps at once: taking them one by one inside the loop would cost as much as the arithmetic of a small cell.
    steps = [dict(zip(states, row, strict=True)) for row in zip(*(sequence.unbind() for sequence in states.values()), strict=True)]
    gates = kept.unbind() if keep_gates else kept.unbind() * time
    held = [False] * time if hold is None else hold.flatten(1).any(dim=1).tolist()
    for step, (given, scratch, after) in enumerate(zip(projected.unbind(), gates, steps, strict=True)):
        scratch.copy_(given)
        implementation.step(scratch, before, after, weights, edits[step] if edits is not None else {})
        if hold is not None and held[step]:
            for state in after.values():
                state.masked_fill_(hold[step], 0)
        before = after
    gates_made = {name: kept[:, number * hidden : (number + 1) * hidden] for number, name in enumerate(blocks) if name not in states}
    return {**(gates_made if keep_gates else {}), **states}


def _side_by_side(pieces: Sequence[torch.Tensor], dim: int) -> torch.Tensor:
    """Both directions along ``dim``; the one that was not changed serves all variants (the last dimension)."""
    if len(pieces) == 1:
        return pieces[0]
    batch = max(piece.shape[-1] for piece in pieces)
    return torch.cat([piece.expand(*piece.shape[:-1], batch) for piece in pieces], dim=dim)
