"""Gradient flow against autograd on an explicit step-by-step network, written from torch's own cells."""

import copy
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from seqlab.config import ModelConfig
from seqlab.errors import MemoryLimitError, TraceError
from seqlab.gates import gradients
from seqlab.gates.gradients import gradient_error, gradient_flow, gradient_terms
from seqlab.gates.trace import trace_gates
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes

FUSED = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
CELL = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "rnn": nn.RNNCell}
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


def _stack(cell: str, *, layers: int = 1, bidirectional: bool = False, dtype: torch.dtype = torch.float64) -> nn.RNNBase:
    torch.manual_seed(layers)
    stack = FUSED[cell](3, 6, layers, batch_first=True, bidirectional=bidirectional, dtype=dtype)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(1.5)
    return stack


def _states(stack: nn.RNNBase, cell: str, x: torch.Tensor, *, cut: bool = False) -> tuple[torch.Tensor, dict]:
    """The output, and every state of every layer, direction and step, as nodes whose gradient is kept.

    With ``cut``, the gates read a copy of h that no gradient passes: the state's own path is left.
    """
    nodes: dict[tuple[int, str, str], list[torch.Tensor]] = {}
    below = list(x.unbind(1))
    for layer in range(stack.num_layers):
        outputs = []
        for direction in ("forward", "backward")[: 2 if stack.bidirectional else 1]:
            suffix = f"_l{layer}{'_reverse' if direction == 'backward' else ''}"
            step = CELL[cell](below[0].shape[-1], stack.hidden_size, dtype=x.dtype)
            step.load_state_dict({n.removesuffix(suffix): v for n, v in stack.state_dict().items() if n.endswith(suffix)})
            h = c = x.new_zeros(len(x), stack.hidden_size)
            steps = []
            for t in range(len(below))[:: -1 if direction == "backward" else 1]:
                if cell == "lstm":
                    h, c = step(below[t], (h.detach() if cut else h, c))
                elif cell == "gru" and cut:
                    # z ⊙ h⁻ is kept, what the gates read of h⁻ is not
                    z = _update_gate(step, below[t], h.detach())
                    h = step(below[t], h.detach()) - z * h.detach() + z * h
                else:
                    h = step(below[t], h.detach() if cut else h)
                steps.append({"h": h, "c": c} if cell == "lstm" else {"h": h})
            if direction == "backward":
                steps.reverse()
            for name in steps[0]:
                nodes[(layer, direction, name)] = [states[name] for states in steps]
            outputs.append([states["h"] for states in steps])
        below = [torch.cat(parts, dim=-1) for parts in zip(*outputs, strict=True)]
    for node in (n for values in nodes.values() for n in values):
        node.requires_grad and node.retain_grad()
    return torch.stack(below, dim=1), nodes


