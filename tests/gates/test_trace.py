"""The trace against torch's own modules: every gate, layer, direction, batch and length."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import seqlab
from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.errors import TraceError
from seqlab.gates.opening import stack_input
from seqlab.gates.trace import trace_gates
from seqlab.training.fitted import Fitted

EXAMPLE = Path(seqlab.__file__).parent / "runs/shipped/airline_lstm"
CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def _stack(cell: str, *, layers: int = 1, bidirectional: bool = False, scale: float = 1.0, hidden: int = 8) -> nn.RNNBase:
    torch.manual_seed(layers)
    stack = CELLS[cell](3, hidden, layers, batch_first=True, bidirectional=bidirectional)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(scale)
    return stack


def _assert_equal_to_the_fused_module(stack: nn.RNNBase, x: torch.Tensor) -> None:
    """Output of every step and the last state of every layer and direction, in single and in double precision."""
    for dtype, tolerance in ((torch.float32, 1e-5), (torch.float64, 1e-12)):
        stack, x = stack.to(dtype), x.to(dtype)
        trace = trace_gates(stack, x)
        assert trace.max_error < tolerance
        with torch.no_grad():
            output, last = stack(x)
        top = np.concatenate([trace.values("h", stack.num_layers - 1, d) for d in trace.directions], axis=-1)
        np.testing.assert_allclose(top, output.numpy(), rtol=0, atol=tolerance)
        for name, states in zip("hc", last if isinstance(last, tuple) else (last,), strict=False):
            for number, state in enumerate(states):
                layer, backward = divmod(number, len(trace.directions))
                ends = trace.values(name, layer, trace.directions[backward])[:, 0 if backward else -1]
                np.testing.assert_allclose(ends, state.numpy(), rtol=0, atol=tolerance)


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_recomputed_output_equals_the_fused_one(cell: str, layers: int, bidirectional: bool, batch: int) -> None:
    for time in (1, 2, 17, 90):
        stack = _stack(cell, layers=layers, bidirectional=bidirectional, scale=2.0)
        _assert_equal_to_the_fused_module(stack, torch.randn(batch, time, 3))


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_the_error_does_not_grow_over_ten_thousand_steps(cell: str) -> None:
    stack = _stack(cell, layers=2, bidirectional=True, scale=2.0, hidden=4)  # more sequences and layers: above
    _assert_equal_to_the_fused_module(stack, torch.randn(1, 10_000, 3))


@pytest.fixture(scope="module")
def trained() -> dict[str, Fitted]:
    """A small trained forecaster per cell, deep and bidirectional."""
    made = {}
    for cell in CELLS:
        spec = RunSpec(
            dataset="airline_passengers",
            window=WindowConfig(context_length=24, horizon=6),
            model=ModelConfig(cell=cell, hidden_size=6, num_layers=2, bidirectional=True, head_size=0),
            training=TrainConfig(epochs=4, batch_size=8, learning_rate=0.01, device="cpu"),
        )
        made[cell] = seqlab.fit(spec)
    return made


@pytest.mark.parametrize("cell", CELLS)
def test_trained_weights(cell: str, trained: dict[str, Fitted]) -> None:
    fitted = trained[cell]
    stack = copy.deepcopy(fitted.model.recurrent)
    assert fitted.history[-1].train_loss < fitted.history[0].train_loss
    windows = fitted.prepared.windows("test")
    for samples in ([0], np.arange(32) % len(windows)):
        x = windows.gather(samples)[0]
        assert trace_gates(fitted.model, x).max_error < 1e-5
        _assert_equal_to_the_fused_module(stack, stack_input(fitted.model, x))
    _assert_equal_to_the_fused_module(stack, torch.randn(1, 2_000, 1))  # far beyond what it was trained on


def test_the_shipped_examples_weights() -> None:
    fitted = seqlab.load_run(EXAMPLE)
    stack = copy.deepcopy(fitted.model.recurrent)
    windows = fitted.prepared.windows("test")
    for samples in ([0], np.arange(32) % len(windows)):
        x = windows.gather(samples)[0]
        assert trace_gates(fitted.model, x).max_error < 1e-5
        _assert_equal_to_the_fused_module(stack, stack_input(fitted.model, x))


def test_lstm_gates_equal_a_step_by_step_lstm_cell() -> None:
    stack = _stack("lstm", scale=2.0)
    x = torch.randn(2, 30, 3)
    cell = nn.LSTMCell(3, 8)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in stack.state_dict().items()})
    trace = trace_gates(stack, x)
    h = c = torch.zeros(2, 8)
    for t in range(30):
        gates = (x[:, t] @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh).detach()
        expected = dict(zip("ifgo", gates.split(8, dim=1), strict=True))
        for name, value in expected.items():
            value = value.tanh() if name == "g" else value.sigmoid()
            np.testing.assert_allclose(trace.values(name)[:, t], value.numpy(), atol=1e-5)
        h, c = (v.detach() for v in cell(x[:, t], (h, c)))
        np.testing.assert_allclose(trace.values("c")[:, t], c.numpy(), atol=1e-5)


def test_gru_gates_follow_pytorchs_convention() -> None:
    stack = _stack("gru", scale=2.0)
    x = torch.randn(2, 10, 3)
    trace = trace_gates(stack, x)
    weight = {name.removesuffix("_l0"): value.detach().numpy() for name, value in stack.named_parameters()}
    h = np.zeros((2, 8), np.float32)
    for t in range(10):
        from_input = x[:, t].numpy() @ weight["weight_ih"].T + weight["bias_ih"]
        from_state = h @ weight["weight_hh"].T + weight["bias_hh"]
        r = 1 / (1 + np.exp(-(from_input[:, :8] + from_state[:, :8])))
        z = 1 / (1 + np.exp(-(from_input[:, 8:16] + from_state[:, 8:16])))
        n = np.tanh(from_input[:, 16:] + r * from_state[:, 16:])
        h = (1 - z) * n + z * h  # z = 1 keeps
        for name, value in {"r": r, "z": z, "n": n, "h": h}.items():
            np.testing.assert_allclose(trace.values(name)[:, t], value, atol=1e-5)


def test_backward_trace_uses_the_inputs_own_time() -> None:
    stack = _stack("lstm", bidirectional=True)
    x = torch.randn(1, 20, 3)
    changed = x.clone()
    changed[:, 5] += 1
    difference = trace_gates(stack, changed).values("c", 0, "backward") - trace_gates(stack, x).values("c", 0, "backward")
    assert np.abs(difference[:, :6]).max() > 0
    assert np.abs(difference[:, 6:]).max() == 0


def test_the_model_is_left_as_it_was_and_dropout_plays_no_part() -> None:
    torch.manual_seed(0)
    stack = nn.LSTM(3, 8, 2, batch_first=True, dropout=0.5).train()
    trace = trace_gates(stack, torch.ones(1, 5, 3))
    assert stack.training
    np.testing.assert_allclose(trace.values("h", 1), stack.eval()(torch.ones(1, 5, 3))[0].detach().numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("model", "x", "words"),
    [
        (nn.Linear(3, 3), np.zeros((1, 2, 3)), "no recurrent layer"),
        (nn.LSTM(3, 2), np.zeros((1, 2, 3)), "batch_first"),
        (nn.RNN(3, 2, batch_first=True, nonlinearity="relu"), np.zeros((1, 2, 3)), "tanh"),
        (nn.GRU(3, 2, batch_first=True), np.zeros((2, 3)), r"\(batch, time, feature\)"),
        (nn.GRU(3, 2, batch_first=True), np.zeros((1, 0, 3)), "at least one step"),
        (nn.GRU(3, 2, batch_first=True), np.zeros((1, 2, 4)), "reads 3 features"),
        (nn.GRU(3, 2, batch_first=True), np.full((1, 2, 3), np.nan), "NaN"),
    ],
)
def test_what_cannot_be_traced_is_refused_in_words(model: nn.Module, x: np.ndarray, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        trace_gates(model, x)


def test_unknown_gate_layer_and_direction_name_what_there_is() -> None:
    trace = trace_gates(_stack("gru"), torch.zeros(1, 2, 3))
    with pytest.raises(TraceError, match="r z n h"):
        trace.values("f")
    with pytest.raises(TraceError, match="0 to 0"):
        trace.values("z", layer=1)
    with pytest.raises(TraceError, match="forward"):
        trace.values("z", direction="backward")


def test_a_nan_in_one_direction_is_not_hidden_by_the_other() -> None:
    stack = _stack("gru", bidirectional=True)
    with torch.no_grad():
        stack.weight_hh_l0[0, 0] = float("nan")  # forward, which comes first
    assert np.isnan(trace_gates(stack, torch.ones(1, 4, 3)).max_error)


def test_a_nan_in_the_weights_is_not_a_perfect_trace() -> None:
    stack = _stack("lstm")
    with torch.no_grad():
        stack.weight_hh_l0[0, 0] = float("nan")
    assert np.isnan(trace_gates(stack, torch.ones(1, 4, 3)).max_error)
