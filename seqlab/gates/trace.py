"""Every gate at every step of a trained model, at the cost of two or three forward passes.

The fused module runs once for all outputs; then every gate of a layer is one product over
[x_t, h_{t-1}], and the cell state an elementwise scan. The recomputed output is compared with the
fused one, and the largest difference travels with the trace.
"""

import dataclasses

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import MemoryLimitError
from seqlab.gates.opening import OpenedStack, open_stack, stack_input, stack_steps
from seqlab.models.free_memory import USABLE, free_memory, size_text
from seqlab.models.padding import reverse_within, run_padded_layers, step_mask
from seqlab.models.stack import layer_weights
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["trace_gates"]

_ROOM = 1_000_000_000  # bytes that may be used on the way
_WORKING = 4  # copies of a layer's gates that exist for a moment


def trace_gates(model: nn.Module, x: torch.Tensor | npt.ArrayLike) -> GateTrace:
    """Every gate and state of a model's recurrent stack, all layers and directions.

    The model is read as in evaluation mode (no dropout) and is left as it was.

    Args:
        model: a :class:`~seqlab.models.network.Forecaster`, or a bare ``nn.LSTM``, ``nn.GRU`` or
            ``nn.RNN`` (tanh) with ``batch_first=True`` and biases.
        x: (batch, time, feature), scaled, as the model reads it; NaN after the end of a sequence.

    Returns:
        The trace, NaN after the end of a sequence; ``trace.values("f", layer=0)`` is (batch, time, hidden). ``trace.max_error`` is the
        largest |recomputed h - fused h|.

    Windows are opened a few at a time where all at once would need too much memory on the way.

    Raises:
        TraceError: the model has no recurrent stack of a known cell, or x has the wrong shape or holds NaN.
        MemoryLimitError: the trace itself does not fit into the free memory.

    Example:
        >>> import torch
        >>> trace = trace_gates(torch.nn.GRU(2, 3, batch_first=True), torch.zeros(1, 5, 2))
        >>> trace.values("z").shape
        (1, 5, 3)
    """
    opened = open_stack(model)
    with torch.no_grad():
        inputs, counts = stack_input(model, x), stack_steps(model, x)
        together = _windows_at_once(opened, inputs)
        pieces = [
            _trace(opened, inputs[first : first + together], counts if counts is None else counts[first : first + together])
            for first in range(0, len(inputs), together)
        ]
    return pieces[0] if len(pieces) == 1 else _joined(pieces)


def _windows_at_once(opened: OpenedStack, inputs: torch.Tensor) -> int:
    """How many windows are opened together, so that what is needed on the way stays small beside the trace.

    Raises:
        MemoryLimitError: not even the trace would fit.
    """
    batch, steps, _ = inputs.shape
    stack, gates = opened.stack, len(cell_entry(opened.cell).gate_names)
    layers = stack.num_layers * len(opened.directions)
    one = steps * stack.hidden_size * inputs.element_size()  # bytes of one gate of one window
    kept = batch * one * gates * layers
    on_the_way = one * (_WORKING * gates + layers)
    beside = max(on_the_way, batch * one)  # one window while it is opened; then one gate of all, while pieces are joined
    free = free_memory(torch.device("cpu"))
    if kept + beside > USABLE * free:
        raise MemoryLimitError(
            f"This trace would need about {size_text(kept + beside)}: {gates} gates and states of {stack.hidden_size} units, "
            f"{layers} times (layers and directions), over {batch:,} windows of {steps:,} steps. {size_text(free)} are free. "
            "Open fewer windows at once, or shorter ones."
        )
    return max(1, int(min(free - kept, _ROOM) // on_the_way))


def _joined(pieces: list[GateTrace]) -> GateTrace:
    """Traces of the same model over different windows as one. Empties the list, so that only one gate is held twice at a time."""
    errors = np.array([piece.max_error for piece in pieces])
    frame = dataclasses.replace(pieces[0], gates={})
    known = [piece.lengths for piece in pieces if piece.lengths is not None]  # all of them or none
    lengths = np.concatenate(known) if known else None
    taken = [dict(piece.gates) for piece in pieces]
    pieces.clear()
    gates = {key: np.concatenate([piece.pop(key) for piece in taken]) for key in list(taken[0])}
    return dataclasses.replace(frame, gates=gates, max_error=float(errors.max()), lengths=lengths)  # NaN stays NaN


def _trace(opened: OpenedStack, inputs: torch.Tensor, counts: torch.Tensor | None) -> GateTrace:
    stack, entry = opened.stack, cell_entry(opened.cell)
    implementation = entry.load()
    outside = None if counts is None else ~step_mask(counts, inputs.shape[1]).unsqueeze(-1)
    gates: dict[tuple[int, str, str], npt.NDArray[np.floating]] = {}
    max_error = 0.0
    below = inputs if outside is None else inputs.masked_fill(outside, 0)
    for layer, fused in enumerate(run_padded_layers(stack, below, counts, implementation.run_layers)):
        for number, direction in enumerate(opened.directions):
            h = fused[..., number * stack.hidden_size : (number + 1) * stack.hidden_size]
            made = _open_layer(opened, below, h, layer, direction, counts)
            error = (made[entry.output] - h).abs()
            error = error.max() if outside is None else error.masked_fill(outside, 0).max()
            max_error = float(np.maximum(max_error, float(error)))  # NaN stays NaN; with max() it could pass as "no error"
            for name, values in made.items():
                gates[(layer, direction, name)] = (values if outside is None else values.masked_fill(outside, float("nan"))).cpu().numpy()
        below = fused
    return GateTrace(
        cell=opened.cell,
        gate_names=entry.gate_names,
        num_layers=stack.num_layers,
        directions=opened.directions,
        gates=gates,
        max_error=max_error,
        segment_length=opened.segment_length,
        lengths=None if counts is None else counts.cpu().numpy().astype(np.int64),
    )


def _open_layer(
    opened: OpenedStack, below: torch.Tensor, h: torch.Tensor, layer: int, direction: str, counts: torch.Tensor | None
) -> dict[str, torch.Tensor]:
    """Every gate of one layer and direction from its input and its output, (batch, time, hidden) each."""
    implementation = cell_entry(opened.cell).load()
    backward = direction == "backward"
    weights = layer_weights(opened.stack, layer, reverse=backward)
    zero = h.new_zeros(h.shape[0], 1, h.shape[2])
    if backward and counts is not None:  # each sequence turned round within its own length, so that padding stands at the end
        below, h = reverse_within(below, counts), reverse_within(h, counts)
        made = implementation.open_gates(below, torch.cat([zero, h[:, :-1]], dim=1), weights, reverse=False)
        return {name: reverse_within(values, counts) for name, values in made.items()}
    h_previous = torch.cat([h[:, 1:], zero] if backward else [zero, h[:, :-1]], dim=1)
    return implementation.open_gates(below, h_previous, weights, reverse=backward)