def _update_gate(step: nn.GRUCell, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    from_x = functional.linear(x, step.weight_ih, step.bias_ih).chunk(3, dim=-1)[1]
    return (from_x + functional.linear(h, step.weight_hh, step.bias_hh).chunk(3, dim=-1)[1]).sigmoid()


def _norms(nodes: list[torch.Tensor]) -> np.ndarray:
    grads = [torch.zeros_like(node) if node.grad is None else node.grad for node in nodes]
    return torch.stack([grad.norm(dim=-1) for grad in grads], dim=1).numpy()


def _close(actual: np.ndarray, expected: np.ndarray, dtype: torch.dtype) -> None:
    np.testing.assert_allclose(actual, expected, rtol=TOLERANCE[dtype] * 10, atol=TOLERANCE[dtype] * expected.max())


def _weighted(output: torch.Tensor) -> torch.Tensor:
    """A loss with a part in every step and unit."""
    weight = torch.linspace(-1, 1, output.numel(), dtype=output.dtype).view_as(output)
    return (output * weight + output.square()).sum()


@pytest.mark.parametrize(("batch", "dtype"), [(1, torch.float32), (11, torch.float32), (3, torch.float64)])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", FUSED)
def test_norms_equal_autograds_on_explicit_steps(cell: str, layers: int, bidirectional: bool, batch: int, dtype: torch.dtype) -> None:
    stack = _stack(cell, layers=layers, bidirectional=bidirectional, dtype=dtype)
    x = torch.randn(batch, 7, 3, dtype=dtype)
    flow = gradient_flow(stack, x, loss=_weighted)
    output, nodes = _states(stack, cell, x)
    _weighted(output).backward()
    assert flow.states == (("c", "h") if cell == "lstm" else ("h",))
    assert set(flow.norms) == set(nodes)
    for (layer, direction, state), steps in nodes.items():
        _close(flow.values(state, layer, direction), _norms(steps), dtype)
    assert gradient_error(stack, x, loss=_weighted) < TOLERANCE[dtype]


@pytest.mark.parametrize("time", [1, 2, 40])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", FUSED)
def test_any_length(cell: str, time: int, dtype: torch.dtype) -> None:
    stack = _stack(cell, dtype=dtype)
    x = torch.randn(2, time, 3, dtype=dtype)
    output, nodes = _states(stack, cell, x)
    output[:, -1].square().sum().backward()
    flow = gradient_flow(stack, x, loss=lambda h: h[:, -1].square().sum())
    for (layer, direction, state), steps in nodes.items():
        _close(flow.values(state, layer, direction), _norms(steps), dtype)


@pytest.mark.parametrize("batch", [1, 11])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_highway_equals_autograd_with_the_recurrent_weights_cut(cell: str, bidirectional: bool, batch: int) -> None:
    for dtype in (torch.float32, torch.float64):
        stack = _stack(cell, bidirectional=bidirectional, dtype=dtype)
        x = torch.randn(batch, 9, 3, dtype=dtype)
        flow = gradient_flow(stack, x, loss=_weighted)
        output, nodes = _states(stack, cell, x, cut=True)
        np.testing.assert_allclose(output.detach().numpy(), stack(x)[0].detach().numpy(), atol=1e-6)
        _weighted(output).backward()
        for direction in flow.directions:
            _close(flow.highway_values(0, direction), _norms(nodes[(0, direction, flow.highway_state)]), dtype)


def test_highway_of_an_lstm_is_the_product_of_its_forget_gates() -> None:
    stack = _stack("lstm")
    x = torch.randn(1, 12, 3, dtype=torch.float64)
    flow = gradient_flow(stack, x, loss=lambda h: h[:, -1].sum())
    trace = trace_gates(stack, x)
    o, c, f = (trace.values(name)[0] for name in "ocf")
    last = o[-1] * (1 - np.tanh(c[-1]) ** 2)
    expected = [np.linalg.norm(last * np.prod(f[t + 1 :], axis=0)) for t in range(12)]
    np.testing.assert_allclose(flow.highway_values()[0], expected, rtol=1e-12)


def test_an_rnn_has_no_highway() -> None:
    flow = gradient_flow(_stack("rnn"), torch.zeros(1, 3, 3), loss=_weighted)
    assert flow.highway_state == ""
    assert not flow.highway
    with pytest.raises(TraceError, match="no highway"):
        flow.highway_values()


SIZES = NetworkSizes(input_size=3, target_size=2, known_size=1, context_length=12, horizon=4, season_length=4)


def _forecaster(cell: str, *, dtype: torch.dtype = torch.float64, **changes: object) -> Forecaster:
    torch.manual_seed(3)
    config = ModelConfig(**{"cell": cell, "hidden_size": 6, "head_size": 5, "dropout": 0.5, **changes})  # type: ignore[arg-type]
    model = build_network(config, SIZES)
    with torch.no_grad():
        for parameter in model.head.parameters():
            parameter.normal_(0, 0.5)  # a fresh head starts at zero and would pass no gradient
    return model.to(dtype)


def _windows(batch: int, dtype: torch.dtype = torch.float64) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(4)
    x, future, y = torch.randn(batch, 12, 3), torch.randn(batch, 4, 1), torch.randn(batch, 4, 2)
    y[0, 1, 0] = float("nan")
    return x.to(dtype), future.to(dtype), y.to(dtype)


def _reference_loss(name: str, forecast: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean over what was observed of each sequence; their sum."""
    total = forecast.new_zeros(())
    for predicted, true in zip(forecast, y, strict=True):
        seen = ~torch.isnan(true)
        loss = {"mse": functional.mse_loss, "mae": functional.l1_loss, "huber": functional.huber_loss}[name]
        total = total + loss(predicted[seen], true[seen])
    return total


@pytest.mark.parametrize(
    ("changes", "loss"),
    [
        ({}, "mse"),
        ({}, "mae"),
        ({}, "huber"),
        ({"num_layers": 2, "bidirectional": True}, "mse"),
        ({"segment_length": 3, "reference": "seasonal"}, "huber"),
        ({"head_size": 0, "num_layers": 3}, "mae"),
    ],
)
@pytest.mark.parametrize("cell", FUSED)
def test_a_forecasters_own_loss(cell: str, changes: dict, loss: str) -> None:
    model = _forecaster(cell, **changes)
    x, future, y = _windows(5)
    flow = gradient_flow(model, x, y, future=future, loss=loss)
    output, nodes = _states(model.recurrent, cell, model.recurrent_input(x))
    hidden = 6
    ends = [output[:, -1, :hidden]] + ([output[:, 0, hidden:]] if model.recurrent.bidirectional else [])
    forecast = model.forecast_from(torch.cat(ends, dim=-1), x, future)
    np.testing.assert_allclose(forecast.detach().numpy(), model.eval()(x, future).detach().numpy(), atol=1e-10)
    _reference_loss(loss, forecast, y).backward()
    for (layer, direction, state), steps in nodes.items():
        _close(flow.values(state, layer, direction), _norms(steps), torch.float64)
    assert gradient_error(model, x, y, future=future, loss=loss) < 1e-12
    assert flow.segment_length == model.segment_length


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", FUSED)
def test_terms_of_the_loss_one_by_one(cell: str, dtype: torch.dtype) -> None:
    model = _forecaster(cell, num_layers=2, bidirectional=True, dtype=dtype)
    x, future, y = _windows(3, dtype)
    for layer, direction, state in ((0, "forward", "h"), (0, "backward", "h"), (1, "backward", "c" if cell == "lstm" else "h")):
        terms = gradient_terms(model, x, y, future=future, layer=layer, direction=direction, state=state)
        assert terms.norms.shape == (3, 4, 2, 12)
        assert terms.max_error < TOLERANCE[dtype]
        for step in range(4):
            for target in range(2):
                output, nodes = _states(model.recurrent, cell, model.recurrent_input(x))
                forecast = model.forecast_from(torch.cat([output[:, -1, :6], output[:, 0, 6:]], dim=-1), x, future)
                counts = (~torch.isnan(y)).flatten(1).sum(dim=1)
                squared = torch.nan_to_num(forecast[:, step, target] - y[:, step, target]).square()
                (squared / counts).sum().backward()
                expected = _norms(nodes[(layer, direction, state)])
                if (step, target) == (1, 0):
                    assert np.isnan(terms.norms[0, step, target]).all()  # never observed: no such term, not a zero
                    expected = expected[1:]
                    _close(terms.norms[1:, step, target], expected, dtype)
                else:
                    _close(terms.norms[:, step, target], expected, dtype)


def test_sequences_are_taken_some_at_a_time_when_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _forecaster("lstm")
    x, future, y = _windows(7)
    whole, terms = gradient_flow(model, x, y, future=future), gradient_terms(model, x, y, future=future)
    sizes = _count_sequences(monkeypatch)
    monkeypatch.setattr(gradients, "_TRIFLE", 0)
    monkeypatch.setattr(gradients, "_ROOM", 120_000)
    again = gradient_flow(model, x, y, future=future)
    assert sum(sizes) == 7
    assert 1 < max(sizes) < 7
    terms_again = gradient_terms(model, x, y, future=future)
    np.testing.assert_allclose(again.values("c"), whole.values("c"), rtol=1e-10)
    np.testing.assert_allclose(terms_again.norms, terms.norms, rtol=1e-10)
    sizes.clear()
    monkeypatch.setattr(gradients, "_ROOM", 1)
    gradient_flow(model, x, y, future=future)
    assert sizes == [1] * 7, "one sequence is carried back whole in any case"


def _count_sequences(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sequences are carried back together, part by part; filled as it happens."""
    sizes, forward = [], gradients._forward

    def counted(part, terms):
        sizes.append(len(part.inputs))
        return forward(part, terms)

    monkeypatch.setattr(gradients, "_forward", counted)
    return sizes


def test_a_loss_of_ones_own_may_mix_sequences_so_they_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    stack, x = _stack("gru"), torch.randn(4, 5, 3, dtype=torch.float64)

    def mixed(output: torch.Tensor) -> torch.Tensor:
        return output[:, -1].sum(dim=0).square().sum()

    output, nodes = _states(stack, "gru", x)
    mixed(output).backward()
    monkeypatch.setattr(gradients, "_TRIFLE", 0)
    monkeypatch.setattr(gradients, "_ROOM", 1)
    sizes = _count_sequences(monkeypatch)
    flow = gradient_flow(stack, x, loss=mixed)
    assert sizes == [4]
    _close(flow.values(), _norms(nodes[(0, "forward", "h")]), torch.float64)


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_an_error_of_nan_never_reads_as_a_small_one(monkeypatch: pytest.MonkeyPatch, broken: int) -> None:
    model = _forecaster("lstm")
    x, future, y = _windows(3)
    assert gradient_error(model, x, y, future=future) < 1e-12
    y[broken, 2] = float("inf")  # the gradient of its loss is infinite, and the difference of two infinities no number
    monkeypatch.setattr(gradients, "_TRIFLE", 0)
    monkeypatch.setattr(gradients, "_ROOM", 1)  # every sequence by itself
    assert np.isnan(gradient_error(model, x, y, future=future))
    assert np.isnan(gradient_terms(model, x, y, future=future).max_error)


def test_what_does_not_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "_TRIFLE", 0)
    monkeypatch.setattr(gradients, "free_memory", lambda device: 1_000)
    needed = {}
    for dtype in (torch.float32, torch.float64):
        x, future, y = _windows(3, dtype)
        with pytest.raises(
            MemoryLimitError, match=r"6 units, 1 times .* over 1 windows of 12 steps, for 8 parts .* 1 KB are free"
        ) as refused:
            gradient_terms(_forecaster("lstm", dtype=dtype), x, y, future=future)
        needed[dtype] = float(re.search(r"about (\S+) KB", str(refused.value))[1])
    assert needed[torch.float64] == pytest.approx(2 * needed[torch.float32], rel=0.01)
    stack, x = _stack("lstm", layers=2, bidirectional=True), torch.zeros(9, 5, 3, dtype=torch.float64)
    with pytest.raises(MemoryLimitError, match=r"4 times .* over 9 windows of 5 steps, for 1 parts"):
        gradient_flow(stack, x, loss=_weighted)
    monkeypatch.setattr(gradients, "free_memory", lambda device: 10_000_000)
    gradient_flow(stack, x, loss=_weighted)


PEAK = '''
import os, pathlib, re, torch
from seqlab.config import ModelConfig
from seqlab.gates import gradients
from seqlab.models.build import build_network
from seqlab.models.network import NetworkSizes

def peak():
    """This process's own; what the resource module knows begins with its parent's."""
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])

def measure(cell, layers, both, hidden, steps, horizon):
    sizes = NetworkSizes(input_size=1, target_size=1, known_size=0, context_length=steps, horizon=horizon, season_length=1)
    config = ModelConfig(cell=cell, hidden_size=hidden, num_layers=layers, bidirectional=both, head_size=0, reference="none")
    model = build_network(config, sizes).double()
    x, y = torch.zeros(1, steps, 1, dtype=torch.float64), torch.zeros(1, horizon, 1, dtype=torch.float64)
    before = peak()
    gradients.gradient_terms(model, x, y)
    return peak() - before, gradients._Given.of(model, x, y, None, "mse")._bytes_each(horizon, 0)

torch.set_num_threads(1)
for case in (("lstm", 1, False), ("lstm", 3, True), ("gru", 3, True), ("rnn", 1, False)):
    child = os.fork()  # a process of its own, whose peak begins with what it holds now; torch is imported once
    if not child:
        measure(*case, 2, 3, 2)  # what torch loads at first is none of the gradients
        print(*case, *measure(*case, 32, 200, 150), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, case
'''


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a process's own peak stands in /proc, which Linux has")
def test_the_memory_that_is_planned_for_is_no_less_than_what_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", PEAK], check=True, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    for line in lines:
        used, planned = (float(number) for number in line.split()[-2:])
        assert used < planned < 3 * used, line


def test_a_sequence_without_a_target_has_no_gradient_not_a_zero_one() -> None:
    model = _forecaster("gru")
    x, future, y = _windows(2)
    y[1] = float("nan")
    flow = gradient_flow(model, x, y, future=future)
    assert np.isnan(flow.values()[1]).all()
    assert np.isnan(flow.highway_values()[1]).all()
    assert np.isfinite(flow.values()[0]).all()


def test_the_model_is_left_as_it_was() -> None:
    model = _forecaster("lstm", dtype=torch.float32).train()
    before = copy.deepcopy(model.state_dict())
    x, future, y = _windows(2, torch.float32)
    gradient_flow(model, x, y, future=future)
    gradient_terms(model, x, y, future=future)
    assert model.training
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_numbers_far_below_what_float32_can_square_are_kept() -> None:
    stack = _stack("rnn", dtype=torch.float32)
    with torch.no_grad():
        stack.weight_hh_l0.mul_(0.05)
    flow = gradient_flow(stack, torch.zeros(1, 25, 3), loss=lambda h: h[:, -1].sum())
    assert 0 < flow.values()[0, 5] < 1e-22


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"loss": "rmse"}, "mse, mae, huber"),
        ({}, "Give y"),
        ({"y": np.zeros((2, 5, 5))}, r"must be \(2, 5, 6\)"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(arguments: dict, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        gradient_flow(_stack("gru"), torch.zeros(2, 5, 3), **arguments)


def test_unknown_state_layer_and_direction_name_what_there_is() -> None:
    flow = gradient_flow(_stack("gru"), torch.zeros(1, 3, 3), loss=_weighted)
    for arguments, words in ((("c",), "states are: h"), (("h", 1), "layers 0 to 0"), (("h", 0, "backward"), "has: forward")):
        with pytest.raises(TraceError, match=words):
            flow.values(*arguments)
    with pytest.raises(TraceError, match="Only a network"):
        gradient_terms(_stack("gru"), torch.zeros(1, 3, 3), torch.zeros(1, 3, 6))
    x, future, y = _windows(1)
    for arguments, words in (
        ({"state": "c"}, "states are: h"),
        ({"layer": 1}, "layers 0 to 0"),
        ({"direction": "backward"}, "has: forward"),
    ):
        with pytest.raises(TraceError, match=words):
            gradient_terms(_forecaster("gru"), x, y, future=future, **arguments)
