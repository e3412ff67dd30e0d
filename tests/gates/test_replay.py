"""The replay against torch's own modules, against cells written out here, and against what must hold exactly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import seqlab
from seqlab.config import ModelConfig
from seqlab.errors import TraceError
from seqlab.gates.intervention import Intervention
from seqlab.gates.replay import replay, with_means
from seqlab.gates.trace import trace_gates
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes
from seqlab.models.table import cell_entry

MODULES = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
EXAMPLE = Path(seqlab.__file__).parent / "runs/shipped/airline_lstm"


def _stack(cell: str, *, layers: int = 1, bidirectional: bool = False, hidden: int = 8) -> nn.RNNBase:
    torch.manual_seed(layers)
    return MODULES[cell](3, hidden, layers, batch_first=True, bidirectional=bidirectional)


def _set(gate: str, value: float, **where: object) -> Intervention:
    return Intervention(gate=gate, op="set", value=value, **where)  # type: ignore[arg-type]


def _assert_same(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    for key in one:
        np.testing.assert_array_equal(one[key], other[key], err_msg=str(key))


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", MODULES)
def test_without_changes_it_is_the_trace_and_the_fused_module(cell: str, layers: int, bidirectional: bool, batch: int) -> None:
    stack = _stack(cell, layers=layers, bidirectional=bidirectional)
    for dtype, tolerance in ((torch.float32, 1e-5), (torch.float64, 1e-12)):
        stack = stack.to(dtype)
        for time in (1, 2, 40):
            x = torch.randn(batch, time, 3, dtype=dtype)
            replayed, trace = replay(stack, x), trace_gates(stack, x)
            assert replayed.trace.max_error < tolerance
            assert replayed.prediction is None
            for key, values in trace.gates.items():
                np.testing.assert_allclose(replayed.trace.gates[key], values, rtol=0, atol=tolerance)
            with torch.no_grad():
                output, last = stack(x)
            top = np.concatenate([replayed.values("h", layers - 1, d) for d in trace.directions], axis=-1)
            np.testing.assert_allclose(top, output.numpy(), rtol=0, atol=tolerance)
            for name, states in zip("hc", last if isinstance(last, tuple) else (last,), strict=False):
                for number, state in enumerate(states):
                    layer, way = divmod(number, len(trace.directions))
                    np.testing.assert_allclose(replayed.final[(layer, trace.directions[way], name)], state.numpy(), rtol=0, atol=tolerance)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", MODULES)
def test_times_one_and_plus_nothing_change_nothing_at_all(cell: str, bidirectional: bool) -> None:
    stack = _stack(cell, layers=2, bidirectional=bidirectional)
    x = torch.randn(5, 40, 3)
    plain = replay(stack, x)
    entry = cell_entry(cell)
    for direction in plain.trace.directions:
        for layer in (0, 1):
            where = {"layer": layer, "direction": direction}
            once = [Intervention(gate=gate, op="scale", value=1.0, **where) for gate in entry.gate_names]
            some = [Intervention(gate=gate, op="scale", value=1.0, units=[2, 5], steps=range(7, 30), **where) for gate in entry.gate_names]
            zero = [Intervention(gate=gate, op="shift", value=0.0, **where) for gate in entry.load().BLOCKS]
            for changes in (once, some, zero, [*once, *some, *zero]):
                changed = replay(stack, x, changes)
                _assert_same(changed.trace.gates, plain.trace.gates)
                _assert_same(changed.final, plain.final)


def test_an_lstm_that_keeps_all_and_writes_nothing_holds_its_memory_exactly() -> None:
    stack, steps = _stack("lstm", hidden=16), range(10, 25)
    x = torch.randn(4, 40, 3) * 3
    c = replay(stack, x, [_set("f", 1.0, steps=steps), _set("i", 0.0, steps=steps)]).values("c")
    assert np.abs(c[:, 9]).min() > 0
    for step in steps:
        np.testing.assert_array_equal(c[:, step], c[:, 9])
    assert (c[:, 25] != c[:, 9]).any()
    unit = replay(stack, x, [_set("f", 1.0, steps=steps, units=[3]), _set("i", 0.0, steps=steps, units=[3])]).values("c")
    np.testing.assert_array_equal(unit[:, 10:25, 3], np.repeat(unit[:, 9:10, 3], 15, axis=1))
    assert (unit[:, 24, 4] != unit[:, 9, 4]).all()


def test_an_lstm_that_forgets_all_and_writes_all_holds_its_candidate_exactly() -> None:
    replayed = replay(_stack("lstm"), torch.randn(4, 40, 3) * 3, [_set("f", 0.0), _set("i", 1.0)])
    np.testing.assert_array_equal(replayed.values("c"), replayed.values("g"))


def test_a_gru_keeps_exactly_at_one_and_replaces_exactly_at_zero() -> None:
    stack, steps = _stack("gru", hidden=16), range(10, 25)
    x = torch.randn(4, 40, 3) * 3
    h = replay(stack, x, [_set("z", 1.0, steps=steps)]).values("h")
    for step in steps:
        np.testing.assert_array_equal(h[:, step], h[:, 9])
    replaced = replay(stack, x, [_set("z", 0.0)])
    np.testing.assert_array_equal(replaced.values("h"), replaced.values("n"))


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


Change = Callable[[str, int, np.ndarray, bool], np.ndarray]


def _lstm(w: dict[str, np.ndarray], x: np.ndarray, change: Change) -> dict[str, np.ndarray]:
    made: dict[str, list[np.ndarray]] = {name: [] for name in "ifgoch"}
    h = c = np.zeros((len(x), w["weight_hh"].shape[1]))
    for t in range(x.shape[1]):
        rows = x[:, t] @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"]
        before = dict(zip("ifgo", np.split(rows, 4, axis=1), strict=True))
        now = {name: (np.tanh if name == "g" else _sigmoid)(change(name, t, value, True)) for name, value in before.items()}
        now = {name: change(name, t, value, False) for name, value in now.items()}
        c = now["c"] = change("c", t, now["f"] * c + now["i"] * now["g"], False)
        h = now["h"] = change("h", t, now["o"] * np.tanh(c), False)
        for name, value in now.items():
            made[name].append(value)
    return {name: np.stack(values, axis=1) for name, values in made.items()}


def _gru(w: dict[str, np.ndarray], x: np.ndarray, change: Change) -> dict[str, np.ndarray]:
    made: dict[str, list[np.ndarray]] = {name: [] for name in "rznh"}
    h = np.zeros((len(x), w["weight_hh"].shape[1]))
    for t in range(x.shape[1]):
        from_x = np.split(x[:, t] @ w["weight_ih"].T + w["bias_ih"], 3, axis=1)
        from_h = np.split(h @ w["weight_hh"].T + w["bias_hh"], 3, axis=1)
        r = change("r", t, _sigmoid(change("r", t, from_x[0] + from_h[0], True)), False)
        z = change("z", t, _sigmoid(change("z", t, from_x[1] + from_h[1], True)), False)
        n = change("n", t, np.tanh(change("n", t, from_x[2] + r * from_h[2], True)), False)
        h = change("h", t, (1 - z) * n + z * h, False)
        for name, value in zip("rznh", (r, z, n, h), strict=True):
            made[name].append(value)
    return {name: np.stack(values, axis=1) for name, values in made.items()}


def _rnn(w: dict[str, np.ndarray], x: np.ndarray, change: Change) -> dict[str, np.ndarray]:
    h, made = np.zeros((len(x), w["weight_hh"].shape[1])), []
    for t in range(x.shape[1]):
        rows = x[:, t] @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"]
        h = change("h", t, np.tanh(change("h", t, rows, True)), False)
        made.append(h)
    return {"h": np.stack(made, axis=1)}


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("op", ["set", "scale", "shift", "mean"])
@pytest.mark.parametrize("cell", MODULES)
def test_every_change_of_every_gate_equals_a_cell_written_out_by_hand(cell: str, op: str, direction: str) -> None:
    backward = direction == "backward"
    stack = _stack(cell, bidirectional=backward).double()
    x = torch.randn(3, 12, 3, dtype=torch.float64)
    ending = "_l0_reverse" if backward else "_l0"
    weights = {name.removesuffix(ending): value.detach().numpy() for name, value in stack.named_parameters() if name.endswith(ending)}
    order = slice(None, None, -1 if backward else 1)  # the cell by hand reads forwards only, so a backward half's input is turned round
    entry, plain = cell_entry(cell), trace_gates(stack, x)
    units, steps = [1, 2, 6], [2, 3, 4, 9]  # of the input; turned round they are others
    for gate in entry.load().BLOCKS if op == "shift" else entry.gate_names:

        def change(name: str, t: int, values: np.ndarray, before: bool, gate: str = gate) -> np.ndarray:
            if name != gate or (11 - t if backward else t) not in steps or before != (op == "shift"):
                return values
            values = values.copy()
            mean = plain.values(gate, 0, direction).mean(axis=(0, 1))
            values[:, units] = {"set": 0.3 + 0 * values, "scale": 0.3 * values, "shift": values + 0.3, "mean": mean + 0 * values}[op][
                :, units
            ]
            return values

        expected = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[cell](weights, x.numpy()[:, order], change)
        asked = Intervention(gate=gate, op=op, value=None if op == "mean" else 0.3, units=units, steps=steps, direction=direction)
        replayed = replay(stack, x, [asked])
        for name, values in expected.items():
            np.testing.assert_allclose(replayed.values(name, 0, direction), values[:, order], rtol=0, atol=1e-12, err_msg=f"{gate} {name}")
        assert np.abs(replayed.values("h", 0, direction) - plain.values("h", 0, direction)).max() > 1e-3
        assert np.isnan(replayed.trace.max_error), "there is nothing to compare a changed run with"


def test_changes_of_one_gate_follow_each_other() -> None:
    stack, x = _stack("lstm"), torch.randn(2, 9, 3)
    twice = replay(
        stack, x, [_set("f", 0.5), Intervention(gate="f", op="scale", value=0.5, steps=[4]), _set("f", 1.0, units=[0], steps=[4])]
    )
    f = twice.values("f")
    assert (f[:, [0, 3, 5]] == 0.5).all()
    assert (f[:, 4, 1:] == 0.25).all()
    assert (f[:, 4, 0] == 1.0).all()


def test_a_value_per_unit() -> None:
    values = np.linspace(0, 1, 8)
    f = replay(_stack("lstm"), torch.randn(2, 9, 3), [Intervention(gate="f", op="set", value=values.tolist())]).values("f")
    np.testing.assert_array_equal(f, np.broadcast_to(values.astype(np.float32), f.shape))


def test_a_backward_half_and_a_layer_above_are_changed_at_the_inputs_own_steps() -> None:
    stack, x = _stack("lstm", layers=2, bidirectional=True), torch.randn(2, 20, 3)
    plain = replay(stack, x)
    changed = replay(stack, x, [_set("o", 0.0, steps=[5], layer=1, direction="backward")])
    assert (changed.values("h", 1, "backward")[:, 5] == 0).all()
    difference = {key: np.abs(changed.trace.gates[key] - plain.trace.gates[key]).max(axis=(0, 2)) for key in plain.trace.gates}
    for (layer, direction, name), moved in difference.items():
        if layer == 0 or direction == "forward":
            assert not moved.any(), "nothing below or beside it knows of it"
        else:
            assert not moved[6:].any(), "a backward half is later at earlier steps"
            assert name == "o" or moved[:5].any()


def _forecaster(cell: str, **model: object) -> Forecaster:
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=4, target_size=2, known_size=1, context_length=12, horizon=3, season_length=4)
    network = build_network(ModelConfig(cell=cell, hidden_size=6, dropout=0.4, **model), sizes)
    with torch.no_grad():
        for parameter in network.head.parameters():
            parameter.uniform_(-0.5, 0.5)
    return network


@pytest.mark.parametrize("reference", ["none", "last", "mean", "seasonal"])
@pytest.mark.parametrize("cell", [*MODULES, "article_lstm"])
def test_a_forecaster_forecasts_as_it_does(cell: str, reference: str) -> None:
    network = _forecaster(cell, reference=reference, num_layers=2, bidirectional=True, segment_length=3, head_size=5)
    x, future = torch.randn(7, 12, 4), torch.randn(7, 3, 1)
    replayed = replay(network, x.numpy(), future=future.numpy())
    assert network.training, "it is left as it was, and dropout plays no part"
    with torch.no_grad():
        expected = network.eval()(x, future).numpy()
    np.testing.assert_allclose(replayed.prediction, expected, rtol=0, atol=1e-5)
    assert replayed.values("h").shape == (7, 4, 6)
    assert replayed.trace.segment_length == 3


def test_a_forecast_from_a_last_state_is_the_forecast_and_one_context_serves_many_states() -> None:
    network = _forecaster("gru", reference="mean").eval()
    x, future = torch.randn(1, 12, 4), torch.randn(1, 3, 1)
    with torch.no_grad():
        _, final = network.recurrent(network.recurrent_input(x))
        assert torch.equal(network.forecast_from(final[-1], x, future), network(x, future))
        many = network.forecast_from(torch.cat([final[-1]] * 5), x, future)
        torch.testing.assert_close(many, network(x, future).expand(5, -1, -1))


def test_the_readmes_line_works_on_a_trained_run() -> None:
    fitted = seqlab.load_run(EXAMPLE)
    x = fitted.prepared.windows("test").gather([0, 1])[0]
    replayed = seqlab.replay(fitted.model, x, [seqlab.Intervention(gate="f", op="set", value=1.0, units=[0], steps=range(5, 9))])
    assert (replayed.values("f")[:, 5:9, 0] == 1).all()
    assert not np.array_equal(replayed.prediction, replay(fitted.model, x).prediction)


def test_a_model_without_a_recurrent_layer_is_refused() -> None:
    with pytest.raises(TraceError, match="no recurrent layer"):
        replay(nn.Linear(3, 3), np.zeros((1, 2, 3)))
    with pytest.raises(TraceError, match="steps 0 to 3"):
        replay(_stack("gru"), np.zeros((1, 4, 3)), [_set("z", 1.0, steps=[4])])


def test_a_nan_in_the_weights_is_not_a_perfect_replay() -> None:
    stack = _stack("lstm")
    with torch.no_grad():
        stack.weight_hh_l0[0, 0] = float("nan")
    assert np.isnan(replay(stack, torch.ones(1, 4, 3)).trace.max_error)


def test_a_mean_that_is_no_number_is_refused() -> None:
    stack, x = _stack("lstm"), torch.ones(1, 4, 3)
    with torch.no_grad():
        stack.weight_ih_l0[8, 0] = float("nan")  # a row of f, in a network whose training diverged
    mean = Intervention(gate="f", op="mean")
    for refused in (with_means, replay):
        with pytest.raises(TraceError, match="Gate f cannot be set to its mean: the network computes values there that are no numbers"):
            refused(stack, x, [mean])
    given = Intervention(gate="f", op="mean", value=0.5)
    assert with_means(stack, x, [given]) == (given,), "a mean over other data needs none of this network"
