"""The LSTM cell: torch's fused module, and every gate of a layer in one product.

Conventions are PyTorch's: weights stacked i, f, g, o.
"""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.edit import Edits, States, edit
from seqlab.models.gradient import LayerGradients, Recorded, carry_back, one_step_back, over_time, per_sequence
from seqlab.models.scan import scan
from seqlab.models.stack import Weights, project_input, run_fused_layers

__all__ = ["BLOCKS", "build_stack", "open_gates", "project_input", "record", "run_layers", "state_jacobian", "step"]

BLOCKS = ("i", "f", "g", "o")
"""What the rows of the weights stack, each (hidden, ·)."""


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


def state_jacobian(gates: Mapping[str, torch.Tensor], previous: Mapping[str, torch.Tensor], weights: Weights) -> torch.Tensor:
    """∂(c, h)/∂(c⁻, h⁻) of single steps: how the whole state answers to the whole state before it.

    ∂c/∂c⁻ = diag f; ∂c/∂h⁻ = diag(c⁻⊙f(1−f))W_hf + diag(g⊙i(1−i))W_hi + diag(i⊙(1−g²))W_hg; with D = diag(o⊙(1−tanh²c)):
    ∂h/∂c⁻ = D·diag f and ∂h/∂h⁻ = diag(tanh c⊙o(1−o))W_ho + D·∂c/∂h⁻.

    Args:
        gates: ``i f g o c h`` of the steps, each (step, hidden).
        previous: ``c`` and ``h`` of the steps before, each (step, hidden).
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.

    Returns:
        (step, 2 * hidden, 2 * hidden); rows are c then h of the step, columns c then h of the step before.
    """
    i, f, g, o, c = (gates[name] for name in "ifgoc")
    w_i, w_f, w_g, w_o = weights[1].chunk(4)
    shown = c.tanh()
    by_c = torch.diag_embed(f)
    by_h = _rows(previous["c"] * f * (1 - f), w_f) + _rows(g * i * (1 - i), w_i) + _rows(i * (1 - g * g), w_g)
    passed = (o * (1 - shown * shown)).unsqueeze(-1)
    h_by_h = _rows(shown * o * (1 - o), w_o) + passed * by_h
    return torch.cat([torch.cat([by_c, by_h], dim=-1), torch.cat([passed * by_c, h_by_h], dim=-1)], dim=-2)


