"""A linear recurrence over time, in about 2·sqrt(time) small operations instead of time."""

import torch
from torch.nn import functional

__all__ = ["scan"]


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
