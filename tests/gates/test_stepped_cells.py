"""The cells that are run step by step, in the laboratory: against cells written out here, with and without changes."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from seqlab.gates.gradients import gradient_error, gradient_flow
from seqlab.gates.intervention import Intervention
from seqlab.gates.jacobian import step_jacobians
from seqlab.gates.ledger import step_ledger, unit_ledger
from seqlab.gates.one_step import one_step
from seqlab.gates.replay import replay
from seqlab.gates.trace import trace_gates
from seqlab.models.stepped_stack import SteppedStack
from seqlab.models.table import CELLS, cell_entry

STEPPED = [key for key, entry in CELLS.items() if not entry.fused]
Touch = Callable[[str, torch.Tensor], torch.Tensor]


def _article_lstm(sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, _: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    i, f, o = (touch(name, one.sigmoid()) for name, one in zip("ifo", sums, strict=False))
    c = touch("c", sums[3].tanh())
    h = touch("h", f * old["h"] + i * c)
    return {"i": i, "f": f, "o": o, "c": c, "h": h, "y": touch("y", o * h.tanh())}


def _article_gru(sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, _: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    r, z, n = touch("r", sums[0].sigmoid()), touch("z", sums[1].sigmoid()), touch("n", sums[2].tanh())
    c = touch("c", z * old["c"] + (1 - z) * n)
    return {"r": r, "z": z, "n": n, "c": c, "h": touch("h", r * old["h"] + (1 - r) * c)}


def _no_forget(sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, _: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    i, g, o = touch("i", sums[0].sigmoid()), touch("g", sums[1].tanh()), touch("o", sums[2].sigmoid())
    c = touch("c", old["c"] + i * g)
    return {"i": i, "g": g, "o": o, "c": c, "h": touch("h", o * c.tanh())}


def _coupled(sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, _: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    f, g, o = touch("f", sums[0].sigmoid()), touch("g", sums[1].tanh()), touch("o", sums[2].sigmoid())
    c = touch("c", f * old["c"] + (1 - f) * g)
    return {"f": f, "g": g, "o": o, "c": c, "h": touch("h", o * c.tanh())}


def _peephole(sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, rest: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    see_i, see_f, see_o = rest[-1].chunk(3)
    i, f = touch("i", (sums[0] + see_i * old["c"]).sigmoid()), touch("f", (sums[1] + see_f * old["c"]).sigmoid())
    g = touch("g", sums[2].tanh())
    c = touch("c", f * old["c"] + i * g)
    o = touch("o", (sums[3] + see_o * c).sigmoid())
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": touch("h", o * c.tanh())}


def _reset_before(
    sums: list[torch.Tensor], old: dict[str, torch.Tensor], touch: Touch, rest: list[torch.Tensor]
) -> dict[str, torch.Tensor]:
    r, z = touch("r", sums[0].sigmoid()), touch("z", sums[1].sigmoid())
    u = rest[1].chunk(3)[2]
    n = touch("n", (sums[2] - old["h"] @ u.t() + (r * old["h"]) @ u.t()).tanh())  # the sums hold U h for all three
    return {"r": r, "z": z, "n": n, "h": touch("h", (1 - z) * n + z * old["h"])}


STEPS = {
    "article_lstm": _article_lstm,
    "article_gru": _article_gru,
    "lstm_no_forget": _no_forget,
    "lstm_coupled": _coupled,
    "lstm_peephole": _peephole,
    "gru_reset_before": _reset_before,
}


def _by_hand(
    cell: str, x: torch.Tensor, weights: list[torch.Tensor], change: Callable[[int, str, torch.Tensor], torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Every gate and state of one layer, (batch, time, hidden), by the formulas; torch differentiates them."""
    w_ih, w_hh, b_ih, b_hh, *_ = weights
    now = {name: x.new_zeros(len(x), w_hh.shape[1]) for name in "hc"}
    steps = []
    for t in range(x.shape[1]):
        sums = list((x[:, t] @ w_ih.t() + b_ih + now["h"] @ w_hh.t() + b_hh).chunk(len(w_hh) // w_hh.shape[1], dim=1))
        now = STEPS[cell](sums, now, lambda name, values, t=t: change(t, name, values), weights)
        steps.append(now)
    return {name: torch.stack([step[name] for step in steps], dim=1) for name in steps[0]}


def _unchanged(t: int, name: str, values: torch.Tensor) -> torch.Tensor:
    return values


def _weights(stack: SteppedStack, ending: str) -> list[torch.Tensor]:
    return [value for name, value in stack.named_parameters() if name.endswith(ending)]


@pytest.mark.parametrize("cell", STEPPED)
def test_every_gate_layer_direction_and_gradient_is_that_of_the_formulas(cell: str) -> None:
    torch.manual_seed(0)
    stack, x = SteppedStack(cell, 3, 4, 2, bidirectional=True).double(), torch.randn(3, 6, 3, dtype=torch.float64)
    entry, below, expected = cell_entry(cell), x, {}
    for layer in (0, 1):
        for way, turn in (("forward", ()), ("backward", (1,))):
            made = _by_hand(cell, below.flip(turn), _weights(stack, f"_l{layer}{'_reverse' if turn else ''}"), _unchanged)
            expected |= {(layer, way, name): values.flip(turn) for name, values in made.items()}
        below = torch.cat([expected[(layer, way, entry.output)] for way in ("forward", "backward")], dim=-1)
    trace = trace_gates(stack, x)
    assert trace.max_error < 1e-12
    assert trace.gates.keys() == expected.keys()
    for key, values in trace.gates.items():
        np.testing.assert_allclose(values, expected[key].detach(), rtol=0, atol=1e-10)
    output = stack(x)[0]
    torch.testing.assert_close(output, below, rtol=0, atol=1e-10)
    towards = torch.randn_like(output)
    ours, theirs = (torch.autograd.grad((made * towards).sum(), list(stack.parameters())) for made in (output, below))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)
    assert trace_gates(stack.float(), x).max_error < 1e-5


@pytest.mark.parametrize("cell", STEPPED)
def test_changes_are_those_of_the_formulas_and_times_one_changes_nothing(cell: str) -> None:
    torch.manual_seed(1)
    stack, x = SteppedStack(cell, 3, 4).double(), torch.randn(2, 8, 3, dtype=torch.float64)
    entry, plain = cell_entry(cell), replay(stack, x)
    assert plain.trace.max_error < 1e-12
    once = replay(stack, x, [Intervention(gate=gate, op="scale", value=1.0) for gate in entry.gate_names])
    assert all(np.array_equal(once.trace.gates[key], values) for key, values in plain.trace.gates.items())
    for gate in entry.gate_names:
        with torch.no_grad():
            expected = _by_hand(
                cell, x, _weights(stack, "_l0"), lambda t, name, v, gate=gate: v * 0 + 0.3 if name == gate and t in (2, 3) else v
            )
        changed = replay(stack, x, [Intervention(gate=gate, op="set", value=0.3, steps=[2, 3])])
        for name, values in expected.items():
            np.testing.assert_allclose(changed.values(name), values, rtol=0, atol=1e-12, err_msg=f"{gate} {name}")
    for block in entry.load().BLOCKS:  # a shift opens the gate wider, and nothing before it moves
        shifted = replay(stack, x, [Intervention(gate=block, op="shift", value=0.5, steps=[4])])
        assert (shifted.values(block)[:, 4] > plain.values(block)[:, 4]).all()
        np.testing.assert_array_equal(shifted.values(entry.output)[:, :4], plain.values(entry.output)[:, :4])


@pytest.mark.parametrize("cell", STEPPED)
def test_gradients_jacobians_and_the_ledger_hold(cell: str) -> None:
    torch.manual_seed(2)
    stack, x = SteppedStack(cell, 3, 4, bidirectional=True).double(), torch.randn(2, 7, 3, dtype=torch.float64)
    entry = cell_entry(cell)
    assert gradient_error(stack, x, loss=lambda made: made.square().sum()) < 1e-12
    flow = gradient_flow(stack, x, loss=lambda made: made[:, -1, :4].sum())
    assert flow.highway_state == entry.kept_state
    # the state after step t, as a function of the one before, by torch
    weights, trace = [one.detach() for one in _weights(stack, "_l0")], trace_gates(stack, x)
    before = torch.cat([torch.from_numpy(trace.values(name)[0, 3]) for name in entry.state_names])

    def step(state: torch.Tensor) -> torch.Tensor:
        old = dict(zip(entry.state_names, state.view(-1, 1, 4), strict=True))
        sums = x[:1, 4] @ weights[0].t() + weights[2] + old["h"] @ weights[1].t() + weights[3]
        made = STEPS[cell](list(sums.chunk(len(entry.load().BLOCKS), dim=1)), old, lambda _, values: values, weights)
        return torch.cat([made[name][0] for name in entry.state_names])

    expected = torch.autograd.functional.jacobian(step, before)
    np.testing.assert_allclose(step_jacobians(stack, x[:1])[4], expected, rtol=0, atol=1e-12)
    assert unit_ledger(trace, 0, "backward", unit=1).error < 1e-12
    assert step_ledger(trace, 0, "forward", step=5).error < 1e-12


@pytest.mark.parametrize("cell", ["article_lstm", "article_gru"])
def test_an_articles_cell_is_taken_apart_step_by_step(cell: str) -> None:
    torch.manual_seed(3)
    stack, x = SteppedStack(cell, 3, 4, 2), torch.randn(2, 7, 3)
    seen = one_step(stack, x, trace_gates(stack, x), layer=1, unit=2, step=4)
    assert seen.max_error < 1e-6
    for one in seen.sums:
        assert sum(term.product for term in one.terms) == pytest.approx(one.total, abs=1e-12)
