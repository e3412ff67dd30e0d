"""Jacobians of a step against finite differences and torch.autograd; products against plain multiplication."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates import jacobian
from seqlab.gates.jacobian import jacobian_products, step_jacobians
from seqlab.gates.trace import trace_gates

FUSED = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
CELL = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "rnn": nn.RNNCell}
HIDDEN = 5


def _stack(cell: str, *, layers: int = 1, bidirectional: bool = False, scale: float = 1.5) -> nn.RNNBase:
    torch.manual_seed(7)
    stack = FUSED[cell](3, HIDDEN, layers, batch_first=True, bidirectional=bidirectional, dtype=torch.float64)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(scale)
    return stack


def _step(stack: nn.RNNBase, cell: str, x: torch.Tensor, suffix: str):
    """One step of torch's own cell as a function of the whole state, c before h."""
    made = CELL[cell](x.shape[-1], HIDDEN, dtype=torch.float64)
    made.load_state_dict({n.removesuffix(suffix): v for n, v in stack.state_dict().items() if n.endswith(suffix)})

    def step(state: torch.Tensor) -> torch.Tensor:
        if cell != "lstm":
            return made(x, state)
        h, c = made(x, (state[HIDDEN:], state[:HIDDEN]))
        return torch.cat([c, h])

    return step


def _states(trace, cell: str, layer: int, direction: str) -> torch.Tensor:
    return torch.from_numpy(np.concatenate([trace.values(n, layer, direction)[0] for n in (("c", "h") if cell == "lstm" else ("h",))], -1))


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", FUSED)
def test_a_step_equals_autograd_and_finite_differences(cell: str, direction: str, layer: int) -> None:
    stack = _stack(cell, layers=2, bidirectional=True)
    x = torch.randn(1, 6, 3, dtype=torch.float64)
    found = step_jacobians(stack, x, layer=layer, direction=direction)
    trace = trace_gates(stack, x)
    states = _states(trace, cell, layer, direction)
    below = torch.from_numpy(np.concatenate([trace.values("h", 0, d) for d in trace.directions], -1))[0] if layer else x[0]
    suffix = f"_l{layer}{'_reverse' if direction == 'backward' else ''}"
    for t in range(6):
        before = t + 1 if direction == "backward" else t - 1
        state = states[before] if 0 <= before < 6 else torch.zeros_like(states[0])
        step = _step(stack, cell, below[t], suffix)
        np.testing.assert_allclose(step(state).detach().numpy(), states[t].numpy(), atol=1e-12)
        np.testing.assert_allclose(found[t], torch.autograd.functional.jacobian(step, state).numpy(), atol=1e-12)
        with torch.no_grad():
            push = 1e-5 * torch.eye(len(state), dtype=torch.float64)
            columns = [(step(state + e) - step(state - e)) / 2e-5 for e in push]
        assert np.abs(found[t] - torch.stack(columns, dim=1).numpy()).max() < 1e-7


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", FUSED)
def test_products_equal_the_plain_product_and_autograd_through_all_steps(cell: str, direction: str) -> None:
    stack = _stack(cell, bidirectional=True)
    x = torch.randn(1, 8, 3, dtype=torch.float64)
    single = step_jacobians(stack, x, direction=direction)
    ordered = single[::-1] if direction == "backward" else single
    found = jacobian_products(stack, x, direction=direction)
    product = np.eye(len(single[0]))
    expected = [1.0]
    for step in ordered[:0:-1]:
        product = product @ step
        expected.append(np.linalg.norm(product, 2))
    np.testing.assert_allclose(10**found.log10, expected, rtol=1e-10)
    assert found.lags.tolist() == list(range(8))
    if cell != "lstm" and direction == "forward":
        start = torch.from_numpy(trace_gates(stack, x).values("h")[:, :1]).transpose(0, 1)
        one = FUSED[cell](3, HIDDEN, batch_first=True, dtype=torch.float64)
        one.load_state_dict({n: v for n, v in stack.state_dict().items() if "reverse" not in n})
        whole = torch.autograd.functional.jacobian(lambda h: one(x[:, 1:], h)[1][0, 0], start)[:, 0, 0]
        np.testing.assert_allclose(10 ** found.log10[-1], np.linalg.norm(whole.numpy(), 2), rtol=1e-10)


def test_products_neither_underflow_nor_overflow() -> None:
    for scale, low, high in ((0.02, -5_000, -1_000), (6.0, None, None)):
        stack = _stack("rnn", scale=scale)
        found = jacobian_products(stack.float(), torch.zeros(1, 1_000, 3))
        assert np.isfinite(found.log10).all()
        if low is not None:
            assert low < found.log10[-1] < high
    linear = _stack("rnn", scale=0.0)
    with torch.no_grad():
        linear.weight_hh_l0.copy_(2 * torch.eye(HIDDEN))  # h stays 0, where tanh's slope is 1: the product is 2^lag exactly
    np.testing.assert_allclose(jacobian_products(linear, torch.zeros(1, 3_000, 3)).log10[-1], 2_999 * np.log10(2), rtol=1e-12)


