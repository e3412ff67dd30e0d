"""Sequences of unequal lengths in one batch: padding stands at the end and never moves a state."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional

__all__ = ["RunLayers", "reverse_within", "run_padded", "run_padded_layers", "step_mask"]

RunLayers = Callable[[Any, torch.Tensor], list[torch.Tensor]]
"""A cell's ``run_layers``: (stack, input) -> output of every layer, without dropout."""


def step_mask(lengths: torch.Tensor, time: int) -> torch.Tensor:
    """Which steps of a padded batch belong to a sequence.

    Args:
        lengths: (batch,) steps of each sequence.
        time: steps of the batch.

    Returns:
        (batch, time), True where a sequence has a step.

    Example:
        >>> step_mask(torch.tensor([1, 3]), 3).tolist()
        [[True, False, False], [True, True, True]]
    """
    return torch.arange(time, device=lengths.device) < lengths.unsqueeze(1)


def reverse_within(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Every sequence from its last step to its first; its padding stays where it is.

    Args:
        x: (batch, time, feature)
        lengths: (batch,) steps of each sequence.

    Returns:
        (batch, time, feature); the function is its own inverse.

    Example:
        >>> reverse_within(torch.tensor([[[1], [2], [0]]]), torch.tensor([2])).flatten().tolist()
        [2, 1, 0]
    """
    steps = torch.arange(x.shape[1], device=x.device)
    mirrored = lengths.unsqueeze(1) - 1 - steps
    rows = torch.arange(x.shape[0], device=x.device).unsqueeze(1)
    return x[rows, torch.where(mirrored < 0, steps, mirrored)]


def run_padded(stack: nn.Module, x: torch.Tensor, lengths: torch.Tensor | None, run_layers: RunLayers) -> torch.Tensor:
    """What a recurrent stack says of a padded batch: at every step the same as for each sequence alone.

    A forward direction reads padding only after the last step, where it can do no harm. A backward direction
    would read it first, so it runs forward over reversed sequences instead. On the CPU both are quicker than
    torch's packed sequences.

    Args:
        stack: a recurrent module with ``batch_first=True`` and the parameters of ``nn.RNNBase``; its dropout
            between layers is applied in training.
        x: (batch, time, input)
        lengths: (batch,) steps of each sequence; ``None`` if no step is padded.
        run_layers: that of the cell.

    Returns:
        (batch, time, directions * hidden) of the top layer, 0 at padded steps.
    """
    if lengths is None:
        output: torch.Tensor = stack(x)[0]
        return output
    longest, mask = _extent(x, lengths)
    inside = x[:, :longest].masked_fill(~mask, 0)
    if stack.bidirectional:
        dropout = float(stack.dropout) if stack.training else 0.0  # type: ignore[arg-type]
        top = _both_ways(stack, inside, lengths, run_layers, dropout=dropout)[-1]
    else:
        top = stack(inside)[0]
    return _padded_to(x.shape[1], top, mask)


def run_padded_layers(stack: nn.Module, x: torch.Tensor, lengths: torch.Tensor | None, run_layers: RunLayers) -> list[torch.Tensor]:
    """As :func:`run_padded`, for every layer, without dropout: ``run_layers`` of the cell for a padded batch.

    Args:
        stack, x, lengths, run_layers: as for :func:`run_padded`.

    Returns:
        One (batch, time, directions * hidden) tensor per layer, 0 at padded steps.
    """
    if lengths is None:
        return run_layers(stack, x)
    longest, mask = _extent(x, lengths)
    inside = x[:, :longest].masked_fill(~mask, 0)
    outputs = _both_ways(stack, inside, lengths, run_layers, dropout=0.0) if stack.bidirectional else run_layers(stack, inside)
    return [_padded_to(x.shape[1], output, mask) for output in outputs]


def _extent(x: torch.Tensor, lengths: torch.Tensor) -> tuple[int, torch.Tensor]:
    """Steps of the longest sequence, and (batch, longest, 1) where there is a step: nobody need read what is padding in every row."""
    longest = min(max(int(lengths.max()), 1), x.shape[1])
    return longest, step_mask(lengths, longest).unsqueeze(-1)


def _padded_to(time: int, output: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(batch, time, size), 0 wherever there is no step."""
    return functional.pad(output.masked_fill(~mask, 0), (0, 0, 0, time - output.shape[1]))


def _both_ways(stack: Any, x: torch.Tensor, lengths: torch.Tensor, run_layers: RunLayers, *, dropout: float) -> list[torch.Tensor]:
    """Every layer's output in both directions, (batch, time, 2 * hidden); padded steps hold whatever comes out."""
    outputs = []
    for layer in range(stack.num_layers):
        if layer and dropout:
            x = functional.dropout(x, dropout)
        forward = run_layers(_OneLayer(stack, f"_l{layer}"), x)[0]
        backward = run_layers(_OneLayer(stack, f"_l{layer}_reverse"), reverse_within(x, lengths))[0]
        x = torch.cat([forward, reverse_within(backward, lengths)], dim=-1)
        outputs.append(x)
    return outputs


class _OneLayer:
    """One layer and direction of a stack, seen as a stack of its own: its ``…_l0`` are that layer's parameters."""

    num_layers = 1
    bidirectional = False
    dropout = 0.0

    def __init__(self, stack: nn.Module, suffix: str) -> None:
        self._stack = stack
        self._suffix = suffix

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stack, name.removesuffix("_l0") + self._suffix if name.endswith("_l0") else name)
