"""Traces of many windows of a part, a few windows at a time, so that no more than a few are in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.window import WindowSet
from seqlab.errors import TraceError
from seqlab.records import GateTrace

if TYPE_CHECKING:
    from torch import nn

__all__ = ["gather_gate", "spread_samples", "trace_in_chunks"]

MOST_NUMBERS = 8_000_000
"""Numbers of a trace held at once: 32 MB in float32."""


def spread_samples(count: int, most: int, *, first: int = 0) -> npt.NDArray[np.int64]:
    """Up to ``most`` of ``count`` sample numbers from ``first`` on, evenly spread, in order.

    Example:
        >>> spread_samples(10, 3).tolist(), spread_samples(2, 3, first=4).tolist(), spread_samples(0, 3).tolist()
        ([0, 4, 9], [4, 5], [])
    """
    return first + np.unique(np.linspace(0, count - 1, max(0, min(count, most))).astype(np.int64))


def trace_in_chunks(
    model: "nn.Module", windows: WindowSet, samples: npt.ArrayLike, *, most_numbers: int = MOST_NUMBERS
) -> Iterator[GateTrace]:
    """Traces of some windows, in their order, several windows each.

    Args:
        model: as for :func:`~seqlab.gates.trace.trace_gates`.
        windows: the windows of a part.
        samples: (sample,) sample numbers.
        most_numbers: numbers of a trace held at once, at most (one window is traced whole in any case).

    Raises:
        TraceError: no sample is given, or the model cannot be traced over them.
    """
    from seqlab.gates.lengths import cut_padding
    from seqlab.gates.opening import open_stack  # imports torch
    from seqlab.gates.trace import trace_gates
    from seqlab.models.table import cell_entry

    chosen = np.asarray(samples, dtype=np.int64).reshape(-1)
    if not len(chosen):
        raise TraceError("No window is given. Give at least one sample number.")
    opened = open_stack(model)
    stack = opened.stack
    steps = windows.x.shape[2] // opened.segment_length
    each = steps * stack.hidden_size * stack.num_layers * len(opened.directions) * len(cell_entry(opened.cell).gates)
    size = max(1, most_numbers // max(1, each))
    for start in range(0, len(chosen), size):
        x, _, y = windows.gather(chosen[start : start + size])
        yield trace_gates(model, cut_padding(x, y)[0])


def gather_gate(
    model: "nn.Module", windows: WindowSet, samples: npt.ArrayLike, gate: str, layer: int, direction: str
) -> npt.NDArray[np.floating]:
    """The values of one gate or state over many windows.

    Args:
        model, windows, samples: as for :func:`trace_in_chunks`.
        gate: name of the gate or state.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Returns:
        (sample, step, hidden), NaN after the end of a sequence.

    Raises:
        TraceError: the cell has no such gate, layer or direction, or the model cannot be traced.
    """
    found = [trace.values(gate, layer, direction) for trace in trace_in_chunks(model, windows, samples)]
    longest = max(values.shape[1] for values in found)
    padded = [np.pad(values, ((0, 0), (0, longest - values.shape[1]), (0, 0)), constant_values=np.nan) for values in found]
    return np.concatenate(padded)
