"""What torch's fused recurrent modules have in common: their weights, and running them layer by layer."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

__all__ = ["Weights", "layer_weights", "project_input", "run_fused_layers"]

Weights = tuple[torch.Tensor, ...]
"""``(W_ih, W_hh, b_ih, b_hh)`` of one layer and direction, and what a cell has beyond."""


def layer_weights(stack: nn.Module, layer: int, *, reverse: bool) -> Weights:
    """``(W_ih, W_hh, b_ih, b_hh)`` of one layer and direction of a stack, then what its cell has beyond."""
    suffix = f"_l{layer}{'_reverse' if reverse else ''}"
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", *getattr(stack, "extra_weights", ()))
    return tuple(getattr(stack, name + suffix) for name in names)


def project_input(x: torch.Tensor, weights: Weights) -> torch.Tensor:
    """What the input adds to every gate before its activation: all that needs no state, for all steps in one product.

    For cells in which nothing stands between b_hh and the activation, so that both biases are added here.

    Args:
        x: (..., input)
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.

    Returns:
        (..., blocks * hidden), blocks as in the cell's ``BLOCKS``.
    """
    w_ih, _, b_ih, b_hh = weights[:4]
    return functional.linear(x, w_ih, b_ih + b_hh)


FusedLayer = Callable[[torch.Tensor, torch.Tensor, list[torch.Tensor], bool], torch.Tensor]
"""(input, zero state, flat weights, bidirectional) -> output of one layer, without dropout."""


def run_fused_layers(stack: nn.RNNBase, x: torch.Tensor, fused: FusedLayer) -> list[torch.Tensor]:
    """The output of every layer, each run as a fused one-layer stack over the layer below.

    Args:
        stack: a torch recurrent module with ``batch_first=True``.
        x: (batch, time, feature)
        fused: runs one layer.

    Returns:
        One (batch, time, directions * hidden) tensor per layer.
    """
    outputs = []
    zeros = x.new_zeros(2 if stack.bidirectional else 1, x.shape[0], stack.hidden_size)
    for layer in range(stack.num_layers):
        flat = [w for reverse in ((False, True) if stack.bidirectional else (False,)) for w in layer_weights(stack, layer, reverse=reverse)]
        x = fused(x, zeros, flat, stack.bidirectional)
        outputs.append(x)
    return outputs
