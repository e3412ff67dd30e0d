"""The Elman RNN cell with tanh: torch's fused module, and its state recomputed in one product."""

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.stack import Weights, run_fused_layers

__all__ = ["build_stack", "open_gates", "run_layers"]


def build_stack(
    *,
    input_size: int,
    hidden_size: int,
    num_layers: int,
    bidirectional: bool,
    dropout: float,
    forget_bias: float | None,  # noqa: ARG001  an RNN has no forget gate; the table says so
) -> nn.RNN:
    """A fused RNN with tanh."""
    return nn.RNN(
        input_size, hidden_size, num_layers, batch_first=True, bidirectional=bidirectional, dropout=dropout if num_layers > 1 else 0.0
    )


def run_layers(stack: nn.RNN, x: torch.Tensor) -> list[torch.Tensor]:
    """The fused output of every layer, each (batch, time, directions * hidden), without dropout."""

    def fused(values: torch.Tensor, h: torch.Tensor, flat: list[torch.Tensor], both: bool) -> torch.Tensor:
        return torch.rnn_tanh(values, h, flat, True, 1, 0.0, False, both, True)[0]

    return run_fused_layers(stack, x, fused)


def open_gates(
    x: torch.Tensor,
    h_previous: torch.Tensor,
    weights: Weights,
    *,
    reverse: bool,  # noqa: ARG001  nothing is carried but h, which is given
) -> dict[str, torch.Tensor]:
    """The state of one layer and direction.

    Args:
        x: (batch, time, input) input of the layer.
        h_previous: (batch, time, hidden) output of the step before, in the direction's own order.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        reverse: whether the direction runs from the last step to the first.

    Returns:
        ``h`` (batch, time, hidden), recomputed, not taken from the fused module.
    """
    w_ih, w_hh, b_ih, b_hh = weights
    return {"h": (functional.linear(x, w_ih, b_ih) + functional.linear(h_previous, w_hh, b_hh)).tanh()}
