"""The ledger against sums written out by hand, torch's own last states, and finite differences of a clamped gate."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates.ledger import content_by_age, has_ledger, step_ledger, unit_ledger
from seqlab.gates.trace import trace_gates
from seqlab.models.table import CELLS

KINDS = {"lstm": nn.LSTM, "gru": nn.GRU}


def _stack(cell, dtype=torch.float64, **choices):
    torch.manual_seed(1)
    stack = KINDS[cell](2, 5, batch_first=True, **choices).to(dtype)
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(2.0)
    return stack


def _by_hand(trace, layer, direction, window, t, unit):
    """Every term of the sum, straight from its definition; the order of steps is the direction's own."""

    def values(name):
        own = trace.values(name, layer, direction)[window, :, unit]
        return own[::-1] if direction == "backward" else own

    keep, written = (values("f"), values("i") * values("g")) if trace.cell == "lstm" else (values("z"), (1 - values("z")) * values("n"))
    steps = len(keep)
    at = steps - 1 - t if direction == "backward" else t
    terms = np.array([np.prod(keep[j + 1 : at + 1]) * written[j] if j <= at else 0.0 for j in range(steps)])
    return terms[::-1] if direction == "backward" else terms


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", KINDS)
def test_every_term_is_the_product_it_is_defined_as(cell, direction):
    trace = trace_gates(_stack(cell, num_layers=2, bidirectional=True), torch.randn(3, 9, 2, dtype=torch.float64))
    for layer in (0, 1):
        whole = unit_ledger(trace, layer, direction, unit=3, window=1)
        for t in range(9):
            expected = _by_hand(trace, layer, direction, 1, t, 3)
            np.testing.assert_allclose(whole.content[t], expected, atol=1e-14)
            at = step_ledger(trace, layer, direction, step=t, window=1)
            np.testing.assert_allclose(at.content[3], expected, atol=1e-14)
            np.testing.assert_allclose(at.left * at.written, at.content, atol=1e-15)
            ages = content_by_age(trace, layer, direction, unit=3, step=t)[1]
            np.testing.assert_allclose(ages, expected[t:] if direction == "backward" else expected[t::-1], atol=1e-14)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", KINDS)
def test_the_sum_is_torchs_own_last_state(cell, direction):
    stack = _stack(cell, bidirectional=True)
    x = torch.randn(1, 40, 2, dtype=torch.float64)
    with torch.no_grad():
        last = stack(x)[1]
    last = (last[1] if cell == "lstm" else last)[1 if direction == "backward" else 0, 0].numpy()
    ledger = step_ledger(trace_gates(stack, x), 0, direction, step=0 if direction == "backward" else 39)
    np.testing.assert_allclose(ledger.content.sum(axis=1), last, atol=1e-13)


