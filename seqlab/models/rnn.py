"""The Elman RNN cell with tanh: torch's fused module, and its state recomputed in one product."""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.edit import Edits, States, edit
from seqlab.models.gradient import LayerGradients, Recorded, over_time, per_sequence
from seqlab.models.stack import Weights, project_input, run_fused_layers

__all__ = ["BLOCKS", "build_stack", "open_gates", "project_input", "record", "run_layers", "state_jacobian", "step"]

BLOCKS = ("h",)
"""What the rows of the weights stack, each (hidden, ·)."""


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


def state_jacobian(
    gates: Mapping[str, torch.Tensor],
    previous: Mapping[str, torch.Tensor],  # noqa: ARG001  tanh's slope needs the new state only
    weights: Weights,
) -> torch.Tensor:
    """∂h/∂h⁻ of single steps, diag(1 − h²) W_hh: how the state answers to the state before it.

    Args:
        gates: ``h`` of the steps, (step, hidden).
        previous: ``h`` of the steps before, (step, hidden).
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.

    Returns:
        (step, hidden, hidden); rows are h of the step, columns h of the step before.
    """
    return (1 - gates["h"] * gates["h"]).unsqueeze(-1) * weights[1]


def record(x: torch.Tensor, weights: Weights, *, terms: int = 1) -> Recorded:  # noqa: ARG001  one way serves any number
    """The output of one layer and direction, and a function that carries gradients back through it.

    Args:
        x: (batch, time, input) in the order in which the direction runs.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        terms: how many gradients per sequence will be carried back.

    Returns:
        (batch, time, hidden), and a :data:`~seqlab.models.gradient.PullBack`.
    """
    w_ih, w_hh, _, _ = weights
    zeros = x.new_zeros(1, len(x), w_hh.shape[1])
    h = torch.rnn_tanh(x, zeros, list(weights), True, 1, 0.0, False, False, True)[0]

    def pull_back(direct: torch.Tensor) -> LayerGradients:
        terms, batch, time, hidden = direct.shape
        slope = over_time(1 - h * h)
        by_h = over_time(direct)
        before = torch.empty_like(by_h)  # ∂L/∂(what tanh reads)
        flat, rows = (values.view(time, terms * batch, hidden) for values in (before, by_h))
        for t in range(time - 1, -1, -1):
            torch.mul(by_h[t], slope[t], out=before[t])
            if t:
                rows[t - 1].addmm_(flat[t], w_hh)
        return LayerGradients(
            states={"h": per_sequence(by_h)}, highway=None, inputs=per_sequence((flat @ w_ih).view(time, terms, batch, -1))
        )

    return h, pull_back


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place, with values changed on the way.

    Args:
        gates: (blocks * hidden, batch) holds ``project_input`` of the step; left as it is, as no gate is.
        before: state → (hidden, batch) before the step.
        after: state → (hidden, batch), filled; may be ``before`` itself.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        edits: what is changed at this step: h.
    """
    h = after["h"]
    h.copy_(torch.addmm(gates, weights[1], before["h"])).tanh_()
    edit(edits, "h", h)
