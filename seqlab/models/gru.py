"""The GRU cell: torch's fused module, and every gate of a layer in one product.

Conventions are PyTorch's: weights stacked r, z, n; z = 1 keeps the old state; the reset gate acts
after the recurrent product.
"""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.edit import Edits, States, edit
from seqlab.models.gradient import LayerGradients, Recorded, carry_back, one_step_back, over_time, per_sequence
from seqlab.models.stack import Weights, run_fused_layers

__all__ = ["BLOCKS", "build_stack", "open_gates", "project_input", "record", "run_layers", "state_jacobian", "step"]

BLOCKS = ("r", "z", "n")
"""What the rows of the weights stack, each (hidden, ·)."""


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


def state_jacobian(gates: Mapping[str, torch.Tensor], previous: Mapping[str, torch.Tensor], weights: Weights) -> torch.Tensor:
    """∂h/∂h⁻ of single steps: how the state answers to the state before it.

    diag z + diag((h⁻−n)⊙z(1−z))W_hz + diag((1−z)(1−n²))[diag r·W_hn + diag((W_hn h⁻+b_hn)⊙r(1−r))W_hr]

    Args:
        gates: ``r z n h`` of the steps, each (step, hidden).
        previous: ``h`` of the steps before, (step, hidden).
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.

    Returns:
        (step, hidden, hidden); rows are h of the step, columns h of the step before.
    """
    w_r, w_z, w_n = weights[1].chunk(3)
    by_r, by_z, by_n, _ = _factors(gates, previous["h"], weights)
    through = by_r.unsqueeze(-1) * w_r + by_z.unsqueeze(-1) * w_z + by_n.unsqueeze(-1) * w_n
    return torch.diag_embed(gates["z"]) + through


def _factors(gates: Mapping[str, torch.Tensor], h_previous: torch.Tensor, weights: Weights) -> tuple[torch.Tensor, ...]:
    """∂h_t by what the gates r, z and n read from h_{t-1}, and by what n reads from x_t, before the activation; each (…, hidden).

    The candidate reads h_{t-1} through the reset gate but x_t directly, hence two factors for n.
    """
    _, w_hh, _, b_hh = weights
    r, z, n = (gates[name] for name in "rzn")
    hidden = w_hh.shape[1]
    from_state = functional.linear(h_previous, w_hh[2 * hidden :], b_hh[2 * hidden :])
    by_candidate = (1 - z) * (1 - n * n)
    return by_candidate * from_state * r * (1 - r), (h_previous - n) * z * (1 - z), by_candidate * r, by_candidate


def record(x: torch.Tensor, weights: Weights, *, terms: int = 1) -> Recorded:  # noqa: ARG001  one way serves any number
    """The output of one layer and direction, and a function that carries gradients back through it.

    Args:
        x: (batch, time, input) in the order in which the direction runs.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        terms: how many gradients per sequence will be carried back.

    Returns:
        (batch, time, hidden), and a :data:`~seqlab.models.gradient.PullBack`.
    """
    zeros = x.new_zeros(1, len(x), weights[1].shape[1])
    h = torch.gru(x, zeros, list(weights), True, 1, 0.0, False, False, True)[0]

    def pull_back(direct: torch.Tensor) -> LayerGradients:
        h_previous = one_step_back(h)
        gates = open_gates(x, h_previous, weights, reverse=False)
        return _reverse_loop(gates, h_previous, weights, direct)

    return h, pull_back


def _reverse_loop(gates: Mapping[str, torch.Tensor], h_previous: torch.Tensor, weights: Weights, direct: torch.Tensor) -> LayerGradients:
    """Backpropagation through time by hand. All factors of a step are known beforehand: three small operations a step are left."""
    w_ih, w_hh, _, _ = weights
    terms, batch, time, hidden = direct.shape
    by_r, by_z, by_n, by_input = (over_time(factor) for factor in _factors(gates, h_previous, weights))
    factors = torch.stack([by_r, by_z, by_n], dim=-2)
    z = over_time(gates["z"])
    by_h = over_time(direct)
    made = direct.new_empty(time, terms, batch, 3, hidden)  # ∂L/∂(what r, z and n read from h_{t-1})
    flat = made.view(time, terms * batch, 3 * hidden)
    rows = by_h.view(time, terms * batch, hidden)
    for t in range(time - 1, -1, -1):
        torch.mul(by_h[t].unsqueeze(-2), factors[t], out=made[t])
        if t:
            rows[t - 1].addmm_(flat[t], w_hh)
            by_h[t - 1].addcmul_(by_h[t], z[t])
    made[..., 2, :] = by_h * by_input
    return LayerGradients(
        states={"h": per_sequence(by_h)},
        highway=carry_back(gates["z"], direct),
        inputs=per_sequence((flat @ w_ih).view(time, terms, batch, -1)),
    )


def project_input(x: torch.Tensor, weights: Weights) -> torch.Tensor:
    """As :func:`seqlab.models.stack.project_input`, without b_hh: the reset gate multiplies the candidate's, so ``step`` adds it."""
    w_ih, _, b_ih, _ = weights
    return functional.linear(x, w_ih, b_ih)


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place, with values changed on the way.

    Args:
        gates: (blocks * hidden, batch) holds ``project_input`` of the step; ``r z n`` afterwards.
        before: state → (hidden, batch) before the step.
        after: state → (hidden, batch), filled; may be ``before`` itself.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        edits: what is changed at this step: r and z before n is made from them, then n, then h.
    """
    _, w_hh, _, b_hh = weights
    hidden = gates.shape[0] // 3
    from_state = torch.addmm(b_hh.unsqueeze(1), w_hh, before["h"])
    gates[: 2 * hidden].add_(from_state[: 2 * hidden]).sigmoid_()
    r, z, n = gates.chunk(3)
    edit(edits, "r", r)
    edit(edits, "z", z)
    n.addcmul_(r, from_state[2 * hidden :]).tanh_()
    edit(edits, "n", n)
    # lerp gives exactly n at z = 0 and exactly the old state at z = 1
    torch.lerp(n, before["h"], z, out=after["h"])
    edit(edits, "h", after["h"])
