"""What a layer hands over when a gradient is carried back through it in time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from seqlab.models.scan import scan

__all__ = ["LayerGradients", "PullBack", "Recorded", "carry_back", "one_step_back", "over_time", "per_sequence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerGradients:
    """Gradients of one layer and direction, time in the direction's own order.

    Args:
        states: ∂L/∂s_t of every state by name, each (term, batch, time, hidden): everything a change of the state
            at step t would do to the loss, through all later steps.
        highway: the same for the state that a gate keeps, through that gate's product alone: all paths through the
            recurrent weights are cut. ``None`` where no gate keeps a state.
        inputs: ∂L/∂x_t, (term, batch, time, input).
    """

    states: Mapping[str, torch.Tensor]
    highway: torch.Tensor | None
    inputs: torch.Tensor


PullBack = Callable[[torch.Tensor], LayerGradients]
"""Gradient that reaches h_t from outside the layer, (term, batch, time, hidden) → the layer's gradients."""

Recorded = tuple[torch.Tensor, PullBack]
"""Output of a layer, (batch, time, hidden), and the function that carries gradients back through it."""


def one_step_back(states: torch.Tensor) -> torch.Tensor:
    """(batch, time, hidden) moved one step on, so that index t holds step t - 1; zeros before the first step."""
    return torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], dim=1)


def over_time(values: torch.Tensor) -> torch.Tensor:
    """A copy with time first: (batch, time, hidden) → (time, 1, batch, hidden), or (term, batch, time, …) → (time, term, batch, …)."""
    values = values.unsqueeze(0) if values.ndim == 3 else values
    return values.permute(2, 0, 1, 3).clone(memory_format=torch.contiguous_format)


def per_sequence(values: torch.Tensor) -> torch.Tensor:
    """(time, term, batch, hidden) as (term, batch, time, hidden)."""
    return values.permute(1, 2, 0, 3)


def carry_back(keep: torch.Tensor, direct: torch.Tensor) -> torch.Tensor:
    """``δ_t = keep_{t+1} * δ_{t+1} + direct_t`` for all t.

    Args:
        keep: (batch, time, hidden)
        direct: (term, batch, time, hidden)

    Returns:
        (term, batch, time, hidden)
    """
    later = torch.cat([keep[:, 1:], torch.zeros_like(keep[:, :1])], dim=1).flip(1)
    flat = direct.reshape(-1, *direct.shape[2:]).flip(1)
    return scan(later.expand(direct.shape).reshape(flat.shape), flat).flip(1).view(direct.shape)
