"""A recurrent module for cells that torch has no fused module for, with the parameters and the interface of torch's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

from seqlab.models.edit import States
from seqlab.models.stack import Weights, layer_weights
from seqlab.models.stepped_gradient import walk_back
from seqlab.models.table import cell_entry

if TYPE_CHECKING:
    from seqlab.models.stepped_cell import SteppedCell

__all__ = ["SteppedStack", "Walk", "run_layer", "walk"]

Final = torch.Tensor | tuple[torch.Tensor, ...]


class SteppedStack(nn.Module):
    """Layers of a cell, run step by step.

    As ``nn.LSTM`` with ``batch_first=True``, parameters included: ``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, ``bias_hh_l0``,
    blocks on top of each other as in the cell's ``BLOCKS``; what a cell has beyond follows by its own name.

    Args:
        cell: key of ``seqlab.CELLS``; a cell that is run step by step.
        input_size, hidden_size, num_layers, bidirectional: as torch's.
        dropout: share of the outputs zeroed between layers in training.

    Example:
        >>> output, (h, c) = SteppedStack("lstm_peephole", 2, 3)(torch.zeros(4, 5, 2))
        >>> output.shape, h.shape
        (torch.Size([4, 5, 3]), torch.Size([1, 4, 3]))
    """

    batch_first = True

    def __init__(
        self, cell: str, input_size: int, hidden_size: int, num_layers: int = 1, *, bidirectional: bool = False, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.cell = cell
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bidirectional = bidirectional
        self.dropout = dropout
        entry = cell_entry(cell)
        rows = entry.weight_blocks * hidden_size
        directions = 2 if bidirectional else 1
        for layer in range(num_layers):
            width = input_size if layer == 0 else directions * hidden_size
            for suffix in (f"_l{layer}", f"_l{layer}_reverse")[:directions]:
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
                shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                shapes |= {name: (blocks * hidden_size,) for name, blocks in entry.extra_weights}
                for name, shape in shapes.items():
                    setattr(self, name + suffix, nn.Parameter(torch.empty(shape)))
        self.reset_parameters()

    @property
    def extra_weights(self) -> tuple[str, ...]:
        """Names of the weights beyond torch's four."""
        return tuple(name for name, _ in cell_entry(self.cell).extra_weights)

    def reset_parameters(self) -> None:
        """Fresh weights as torch draws them: U(-1/√hidden, 1/√hidden)."""
        bound = self.hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: torch.Tensor, state: Final | None = None) -> tuple[torch.Tensor, Final]:
        """All outputs, and what the last step leaves behind.

        Args:
            x: (batch, time, input)
            state: what the step before the first left behind, as returned; zeros if left out.

        Returns:
            (batch, time, directions * hidden), and (layers * directions, batch, hidden): the output, and in a tuple with it
            whatever else the cell carries, the output first.
        """
        cell: SteppedCell = cell_entry(self.cell).load()  # type: ignore[assignment]
        given = () if state is None else state if isinstance(state, tuple) else (state,)
        finals: list[Sequence[torch.Tensor]] = []
        for layer in range(self.num_layers):
            if layer and self.dropout and self.training:
                x = functional.dropout(x, self.dropout)
            halves = []
            for reverse in (False, True) if self.bidirectional else (False,):
                start = [one[len(finals)] for one in given]
                output, final = run_layer(cell, x, layer_weights(self, layer, reverse=reverse), reverse=reverse, start=start)
                halves.append(output)
                finals.append(final)
            x = torch.cat(halves, dim=-1) if len(halves) > 1 else halves[0]
        stacked = tuple(torch.stack(parts) for parts in zip(*finals, strict=True))
        return x, stacked if len(stacked) > 1 else stacked[0]

    def extra_repr(self) -> str:
        """The arguments, as torch's modules show theirs."""
        more = f", num_layers={self.num_layers}, bidirectional={self.bidirectional}, dropout={self.dropout}"
        return f"{self.cell!r}, {self.input_size}, {self.hidden_size}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """All steps of one layer and direction, in the order in which it runs.

    Args:
        blocks: letter → (time, hidden, batch) of every block.
        carried: letter → (1 + time, hidden, batch) of every state and of the output, before the first step and after each.
    """

    blocks: States = field(repr=False)
    carried: States = field(repr=False)

    @property
    def before(self) -> dict[str, torch.Tensor]:
        """Letter → (time, hidden, batch) of every state and of the output before each step."""
        return {name: values[:-1] for name, values in self.carried.items()}

    @property
    def after(self) -> dict[str, torch.Tensor]:
        """The same after each step."""
        return {name: values[1:] for name, values in self.carried.items()}


def walk(cell: "SteppedCell", x: torch.Tensor, weights: Weights, start: Mapping[str, torch.Tensor] | None = None) -> Walk:
    """Runs one layer and direction.

    Args:
        cell: what is run.
        x: (batch, time, input) in the order in which the direction runs.
        weights: ``(W_ih, W_hh, b_ih, b_hh)`` and what the cell has beyond.
        start: letter → (batch, hidden) before the first step; zeros where left out.
    """
    w_ih, w_hh, b_ih, b_hh = weights[:4]
    batch, time, _ = x.shape
    hidden = w_hh.shape[1]
    # What the inputs add, for all steps in one call. Values are (time, hidden, batch), so that a gate is a block of contiguous rows.
    gates = torch.baddbmm((b_ih + b_hh).view(1, -1, 1), w_ih.expand(time, -1, -1), x.permute(1, 2, 0))
    carried = {name: gates.new_empty(1 + time, hidden, batch) for name in cell.entry.result_names}
    for name, values in carried.items():
        values[0] = start[name].t() if start and name in start else 0.0
    # Views of all steps at once: taking them one by one inside the loop would cost as much as the arithmetic of a small cell.
    states = [dict(zip(carried, row, strict=True)) for row in zip(*(values.unbind() for values in carried.values()), strict=True)]
    for now, before, after in zip(gates.unbind(), states[:-1], states[1:], strict=True):
        cell.step(now, before, after, weights, {})
    blocks = dict(zip(cell.BLOCKS, gates.view(time, len(cell.BLOCKS), hidden, batch).unbind(1), strict=True))
    return Walk(blocks=blocks, carried=carried)


def run_layer(
    cell: "SteppedCell", x: torch.Tensor, weights: Weights, *, reverse: bool, start: Sequence[torch.Tensor] = ()
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """One layer and direction, with gradients.

    Args:
        cell: what is run.
        x: (batch, time, input)
        weights: ``(W_ih, W_hh, b_ih, b_hh)`` and what the cell has beyond.
        reverse: whether it runs from the last step to the first.
        start: (batch, hidden) of what a step leaves behind, the output first; zeros if left out.

    Returns:
        (batch, time, hidden), and what the last step leaves behind, (batch, hidden) each, the output first.
    """
    made = _Layer.apply(cell, x.flip(1) if reverse else x, len(start), *start, *weights)  # type: ignore[no-untyped-call]
    output = made[0]
    final = [output[:, -1], *made[1:]]
    return output.flip(1) if reverse else output, final


class _Layer(torch.autograd.Function):
    """One layer and direction: its steps as they come, and all gradients by one walk back and a few large products."""

    @staticmethod
    def forward(ctx: Any, cell: "SteppedCell", x: torch.Tensor, starts: int, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The output, (batch, time, hidden), and the last inner state, (batch, hidden), if there is one."""
        names, weights = cell.entry.carried_names[:starts], tensors[starts:]
        walked = walk(cell, x, weights, dict(zip(names, tensors[:starts], strict=True)))
        ctx.cell, ctx.starts = cell, starts
        ctx.set_materialize_grads(False)
        ctx.letters = (*walked.blocks, *walked.carried)
        ctx.save_for_backward(x, *weights, *walked.blocks.values(), *walked.carried.values())
        output = walked.after[cell.entry.output].permute(2, 0, 1)
        return (output, walked.after[cell.inner][-1].t().clone()) if cell.inner else (output,)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, by_output: torch.Tensor | None, by_inner: torch.Tensor | None = None) -> tuple[Any, ...]:
        """Gradients by the input, the states before the first step and all weights."""
        cell: SteppedCell = ctx.cell
        x, *saved = ctx.saved_tensors
        count = 4 + len(cell.entry.extra_weights)
        weights, saved = tuple(saved[:count]), dict(zip(ctx.letters, saved[count:], strict=True))
        walked = Walk(blocks={name: saved[name] for name in cell.BLOCKS}, carried={name: saved[name] for name in cell.entry.result_names})
        before, after = walked.before, walked.after
        like = after[cell.entry.output]
        direct = torch.zeros_like(like) if by_output is None else by_output.permute(1, 2, 0)
        factors = cell.factors({**walked.blocks, **after}, before, weights)
        back = walk_back(
            factors,
            cell.recurrent(weights),
            direct.unsqueeze(2),
            output=cell.entry.output,
            inner=cell.inner,
            late=cell.late,
            later=None if by_inner is None else by_inner.t().unsqueeze(1),
        )
        sums = {name: values.squeeze(2) for name, values in back.sums.items()}
        flat = torch.stack([sums[name].transpose(0, 1) for name in cell.BLOCKS]).flatten(0, 1).flatten(1)  # (rows, time * batch)
        w_ih, w_hh = weights[:2]
        by_ih, by_hh, by_bias = flat @ x.permute(1, 0, 2).flatten(0, 1), flat @ _columns(before["h"]).t(), flat.sum(dim=1)
        if cell.late:  # that block does not read h
            place, hidden = cell.BLOCKS.index(cell.late), w_hh.shape[1]
            rows = slice(place * hidden, (place + 1) * hidden)
            by_hh[rows] = flat[rows] @ _columns(factors.late["h"] * before["h"]).t()
        extra = () if cell.extra_gradients is None else cell.extra_gradients(sums, before, after)
        by_x = (w_ih.t() @ flat).unflatten(1, like.shape[::2]).permute(2, 1, 0) if ctx.needs_input_grad[1] else None
        by_start = [back.first[name].squeeze(1).t() if name in back.first else None for name in cell.entry.carried_names[: ctx.starts]]
        return None, by_x, None, *by_start, by_ih, by_hh, by_bias, by_bias.clone(), *extra


def _columns(values: torch.Tensor) -> torch.Tensor:
    """(time, hidden, batch) as (hidden, time * batch)."""
    return values.transpose(0, 1).flatten(1)
