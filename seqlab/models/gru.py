"""The GRU cell: torch's fused module, and every gate of a layer in one product.

Conventions are PyTorch's: weights stacked r, z, n; z = 1 keeps the old state; the reset gate acts
after the recurrent product.
"""

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
    forget_bias: float | None,  # noqa: ARG001  a GRU has no forget gate; the table says so
) -> nn.GRU:
    """A fused GRU."""
    return nn.GRU(
        input_size, hidden_size, num_layers, batch_first=True, bidirectional=bidirectional, dropout=dropout if num_layers > 1 else 0.0
    )


def run_layers(stack: nn.GRU, x: torch.Tensor) -> list[torch.Tensor]:
    """The fused output of every layer, each (batch, time, directions * hidden), without dropout."""

    def fused(values: torch.Tensor, h: torch.Tensor, flat: list[torch.Tensor], both: bool) -> torch.Tensor:
        return torch.gru(values, h, flat, True, 1, 0.0, False, both, True)[0]

    return run_fused_layers(stack, x, fused)


def open_gates(
    x: torch.Tensor,
    h_previous: torch.Tensor,
    weights: Weights,
    *,
    reverse: bool,  # noqa: ARG001  nothing is carried but h, which is given
) -> dict[str, torch.Tensor]:
    """Every gate and state of one layer and direction.

    Args:
        x: (batch, time, input) input of the layer.
        h_previous: (batch, time, hidden) output of the step before, in the direction's own order.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        reverse: whether the direction runs from the last step to the first.

    Returns:
        ``r z n h``, each (batch, time, hidden); h is recomputed, not taken from the fused module.
    """
    w_ih, w_hh, b_ih, b_hh = weights
    hidden = h_previous.shape[-1]
    from_input = functional.linear(x, w_ih, b_ih)
    from_state = functional.linear(h_previous, w_hh, b_hh)
    r, z = (from_input[..., : 2 * hidden] + from_state[..., : 2 * hidden]).sigmoid().chunk(2, dim=-1)
    n = torch.addcmul(from_input[..., 2 * hidden :], r, from_state[..., 2 * hidden :]).tanh()
    return {"r": r, "z": z, "n": n, "h": torch.lerp(n, h_previous, z)}
