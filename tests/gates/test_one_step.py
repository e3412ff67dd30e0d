"""One unit at one step, term by term, against the trace and against torch's own gates."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.config import ModelConfig
from seqlab.errors import TraceError
from seqlab.gates.one_step import one_step, split_weights
from seqlab.gates.trace import trace_gates
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes
from seqlab.records import GateTrace

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def _stack(cell: str, **more: object) -> nn.RNNBase:
    torch.manual_seed(1)
    stack = CELLS[cell](3, 5, batch_first=True, **more)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(2)
    return stack


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_every_unit_equals_the_trace(cell: str, layers: int, bidirectional: bool) -> None:
    stack, x = _stack(cell, num_layers=layers, bidirectional=bidirectional), torch.randn(2, 7, 3)
    for dtype, tolerance in ((torch.float32, 2e-6), (torch.float64, 1e-12)):
        trace = trace_gates(stack.to(dtype), x.to(dtype))
        for layer in range(layers):
            for direction in trace.directions:
                for step in (0, 3, 6):
                    for unit in range(5):
                        seen = one_step(
                            stack, x.to(dtype), trace, layer=layer, direction=direction, unit=unit, step=step, sample=1
                        )  # fmt: skip
                        assert seen.max_error < tolerance
                        assert set(seen.traced) == set(trace.gate_names)


@pytest.mark.parametrize("cell", CELLS)
def test_the_terms_add_up_to_what_the_activation_reads(cell: str) -> None:
    stack, x = _stack(cell).double(), torch.randn(1, 6, 3).double()
    trace = trace_gates(stack, x)
    seen = one_step(stack, x, trace, unit=2, step=4, feature_names=["a", "b", "c"])
    for one in seen.sums:
        assert sum(term.product for term in one.terms) == pytest.approx(one.total, abs=1e-12)
        assert sum(one.subtotal(source) for source in ("x", "h", "bias")) == pytest.approx(one.total, abs=1e-12)
        value = np.tanh(one.total) if one.activation == "tanh" else 1 / (1 + np.exp(-one.total))
        assert value == pytest.approx(one.value, abs=1e-12)
        assert one.value == pytest.approx(one.traced, abs=1e-12)
        for term in one.terms:
            factor = one.factor if term.source == "h" or term.name == "bias b_h" else 1.0
            assert term.product == pytest.approx(factor * term.weight * term.value)


def test_weights_and_values_are_the_models() -> None:
    stack, x = _stack("lstm"), torch.randn(1, 6, 3)
    trace = trace_gates(stack, x)
    seen = one_step(stack, x, trace, unit=2, step=4, feature_names=["a", "b", "c"])
    forget = next(one for one in seen.sums if one.name == "f")
    row = 5 + 2  # blocks i, f, g, o of 5 units each
    inputs = [term for term in forget.terms if term.source == "x"]
    assert [term.name for term in inputs] == ["a", "b", "c"]
    np.testing.assert_allclose([term.weight for term in inputs], stack.weight_ih_l0[row].detach())
    np.testing.assert_allclose([term.value for term in inputs], x[0, 4])
    states = [term for term in forget.terms if term.source == "h"]
    assert states[3].name == "unit 3's last output"
    np.testing.assert_allclose([term.weight for term in states], stack.weight_hh_l0[row].detach())
    np.testing.assert_allclose([term.value for term in states], trace.values("h")[0, 3])
    largest = forget.largest(2, "h")
    assert abs(largest[0].product) == max(abs(term.product) for term in states)
    assert abs(largest[0].product) >= abs(largest[1].product)


def test_the_reset_gate_stands_before_the_product_with_its_bias() -> None:
    stack, x = _stack("gru").double(), torch.randn(1, 6, 3).double()
    seen = one_step(stack, x, trace_gates(stack, x), unit=0, step=3)
    candidate = next(one for one in seen.sums if one.name == "n")
    assert candidate.factor_name == "r"
    assert candidate.factor == pytest.approx(seen.values["r"])
    bias = next(term for term in candidate.terms if term.name == "bias b_h")
    assert bias.product == pytest.approx(seen.values["r"] * float(stack.bias_hh_l0[10].detach()))
    assert all(one.factor == 1.0 for one in seen.sums if one.name != "n")


def test_the_first_step_has_no_past_in_either_direction() -> None:
    stack, x = _stack("lstm", bidirectional=True), torch.randn(1, 6, 3)
    trace = trace_gates(stack, x)
    assert not one_step(stack, x, trace, unit=0, step=0).h_before.any()
    backward = one_step(stack, x, trace, direction="backward", unit=0, step=5)
    assert not backward.h_before.any()
    assert backward.values["c_before"] == 0
    np.testing.assert_allclose(
        one_step(stack, x, trace, direction="backward", unit=0, step=2).h_before, trace.values("h", 0, "backward")[0, 3]
    )


def test_inputs_of_upper_layers_are_named_after_the_units_below() -> None:
    stack, x = _stack("gru", num_layers=2, bidirectional=True), torch.randn(1, 6, 3)
    seen = one_step(stack, x, trace_gates(stack, x), layer=1, unit=0, step=3, feature_names=["a", "b", "c"])
    names = [term.name for term in seen.sums[0].terms if term.source == "x"]
    assert names[0] == "unit 0 of layer 1, forward"
    assert names[-1] == "unit 4 of layer 1, backward"
    assert len(names) == 10


def _forecaster(segment_length: int) -> Forecaster:
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=2, target_size=1, known_size=0, context_length=12, horizon=3, season_length=4)
    config = ModelConfig(cell="lstm", hidden_size=4, segment_length=segment_length, reference="last")
    return build_network(config, sizes).eval()


@pytest.mark.parametrize("segment_length", [1, 3])
def test_a_forecasters_input_is_what_its_stack_reads(segment_length: int) -> None:
    model, x = _forecaster(segment_length), torch.randn(2, 12, 2)
    trace = trace_gates(model, x)
    seen = one_step(model, x, trace, unit=1, step=2, sample=1, feature_names=["sales", "rain"])
    assert seen.max_error < 1e-6
    assert seen.x[0] == pytest.approx(float(x[1, 2 * segment_length, 0] - x[1, -1, 0]), abs=1e-6), "relative to the last value"
    names = [term.name for term in seen.sums[0].terms if term.source == "x"]
    assert names[:2] == (["sales", "rain"] if segment_length == 1 else ["sales, segment step 1", "rain, segment step 1"])
    assert len(names) == 2 * segment_length


def test_the_table_lists_every_term_and_the_sum() -> None:
    stack, x = _stack("lstm"), torch.randn(1, 6, 3)
    seen = one_step(stack, x, trace_gates(stack, x), unit=2, step=4)
    table = seen.table()
    assert len(table) == 4 * (3 + 5 + 2 + 1)
    for gate, rows in table.groupby("gate"):
        terms, total = rows[rows["source"] != "sum"], rows[rows["source"] == "sum"].iloc[0]
        assert terms["product"].sum() == pytest.approx(total["product"])
        assert total["value"] == pytest.approx(seen.values[str(gate)])


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"step": 6}, "no step 6. This trace has steps 0 to 5"),
        ({"step": -1}, "no step -1"),
        ({"unit": 5}, "units 0 to 4"),
        ({"sample": 1}, "samples 0 to 0"),
        ({"layer": 1}, "layers 0 to 0"),
        ({"direction": "backward"}, "forward"),
    ],
)
def test_places_that_are_not_there_are_refused_in_words(where: dict[str, object], words: str) -> None:
    stack, x = _stack("lstm"), torch.randn(1, 6, 3)
    with pytest.raises(TraceError, match=words):
        one_step(stack, x, trace_gates(stack, x), **({"unit": 0, "step": 0} | where))


def test_a_cell_without_a_recipe_is_refused_in_words() -> None:
    trace = GateTrace(
        cell="mystery", gate_names=("h",), num_layers=1, directions=("forward",), max_error=0,
        gates={(0, "forward", "h"): np.zeros((1, 2, 3))},
    )  # fmt: skip
    with pytest.raises(TraceError, match="cannot be taken apart"):
        one_step(_stack("rnn"), torch.zeros(1, 2, 3), trace, unit=0, step=0)


def test_a_difference_is_seen_and_a_nan_is_not_zero() -> None:
    stack, x = _stack("lstm"), torch.randn(1, 6, 3)
    trace = trace_gates(stack, x)
    with torch.no_grad():
        stack.weight_hh_l0[0, 0] += 1.0
    assert one_step(stack, x, trace, unit=0, step=3).max_error > 1e-3
    with torch.no_grad():
        stack.weight_hh_l0[0, 0] = float("nan")
    assert np.isnan(one_step(stack, x, trace, unit=0, step=3).max_error)


def test_blocks_are_split_in_torchs_order() -> None:
    from seqlab.gates.hand_table import hand_cell

    stacked = (np.arange(8.0)[:, None], np.zeros((8, 2)), np.zeros(8), np.zeros(8))
    split = split_weights(hand_cell("lstm"), stacked)
    assert {name: its.w_input.ravel().tolist() for name, its in split.items()} == {"i": [0, 1], "f": [2, 3], "g": [4, 5], "o": [6, 7]}