@pytest.mark.parametrize(
    ("cell", "time"),
    [*((cell, time) for cell in KINDS for time in (1, 2, 300)), pytest.param("lstm", 10_000, marks=pytest.mark.slow)],  # c may grow, h not
)
def test_complete_in_single_and_double_precision(cell, time):
    for dtype, tolerance in ((torch.float32, 1e-5), (torch.float64, 1e-12)):
        trace = trace_gates(_stack(cell, dtype, num_layers=2, bidirectional=True), torch.randn(2, time, 2, dtype=dtype))
        for layer in (0, 1):
            for direction in trace.directions:
                assert unit_ledger(trace, layer, direction, unit=0, window=1).error < tolerance
                for step in {0, time // 2, time - 1}:
                    ledger = step_ledger(trace, layer, direction, step=step)
                    assert ledger.error < tolerance
                    np.testing.assert_allclose(ledger.content.sum(axis=1), ledger.state, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("cell", KINDS)
def test_a_gate_of_exactly_zero_wipes_the_past_and_is_no_nan(cell):
    trace = trace_gates(_stack(cell), torch.randn(1, 6, 2, dtype=torch.float64))
    keep = trace.values("f" if cell == "lstm" else "z").copy()
    keep[0, 3] = 0.0
    gates = {**trace.gates, (0, "forward", "f" if cell == "lstm" else "z"): keep}
    state, written = np.zeros(5), (gates[(0, "forward", "i")] * gates[(0, "forward", "g")] if cell == "lstm" else None)
    if written is None:
        written = (1 - keep) * gates[(0, "forward", "n")]
    states = []
    for t in range(6):
        state = keep[0, t] * state + written[0, t]
        states.append(state)
    gates[(0, "forward", "c" if cell == "lstm" else "h")] = np.stack(states)[None]
    changed = dataclasses.replace(trace, gates=gates)
    ledger = step_ledger(changed, 0, "forward", step=5)
    assert ledger.error < 1e-15
    assert not ledger.content[:, :3].any()
    np.testing.assert_array_equal(ledger.left[:, 5], 1.0)
    whole = unit_ledger(changed, 0, "forward", unit=2)
    assert whole.error < 1e-15
    assert not whole.content[3:, :3].any()


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_long_window_is_summed_into_blocks_and_still_adds_up(direction):
    trace = trace_gates(_stack("lstm", bidirectional=True), torch.randn(1, 23, 2, dtype=torch.float64))
    full, small = (unit_ledger(trace, 0, direction, unit=1, max_cells=most) for most in (600, 5))
    assert (full.pooled, small.pooled) == (1, 5)
    assert len(small.rows) == len(small.columns) == 5
    assert small.columns[0, 0] == 0
    assert small.columns[-1, 1] == 22
    assert (small.columns[1:, 0] == small.columns[:-1, 1] + 1).all()
    for row, step in enumerate(small.rows):
        for column, (first, last) in enumerate(small.columns):
            assert small.content[row, column] == pytest.approx(full.content[step, first : last + 1].sum(), abs=1e-14)
    np.testing.assert_allclose(small.content.sum(axis=1), small.state, atol=1e-13)
    assert small.rows[-1 if direction == "forward" else 0] == (22 if direction == "forward" else 0)


def test_what_is_written_is_described_for_every_cell_that_keeps():
    for key, entry in CELLS.items():
        assert bool(entry.kept_state) == bool(entry.written) == has_ledger(key)
        assert entry.kept_state or not entry.keep_gate, "a state may be kept without a gate, but no gate without a state"
        for name in (*filter(None, (entry.keep_gate, entry.kept_state)), *(factor.removeprefix("1-") for factor in entry.written)):
            assert name in entry.gate_names


def test_an_rnn_keeps_nothing():
    trace = trace_gates(nn.RNN(1, 2, batch_first=True), torch.zeros(1, 3, 1))
    for ask in (lambda: step_ledger(trace, 0, "forward", step=0), lambda: unit_ledger(trace, 0, "forward", unit=0)):
        with pytest.raises(TraceError, match="Nothing is kept additively"):
            ask()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"step": 9}, "steps 0 to 8"), ({"step": -1}, "steps 0 to 8"), ({"step": 0, "window": 1}, "windows 0 to 0")],
)
def test_what_is_not_there_is_named(change, words):
    trace = trace_gates(_stack("gru"), torch.zeros(1, 9, 2, dtype=torch.float64))
    with pytest.raises(TraceError, match=words):
        step_ledger(trace, 0, "forward", **change)
    with pytest.raises(TraceError, match="units 0 to 4"):
        unit_ledger(trace, 0, "forward", unit=5)
    with pytest.raises(TraceError, match="no layer"):
        step_ledger(trace, 3, "forward", step=0)


def test_a_trace_with_nan_is_never_called_complete():
    trace = trace_gates(_stack("lstm"), torch.zeros(1, 4, 2, dtype=torch.float64))
    gates = {key: values.copy() for key, values in trace.gates.items()}
    gates[(0, "forward", "f")][0, 2] = np.nan
    broken = dataclasses.replace(trace, gates=gates)
    assert np.isnan(step_ledger(broken, 0, "forward", step=3).error)
    assert np.isnan(unit_ledger(broken, 0, "forward", unit=0).error)