def test_a_product_of_nothing_is_minus_infinity_and_nan_stays_nan() -> None:
    stack = _stack("rnn", scale=0.0)
    assert jacobian_products(stack, torch.zeros(1, 3, 3)).log10.tolist() == [0.0, -np.inf, -np.inf]
    for cell in FUSED:
        stack = _stack(cell)
        with torch.no_grad():
            stack.weight_hh_l0[0, 0] = float("nan")
        np.testing.assert_array_equal(jacobian_products(stack, torch.zeros(1, 4, 3)).log10, [0.0, np.nan, np.nan, np.nan])
        assert np.isnan(step_jacobians(stack, torch.zeros(1, 4, 3))[1:]).any(axis=(1, 2)).all()


def test_a_product_that_was_nan_once_stays_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = torch.zeros(4, HIDDEN, HIDDEN, dtype=torch.float64)
    steps[1, 0, 0] = float("nan")  # between steps that wipe everything out
    monkeypatch.setattr(jacobian._Opened, "jacobians", lambda self, *, backwards: iter([steps.flip(0)]))
    np.testing.assert_array_equal(jacobian_products(_stack("rnn"), torch.zeros(1, 4, 3)).log10, [0.0, -np.inf, -np.inf, np.nan])
    steps[2:] = torch.eye(HIDDEN)
    np.testing.assert_array_equal(jacobian_products(_stack("rnn"), torch.zeros(1, 4, 3)).log10, [0.0, 0.0, 0.0, np.nan])


def test_long_windows_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = _stack("gru")
    x = torch.randn(1, 20, 3, dtype=torch.float64)
    whole, singles = jacobian_products(stack, x), step_jacobians(stack, x)
    monkeypatch.setattr(jacobian, "CHUNK", 3 * HIDDEN**2)
    np.testing.assert_allclose(jacobian_products(stack, x).log10, whole.log10, rtol=1e-12)
    np.testing.assert_allclose(step_jacobians(stack, x), singles, rtol=1e-12)
    np.testing.assert_allclose(jacobian_products(stack, x, max_lag=4).log10, whole.log10[:5], rtol=1e-12)


def test_some_lags_only_are_measured_when_asked() -> None:
    stack = _stack("gru")
    x = torch.randn(1, 60, 3, dtype=torch.float64)
    whole, some = jacobian_products(stack, x), jacobian_products(stack, x, points=9)
    assert some.lags[0] == 0
    assert some.lags[-1] == 59
    assert len(some.lags) <= 9
    np.testing.assert_allclose(some.log10, whole.log10[some.lags], rtol=1e-9)


@pytest.mark.parametrize("points", [1, 2, 3, 9, 59, 60, 61])
def test_no_more_lags_are_measured_than_asked_for(points: int) -> None:
    lags = jacobian_products(_stack("rnn"), torch.zeros(1, 60, 3), points=points).lags
    assert len(lags) <= points
    assert lags[0] == 0
    assert lags[-1] == (59 if points > 1 else 0)
    assert (np.diff(lags) > 0).all()


def test_one_step_has_lag_zero_only() -> None:
    assert jacobian_products(_stack("lstm"), torch.zeros(1, 1, 3)).log10.tolist() == [0.0]


def test_what_cannot_be_done_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = _stack("gru")
    with pytest.raises(TraceError, match="one window"):
        step_jacobians(stack, torch.zeros(2, 4, 3))
    with pytest.raises(TraceError, match="layers 0 to 0"):
        jacobian_products(stack, torch.zeros(1, 4, 3), layer=1)
    with pytest.raises(TraceError, match="has: forward"):
        jacobian_products(stack, torch.zeros(1, 4, 3), direction="backward")
    with pytest.raises(TraceError, match=r"max_lag is -2.* 0 or more"):
        jacobian_products(stack, torch.zeros(1, 4, 3), max_lag=-2)
    with pytest.raises(TraceError, match=r"points is 0.* 1 or more"):
        jacobian_products(stack, torch.zeros(1, 4, 3), points=0)
    for allowed in (0, 2, 5):
        monkeypatch.setattr(jacobian, "MOST_WORK", HIDDEN**3 * (allowed + (allowed + 1) * jacobian.SVD_WORK))
        with pytest.raises(TraceError, match=f"max_lag={allowed} or less"):
            jacobian_products(stack, torch.zeros(1, 9, 3))
        assert len(jacobian_products(stack, torch.zeros(1, 9, 3), max_lag=allowed).lags) == allowed + 1
        with pytest.raises(TraceError, match=f"max_lag={allowed} or less"):
            jacobian_products(stack, torch.zeros(1, 9, 3), max_lag=allowed + 1)
