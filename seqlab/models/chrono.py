"""Chrono initialisation: gates that keep start spread over all memories up to a longest one (Tallec & Ollivier 2018)."""

import torch
from torch import nn

from seqlab.models.table import cell_entry, check_chrono

__all__ = ["set_chrono_bias"]


@torch.no_grad()
def set_chrono_bias(stack: nn.Module, cell: str, longest: int) -> None:
    """Start biases for memories of up to ``longest`` steps, in every layer and direction.

    b ~ log U(1, longest - 1) for the gate that keeps and -b for the gate that writes, where the cell has one, so that a unit starts
    with its keeping gate at (T - 1) / T and its writing gate at 1 / T for a T between 2 and ``longest``
    (Tallec & Ollivier 2018, 1804.11188). The draws come from torch's global random generator.

    Args:
        stack: a fused module of that cell; changed in place.
        cell: key of ``CELLS``.
        longest: T_max, the longest lag in steps.

    Raises:
        ConfigError: no gate of the cell keeps its state.

    Example:
        >>> lstm = nn.LSTM(1, 4)
        >>> set_chrono_bias(lstm, "lstm", 20)
        >>> i, f, _, _ = lstm.bias_ih_l0.detach().chunk(4)
        >>> bool(torch.equal(i, -f)), bool((f >= 0).all())
        (True, True)
    """
    check_chrono(cell, longest)
    entry = cell_entry(cell)
    blocks = entry.load().BLOCKS
    for name, parameter in stack.named_parameters():
        if not name.startswith("bias_ih"):
            continue
        other = stack.get_parameter(name.replace("bias_ih", "bias_hh"))
        hidden = len(parameter) // len(blocks)
        keep = torch.empty(hidden, dtype=parameter.dtype, device=parameter.device).uniform_(1.0, longest - 1.0).log_()
        for gate, value in ((entry.keep_gate, keep), (entry.write_gate, -keep)):
            if gate:
                rows = slice(blocks.index(gate) * hidden, (blocks.index(gate) + 1) * hidden)
                parameter[rows] = value
                other[rows] = 0.0
