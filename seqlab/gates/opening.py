"""What every look inside begins with: the recurrent stack of a model, and what that stack reads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.models.network import Network
from seqlab.models.stepped_stack import SteppedStack

__all__ = ["OpenedStack", "open_stack", "stack_input", "stack_steps"]

_CELL_OF: dict[type[nn.Module], str] = {nn.LSTM: "lstm", nn.GRU: "gru", nn.RNN: "rnn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedStack:
    """The recurrent part of a model.

    Args:
        stack: torch's fused module, or one that is run step by step.
        cell: key of ``seqlab.CELLS``.
        segment_length: input steps per recurrent step.
    """

    stack: nn.RNNBase | SteppedStack
    cell: str
    segment_length: int

    @property
    def directions(self) -> tuple[str, ...]:
        """``("forward",)`` or ``("forward", "backward")``."""
        return ("forward", "backward") if self.stack.bidirectional else ("forward",)


def open_stack(model: nn.Module) -> OpenedStack:
    """The recurrent stack of a model.

    Args:
        model: a :class:`~seqlab.models.network.Network`, or a bare ``nn.LSTM``, ``nn.GRU`` or
            ``nn.RNN`` (tanh) with ``batch_first=True`` and biases.

    Raises:
        TraceError: the model has no recurrent stack of a known cell.
    """
    if isinstance(model, Network):
        if model.recurrent is None:
            raise TraceError("This network has convolutions only, so it has no gates. Choose a network with recurrent layers.")
        return OpenedStack(stack=model.recurrent, cell=model.cell, segment_length=model.segment_length)
    if isinstance(model, SteppedStack):
        return OpenedStack(stack=model, cell=model.cell, segment_length=1)
    cell = _CELL_OF.get(type(model))
    if cell is None or not isinstance(model, nn.RNNBase):
        raise TraceError(f"A {type(model).__name__} has no recurrent layer to open. Give a model with an LSTM, GRU or RNN.")
    plain = model.bias and not model.proj_size and not (isinstance(model, nn.RNN) and model.nonlinearity != "tanh")
    if not plain or not model.batch_first:
        raise TraceError("A bare module must have batch_first=True, biases, no projection and, for an RNN, tanh.")
    return OpenedStack(stack=model, cell=cell, segment_length=1)


def stack_input(model: nn.Module, x: torch.Tensor | npt.ArrayLike) -> torch.Tensor:
    """What the recurrent stack of a model reads, checked.

    Args:
        model: as for :func:`open_stack`.
        x: (batch, time, feature), scaled, as the model reads it. A network for sequences of unequal length takes NaN in all
            features after the end of a sequence.

    Returns:
        (batch, step, input) on the model's device and in its precision; a step is ``segment_length`` steps of x.

    Raises:
        TraceError: x has the wrong shape or holds NaN.
        ConfigError: a forecaster was built for another shape.
    """
    opened = open_stack(model)
    like = next(opened.stack.parameters())
    given = x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))
    given = given.to(device=like.device, dtype=like.dtype)
    if given.ndim != 3 or not given.shape[0] or not given.shape[1]:
        raise TraceError(f"A trace needs x of shape (batch, time, feature) with at least one step; it was given {tuple(given.shape)}.")
    if not _readable(model, given):
        raise TraceError("x holds NaN or infinite values. Fill the gaps first; prepared windows have none but after the end of a sequence.")
    inputs = _read(model, given) if isinstance(model, Network) else given
    if inputs.shape[-1] != opened.stack.input_size:
        raise TraceError(f"The model reads {opened.stack.input_size} features per step; it was given {inputs.shape[-1]}.")
    return inputs


def stack_steps(model: nn.Module, x: torch.Tensor | npt.ArrayLike) -> torch.Tensor | None:
    """(batch,) steps of the recurrent stack that each sequence of x fills; ``None`` if all fill the batch.

    Args:
        model, x: as for :func:`stack_input`.
    """
    if not isinstance(model, Network):
        return None
    like = next(model.parameters())
    return model.step_counts((x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))).to(device=like.device, dtype=like.dtype))


def _readable(model: nn.Module, x: torch.Tensor) -> bool:
    """Whether x is finite, but for the padding of a network that knows padding: NaN in all features, at the end, never from the start."""
    if bool(torch.isfinite(x).all()):
        return True
    if not isinstance(model, Network) or model.sizes.task == "forecast" or bool(torch.isinf(x).any()):
        return False
    missing = torch.isnan(x)
    padded = missing.all(dim=-1)
    ends = (padded[:, 1:] >= padded[:, :-1]).all()  # once over, a sequence stays over
    return bool(ends) and bool((missing.any(dim=-1) == padded).all()) and not bool(padded[:, 0].any())


def _read(model: Network, x: torch.Tensor) -> torch.Tensor:
    """What the stack reads, without dropout; the model is left in its mode."""
    was_training = model.training
    model.eval()
    inputs = model.recurrent_input(x)
    model.train(was_training)
    return inputs