def _rows(scale: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """diag(scale) @ weight for every step: (step, hidden) and (hidden, hidden) → (step, hidden, hidden)."""
    return scale.unsqueeze(-1) * weight


FEW_SEQUENCES = 8
"""Up to here torch's fused backward pass beats the reverse loop; with more sequences the loop's small operations weigh less."""


def record(x: torch.Tensor, weights: Weights, *, terms: int = 1) -> Recorded:
    """The output of one layer and direction, and a function that carries gradients back through it.

    Args:
        x: (batch, time, input) in the order in which the direction runs.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        terms: how many gradients per sequence will be carried back.

    Returns:
        (batch, time, hidden), and a :data:`~seqlab.models.gradient.PullBack`.
    """
    # oneDNN is what makes the fused pass quick, and it knows float32 on the CPU only.
    if terms == 1 and len(x) <= FEW_SEQUENCES and x.device.type == "cpu" and x.dtype == torch.float32:
        return _record_fused(x, weights)
    h = _run(x, weights)

    def pull_back(direct: torch.Tensor) -> LayerGradients:
        gates = open_gates(x, one_step_back(h), weights, reverse=False)
        return _reverse_loop(gates, weights, direct)

    return h, pull_back


def _run(x: torch.Tensor, weights: Weights) -> torch.Tensor:
    zeros = x.new_zeros(1, len(x), weights[1].shape[1])
    return torch.lstm(x, (zeros, zeros), list(weights), True, 1, 0.0, False, False, True)[0]


def _record_fused(x: torch.Tensor, weights: Weights) -> Recorded:
    """By torch's own backward pass: a second input u of zeros, read through W_hh, stands where h_{t-1} enters.

    The gradient by u_t then is what reaches h_{t-1} through the gates of step t, for the price of a plain backward pass.
    """
    w_ih, w_hh, b_ih, b_hh = (weight.detach() for weight in weights)
    size = x.shape[-1]
    both = torch.cat([x.detach(), x.new_zeros(*x.shape[:2], w_hh.shape[1])], dim=-1).requires_grad_()
    with torch.enable_grad():
        recorded = _run(both, (torch.cat([w_ih, w_hh], dim=1), w_hh, b_ih, b_hh))
    h = recorded.detach()

    def pull_back(direct: torch.Tensor) -> LayerGradients:
        (by_both,) = torch.autograd.grad(recorded, both, direct[0])
        by_h = direct.clone()
        by_h[0, :, :-1] += by_both[:, 1:, size:]
        gates = open_gates(x, one_step_back(h), weights, reverse=False)
        passed = _passed(gates)
        by_c, highway = carry_back(gates["f"], passed * torch.cat([by_h, direct])).chunk(2)
        return LayerGradients(states={"c": by_c, "h": by_h}, highway=highway, inputs=by_both[None, :, :, :size])

    return h, pull_back


def _passed(gates: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """∂h_t/∂c_t within a step: o⊙(1 − tanh²c)."""
    shown = gates["c"].tanh()
    return gates["o"] * (1 - shown * shown)


def _reverse_loop(gates: Mapping[str, torch.Tensor], weights: Weights, direct: torch.Tensor) -> LayerGradients:
    """Backpropagation through time by hand. All factors of a step are known beforehand: four small operations a step are left."""
    w_ih, w_hh, _, _ = weights
    terms, batch, time, hidden = direct.shape
    i, f, g, o, c = (over_time(gates[name]) for name in "ifgoc")
    shown = c.tanh()
    passed = o * (1 - shown * shown)
    c_previous = torch.cat([torch.zeros_like(c[:1]), c[:-1]])
    # What ∂L/∂c_t is multiplied by: to reach c_{t-1}, and the gates i, f, g before their activation. o hangs on ∂L/∂h_t.
    factors = torch.stack([f, g * i * (1 - i), c_previous * f * (1 - f), i * (1 - g * g)], dim=-2)
    factor_o = shown * o * (1 - o)
    by_h, by_c = over_time(direct), direct.new_empty(time, terms, batch, 1, hidden)
    made = direct.new_empty(time, terms, batch, 5, hidden)  # ∂L/∂c_{t-1}, then ∂L/∂(i f g o before activation)
    from_c, from_h = made[..., :4, :], made[..., 4:, :]
    flat = made.view(time, terms * batch, 5 * hidden)[..., hidden:]
    rows, one = by_h.view(time, terms * batch, hidden), by_h.unsqueeze(-2)
    passed, factor_o = passed.unsqueeze(-2), factor_o.unsqueeze(-2)
    later = torch.zeros_like(one[0])
    for t in range(time - 1, -1, -1):
        torch.addcmul(later, passed[t], one[t], out=by_c[t])
        torch.mul(by_c[t], factors[t], out=from_c[t])
        torch.mul(one[t], factor_o[t], out=from_h[t])
        later = from_c[t, ..., :1, :]
        if t:
            rows[t - 1].addmm_(flat[t], w_hh)
    return LayerGradients(
        states={"c": per_sequence(by_c.squeeze(-2)), "h": per_sequence(by_h)},
        highway=carry_back(gates["f"], _passed(gates) * direct),
        inputs=per_sequence((flat @ w_ih).view(time, terms, batch, -1)),
    )


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place, with values changed on the way.

    Args:
        gates: (blocks * hidden, batch) holds ``project_input`` of the step; ``i f g o`` afterwards.
        before: state → (hidden, batch) before the step.
        after: state → (hidden, batch), filled; may be ``before`` itself.
        weights: ``(W_ih, W_hh, b_ih, b_hh)``.
        edits: what is changed at this step: gates, then c before h is read from it, then h.
    """
    hidden = gates.shape[0] // 4
    gates.addmm_(weights[1], before["h"])
    gates[: 2 * hidden].sigmoid_()
    i, f, g, o = gates.chunk(4)
    g.tanh_()
    o.sigmoid_()
    if edits:
        for name, values in zip(BLOCKS, (i, f, g, o), strict=True):
            edit(edits, name, values)
    c, h = after["c"], after["h"]
    torch.mul(f, before["c"], out=c).addcmul_(i, g)
    edit(edits, "c", c)
    torch.tanh(c, out=h).mul_(o)
    edit(edits, "h", h)
