"""Many changes in one pass against replays made one by one."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from seqlab.config import ModelConfig
from seqlab.errors import TraceError
from seqlab.gates import sweep as sweeping
from seqlab.gates.intervention import Intervention
from seqlab.gates.replay import replay
from seqlab.gates.sweep import SweepRow, causal_sweep, clamp_sweep
from seqlab.gates.trace import trace_gates
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes

MODULES = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def _forecaster(cell: str, **model: object) -> Forecaster:
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=3, target_size=1, known_size=1, context_length=10, horizon=4, season_length=1)
    network = build_network(ModelConfig(cell=cell, hidden_size=5, head_size=3, **model), sizes).double().eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in network.head.parameters():
            parameter.uniform_(-1, 1)
    return network


def _windows(count: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    numbers = np.random.default_rng(0)
    y = numbers.normal(size=(count, 4, 1))
    y[0, 2] = np.nan
    return numbers.normal(size=(count, 10, 3)), numbers.normal(size=(count, 4, 1)), y


def _loss(prediction: np.ndarray, y: np.ndarray) -> float:
    return float(np.nanmean((prediction - y) ** 2))


@pytest.mark.parametrize("model", [{}, {"num_layers": 2}, {"num_layers": 2, "bidirectional": True}, {"segment_length": 2}])
@pytest.mark.parametrize("cell", MODULES)
def test_the_causal_sweep_equals_replays_one_by_one(cell: str, model: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    network = _forecaster(cell, **model)
    x, future, y = _windows()
    layer = int(str(model.get("num_layers", 1))) - 1
    direction = "backward" if model.get("bidirectional") else "forward"
    monkeypatch.setattr(sweeping, "MOST_SIDE_BY_SIDE", 7)  # several chunks, which begin at later and later steps
    swept = causal_sweep(network, x, y, future=future, layer=layer, direction=direction)
    means = trace_gates(network, x)
    plain = replay(network, x, future=future).prediction
    np.testing.assert_allclose(swept.loss, [_loss(plain[window], y[window]) for window in range(2)], atol=1e-12)
    for number, row in enumerate(swept.rows):
        value = means.values(row.gate, layer, direction).mean(axis=(0, 1)).tolist() if row.value is None else row.value
        for column, (first, last) in enumerate(swept.steps):
            change = Intervention(gate=row.gate, op="set", value=value, steps=range(first, last + 1), layer=layer, direction=direction)
            made = replay(network, x, [change], future=future).prediction
            for window in range(2):
                expected = _loss(made[window], y[window]) - swept.loss[window]
                assert abs(swept.delta[window, number, column] - expected) < 1e-12
    assert swept.delta.shape == (2, len(swept.rows), len(swept.steps))
    assert np.abs(swept.delta).max() > 1e-3


def test_rows_of_a_sweep_are_the_gates_at_their_bounds_at_zero_and_at_their_mean() -> None:
    x, future, y = _windows(1)
    rows = causal_sweep(_forecaster("gru"), x, y, future=future).rows
    assert [(row.gate, row.value) for row in rows] == [
        *[("r", 0.0), ("r", 1.0), ("r", None), ("z", 0.0), ("z", 1.0), ("z", None)],
        *[("n", -1.0), ("n", 0.0), ("n", 1.0), ("n", None)],
    ]
    assert causal_sweep(_forecaster("rnn"), x, y, future=future).rows[0] == SweepRow(gate="h", value=-1.0)


def test_a_coarse_sweep_forces_several_steps_together() -> None:
    x, future, y = _windows(1)
    network = _forecaster("lstm")
    swept = causal_sweep(network, x, y, future=future, span=4)
    np.testing.assert_array_equal(swept.steps, [[0, 3], [4, 7], [8, 9]])
    row = swept.rows.index(SweepRow(gate="f", value=0.0))
    made = replay(network, x, [Intervention(gate="f", op="set", value=0.0, steps=range(4, 8))], future=future).prediction
    np.testing.assert_allclose(swept.delta[0, row, 1], _loss(made[0], y[0]) - swept.loss[0], atol=1e-12)


def _last_sum(output: torch.Tensor, _: torch.Tensor | None) -> torch.Tensor:
    return output.sum(dim=(1, 2))


@pytest.mark.parametrize("cell", MODULES)
def test_clamps_in_one_pass_equal_the_fused_module_with_edited_weights(cell: str) -> None:
    """A gate held at a constant is its row of the weights at 0 and its bias at the inverse of the activation."""
    torch.manual_seed(1)
    stack = MODULES[cell](3, 6, batch_first=True).double()
    x = torch.randn(2, 30, 3, dtype=torch.float64)
    blocks = {"lstm": "ifgo", "gru": "rz", "rnn": "h"}[cell]
    tanh = "gh"
    clamps, expected = [], []
    for number in range(24):
        gate, unit = blocks[number % len(blocks)], number % 6
        value = 0.1 + 0.03 * number
        clamps.append(Intervention(gate=gate, op="set", value=value, units=[unit]))
        edited = copy.deepcopy(stack)
        with torch.no_grad():
            row = blocks.index(gate) * 6 + unit
            for weight in (edited.weight_ih_l0, edited.weight_hh_l0, edited.bias_ih_l0, edited.bias_hh_l0):
                weight[row] = 0
            edited.bias_ih_l0[row] = np.arctanh(value) if gate in tanh else np.log(value / (1 - value))
            expected.append((edited(x)[0] - stack(x)[0]).sum(dim=(1, 2)).numpy())
    swept = clamp_sweep(stack, x, clamps, loss=_last_sum)
    np.testing.assert_allclose(swept.delta, np.stack(expected, axis=1), rtol=0, atol=1e-11)
    with torch.no_grad():
        np.testing.assert_allclose(swept.loss, stack(x)[0].sum(dim=(1, 2)), rtol=0, atol=1e-11)


def test_clamps_may_be_several_changes_each_with_any_units_and_steps() -> None:
    torch.manual_seed(1)
    stack = nn.LSTM(3, 6, 2, batch_first=True).double()
    x = torch.randn(1, 30, 3, dtype=torch.float64)
    clamps = [
        Intervention(gate="o", op="mean", steps=range(20, 25), layer=1),
        [Intervention(gate="f", op="set", value=1.0, steps=range(9, 30)), Intervention(gate="i", op="set", value=0.0, steps=range(9, 30))],
        [Intervention(gate="f", op="scale", value=1.0)],
        Intervention(gate="g", op="shift", value=0.7, units=[1, 4], steps=[28]),
        [Intervention(gate="f", op="scale", value=0.5, steps=[12, 13]), Intervention(gate="f", op="set", value=0.9, steps=[13], units=[2])],
        Intervention(gate="c", op="set", value=0.0, steps=[10]),
    ]
    swept = clamp_sweep(stack, x, clamps, loss=_last_sum)
    plain = replay(stack, x).values("h", 1).sum()
    for number, clamp in enumerate(clamps):
        changes = [clamp] if isinstance(clamp, Intervention) else clamp
        assert abs(swept.delta[0, number] - (replay(stack, x, changes).values("h", 1).sum() - plain)) < 1e-12
    assert swept.delta[0, 2] == 0
    assert (swept.delta[0, [0, 1, 3, 4, 5]] != 0).all()
    assert clamp_sweep(stack, x, [], loss=_last_sum).delta.shape == (1, 0)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", MODULES)
def test_shifts_of_late_steps_are_made_there_although_the_sweep_begins_late(
    cell: str, layers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    stack = MODULES[cell](3, 6, layers, batch_first=True).double()
    x = torch.randn(2, 30, 3, dtype=torch.float64)
    gate = {"lstm": "g", "gru": "n", "rnn": "h"}[cell]
    where = {"gate": gate, "op": "shift", "value": 0.7, "layer": layers - 1}
    steps = [[20], [21, 25], [28], [29], range(22, 30)]
    begun = []

    def run(*arguments: object) -> object:
        begun.append(arguments[-1])
        return original(*arguments)

    original = sweeping._run
    monkeypatch.setattr(sweeping, "_run", run)
    swept = clamp_sweep(stack, x, [Intervention(steps=of_one, **where) for of_one in steps], loss=_last_sum)
    assert begun == [20, 20], "both windows are read from the first changed step on"
    plain = replay(stack, x).values("h", layers - 1).sum(axis=(1, 2))
    for number, of_one in enumerate(steps):
        changed = replay(stack, x, [Intervention(steps=of_one, **where)]).values("h", layers - 1).sum(axis=(1, 2))
        np.testing.assert_allclose(swept.delta[:, number], changed - plain, rtol=0, atol=1e-12)
    assert (np.abs(swept.delta) > 1e-3).all()


@pytest.mark.parametrize("side_by_side", [1, 2, 9])
def test_a_variant_without_a_change_does_nothing(side_by_side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_SIDE_BY_SIDE", side_by_side)  # whole chunks of such variants, and chunks with others
    torch.manual_seed(1)
    stack, x = nn.GRU(3, 6, batch_first=True).double(), torch.randn(2, 9, 3, dtype=torch.float64)
    none = clamp_sweep(stack, x, [[], []], loss=_last_sum)
    np.testing.assert_array_equal(none.delta, np.zeros((2, 2)))
    with torch.no_grad():
        np.testing.assert_allclose(none.loss, stack(x)[0].sum(dim=(1, 2)), rtol=0, atol=1e-12)
    change = Intervention(gate="z", op="set", value=1.0, steps=[4])
    mixed = clamp_sweep(stack, x, [[], change, []], loss=_last_sum)
    np.testing.assert_array_equal(mixed.delta[:, [0, 2]], np.zeros((2, 2)))
    np.testing.assert_allclose(mixed.delta[:, 1:2], clamp_sweep(stack, x, [change], loss=_last_sum).delta, rtol=0, atol=1e-12)
    assert (mixed.delta[:, 1] != 0).all()


@pytest.mark.parametrize(
    ("loss", "function"), [("mae", functional.l1_loss), ("huber", functional.huber_loss), ("mse", functional.mse_loss)]
)
def test_named_losses_are_those_of_training(loss: str, function: object) -> None:
    x, future, y = _windows(1)
    network = _forecaster("gru")
    swept = clamp_sweep(network, x, [], np.nan_to_num(y), loss=loss, future=future)
    with torch.no_grad():
        expected = function(network(torch.from_numpy(x), torch.from_numpy(future)), torch.from_numpy(np.nan_to_num(y)))  # type: ignore[operator]
    np.testing.assert_allclose(swept.loss, expected.item(), atol=1e-12)


def test_a_window_of_which_nothing_was_observed_has_no_loss() -> None:
    x, future, y = _windows(1)
    assert np.isnan(clamp_sweep(_forecaster("gru"), x, [], y * np.nan, future=future).loss).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"loss": "mape"}, "mse, mae, huber"),
        ({"y": None}, "Give y"),
        ({"layer": 3}, "layers 0 to 0"),
        ({"direction": "up"}, "has: forward"),
    ],
)
def test_what_cannot_be_swept_is_refused(arguments: dict[str, object], words: str) -> None:
    x, future, y = _windows(1)
    with pytest.raises(TraceError, match=words):
        causal_sweep(_forecaster("gru"), x, **{"y": y, "future": future, **arguments})  # type: ignore[arg-type]


def test_a_bare_module_needs_a_loss_of_its_own() -> None:
    with pytest.raises(TraceError, match="a function as loss"):
        causal_sweep(nn.GRU(3, 2, batch_first=True), np.zeros((1, 4, 3)), np.zeros((1, 1, 1)))
