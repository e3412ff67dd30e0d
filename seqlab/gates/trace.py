"""Every gate at every step of a trained model, at the cost of two or three forward passes.

The fused module runs once for all outputs; then every gate of a layer is one product over
[x_t, h_{t-1}], and the cell state an elementwise scan. The recomputed output is compared with the
fused one, and the largest difference travels with the trace.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.models.network import Forecaster
from seqlab.models.stack import layer_weights
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["trace_gates"]

_CELL_OF: dict[type[nn.Module], str] = {nn.LSTM: "lstm", nn.GRU: "gru", nn.RNN: "rnn"}


def trace_gates(model: nn.Module, x: torch.Tensor | npt.ArrayLike) -> GateTrace:
    """Every gate and state of a model's recurrent stack, all layers and directions.

    The model is read as in evaluation mode (no dropout) and is left as it was.

    Args:
        model: a :class:`~seqlab.models.network.Forecaster`, or a bare ``nn.LSTM``, ``nn.GRU`` or
            ``nn.RNN`` (tanh) with ``batch_first=True`` and biases.
        x: (batch, time, feature), scaled, as the model reads it.

    Returns:
        The trace; ``trace.values("f", layer=0)`` is (batch, time, hidden). ``trace.max_error`` is the
        largest |recomputed h - fused h|.

    Raises:
        TraceError: the model has no recurrent stack of a known cell, or x has the wrong shape or holds NaN.

    Example:
        >>> import torch
        >>> trace = trace_gates(torch.nn.GRU(2, 3, batch_first=True), torch.zeros(1, 5, 2))
        >>> trace.values("z").shape
        (1, 5, 3)
    """
    stack, cell, segment_length = _stack_of(model)
    like = next(stack.parameters())
    given = x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))
    given = given.to(device=like.device, dtype=like.dtype)
    if given.ndim != 3 or not given.shape[0] or not given.shape[1]:
        raise TraceError(f"A trace needs x of shape (batch, time, feature) with at least one step; it was given {tuple(given.shape)}.")
    if not torch.isfinite(given).all():
        raise TraceError("x holds NaN or infinite values. Fill the gaps first; prepared windows have none.")
    with torch.no_grad():
        inputs = model.recurrent_input(given) if isinstance(model, Forecaster) else given
        if inputs.shape[-1] != stack.input_size:
            raise TraceError(f"The model reads {stack.input_size} features per step; it was given {inputs.shape[-1]}.")
        return _trace(stack, cell, inputs, segment_length)


def _stack_of(model: nn.Module) -> tuple[nn.RNNBase, str, int]:
    if isinstance(model, Forecaster):
        return model.recurrent, model.cell, model.segment_length
    cell = _CELL_OF.get(type(model))
    if cell is None or not isinstance(model, nn.RNNBase):
        raise TraceError(f"A {type(model).__name__} has no recurrent layer to open. Give a model with an LSTM, GRU or RNN.")
    plain = model.bias and not model.proj_size and not (isinstance(model, nn.RNN) and model.nonlinearity != "tanh")
    if not plain or not model.batch_first:
        raise TraceError("A bare module must have batch_first=True, biases, no projection and, for an RNN, tanh.")
    return model, cell, 1


def _trace(stack: nn.RNNBase, cell: str, inputs: torch.Tensor, segment_length: int) -> GateTrace:
    entry = cell_entry(cell)
    implementation = entry.load()
    directions = ("forward", "backward") if stack.bidirectional else ("forward",)
    gates: dict[tuple[int, str, str], npt.NDArray[np.floating]] = {}
    max_error = 0.0
    below = inputs
    for layer, fused in enumerate(implementation.run_layers(stack, inputs)):
        for number, direction in enumerate(directions):
            h = fused[..., number * stack.hidden_size : (number + 1) * stack.hidden_size]
            reverse = direction == "backward"
            zero = h.new_zeros(h.shape[0], 1, h.shape[2])
            h_previous = torch.cat([h[:, 1:], zero] if reverse else [zero, h[:, :-1]], dim=1)
            opened = implementation.open_gates(below, h_previous, layer_weights(stack, layer, reverse=reverse), reverse=reverse)
            # NaN must not pass as "no error", hence not max(): NaN > x is False
            error = float((opened["h"] - h).abs().max())
            max_error = error if not error <= max_error else max_error
            for name, values in opened.items():
                gates[(layer, direction, name)] = values.cpu().numpy()
        below = fused
    return GateTrace(
        cell=cell,
        gate_names=entry.gate_names,
        num_layers=stack.num_layers,
        directions=directions,
        gates=gates,
        max_error=max_error,
        segment_length=segment_length,
    )
