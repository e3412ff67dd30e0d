"""The LSTM cell: torch's fused module, and every gate of a layer in one product.

Conventions are PyTorch's: weights stacked i, f, g, o.
"""

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.stack import Weights, run_fused_layers

__all__ = ["build_stack", "open_gates", "run_layers", "scan"]


def build_stack(
    *, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool, dropout: float, forget_bias: float | None
) -> nn.LSTM:
    """A fused LSTM.

    Args:
        forget_bias: start value of the forget gate's bias, set as ``b_ih_f = forget_bias, b_hh_f = 0``
            in every layer and direction; ``None`` keeps torch's random start.
    """
    stack = nn.LSTM(
        input_size, hidden_size, num_layers, batch_first=True, bidirectional=bidirectional, dropout=dropout if num_layers > 1 else 0.0
    )
    if forget_bias is not None:
        with torch.no_grad():
            for name, parameter in stack.named_parameters():
                if name.startswith("bias"):
                    parameter[hidden_size : 2 * hidden_size] = forget_bias if name.startswith("bias_ih") else 0.0
    return stack


def run_layers(stack: nn.LSTM, x: torch.Tensor) -> list[torch.Tensor]:
    """The fused output of every layer, each (batch, time, directions * hidden), without dropout."""

    def fused(values: torch.Tensor, h: torch.Tensor, flat: list[torch.Tensor], both: bool) -> torch.Tensor:
        return torch.lstm(values, (h, h), flat, True, 1, 0.0, False, both, True)[0]

    return run_fused_layers(stack, x, fused)


def scan(decay: torch.Tensor, written: torch.Tensor) -> torch.Tensor:
    """``c_t = decay_t * c_{t-1} + written_t`` for all t, from ``c_{-1} = 0``.

    Steps are cut into about sqrt(time) blocks that run side by side; the blocks are then joined
    one after the other. About 2·sqrt(time) small operations instead of time.

    Args:
        decay, written: (batch, time, hidden)

    Returns:
        (batch, time, hidden)
    """
    batch, time, hidden = decay.shape
    length = max(1, int(time**0.5))
    blocks = -(-time // length)
    padding = blocks * length - time
    # (block step, batch, block, hidden), so that one step of all blocks is contiguous
    kept = functional.pad(decay, (0, 0, 0, padding), value=1.0).view(batch, blocks, length, hidden).permute(2, 0, 1, 3).contiguous()
    state = functional.pad(written, (0, 0, 0, padding)).view(batch, blocks, length, hidden).permute(2, 0, 1, 3).contiguous()
    for step in range(1, length):
        state[step].addcmul_(kept[step], state[step - 1])
        kept[step].mul_(kept[step - 1])
    carried = torch.zeros_like(state[0])  # the state at the end of the block before
    for block in range(1, blocks):
        carried[:, block] = state[-1, :, block - 1] + kept[-1, :, block - 1] * carried[:, block - 1]
    state.addcmul_(kept, carried)
    return state.permute(1, 2, 0, 3).reshape(batch, blocks * length, hidden)[:, :time]


def open_gates(x: torch.Tensor, h_previous: torch.Tensor, weights: Weights, *, reverse: bool) -> dict[str, torch.Tensor]:
    """Every gate and state of one layer and direction.

    Args:
        x: (batch, time, input) input of the layer.
        h_previous: (batch, time, hidden) output of the step before, in the direction's own order.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        reverse: whether the direction runs from the last step to the first.

    Returns:
        ``i f g o c h``, each (batch, time, hidden); h is recomputed, not taken from the fused module.
    """
    w_ih, w_hh, b_ih, b_hh = weights
    batch, time, hidden = h_previous.shape
    every = functional.linear(x, w_ih, b_ih + b_hh).view(batch * time, 4 * hidden)
    every = every.addmm_(h_previous.reshape(batch * time, hidden), w_hh.t()).view(batch, time, 4 * hidden)
    i, f, g, o = every.chunk(4, dim=-1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = scan(f.flip(1), (i * g).flip(1)).flip(1) if reverse else scan(f, i * g)
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * c.tanh()}
