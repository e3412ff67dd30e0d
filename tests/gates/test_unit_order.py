import dataclasses

import numpy as np
import pytest

from seqlab.gates.memory import memory_steps
from seqlab.gates.unit_order import UNIT_ORDERS, default_order, input_correlation, order_units
from seqlab.records import GateTrace


def test_memory_timescale_is_the_geometric_one(trace):
    np.testing.assert_allclose(memory_steps(trace, 0, "forward"), -1 / np.log([0.5, 0.9, 0.7]), rtol=1e-6)


def test_a_gate_that_never_forgets_has_endless_memory(trace):
    ones = np.ones((2, 6, 3), dtype=np.float32)
    kept = dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): ones})
    assert np.isinf(memory_steps(kept, 0, "forward")).all()


def test_orders(trace):
    assert order_units(trace, 0, "forward", "memory").units.tolist() == [1, 2, 0]
    assert order_units(trace, 0, "forward", "activity").units.tolist() == [2, 1, 0]
    assert order_units(trace, 0, "forward", "number").units.tolist() == [0, 1, 2]


@pytest.mark.parametrize("order", UNIT_ORDERS)
def test_every_order_is_a_permutation(trace, order):
    assert sorted(order_units(trace, 0, "forward", order).units) == [0, 1, 2]


def test_a_cell_without_a_keeping_gate_falls_back_to_activity(trace):
    plain = dataclasses.replace(trace, cell="rnn", gate_names=("h",))
    assert memory_steps(plain, 0, "forward") is None
    assert (
        order_units(plain, 0, "forward", default_order("rnn")).units.tolist()
        == order_units(plain, 0, "forward", "memory").units.tolist()
        == [2, 1, 0]
    )


def _trace_of(h):
    """A GRU's trace with nothing but these states: (batch, time, hidden)."""
    return GateTrace(
        cell="rnn", gate_names=("h",), num_layers=1, directions=("forward",), gates={(0, "forward", "h"): np.asarray(h)}, max_error=0.0
    )


def test_units_that_follow_the_input_come_first_whatever_their_sign():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 40))
    h = np.stack([rng.normal(size=(3, 40)), -0.5 * x, x + rng.normal(size=(3, 40)), np.zeros((3, 40))], axis=-1)
    trace = _trace_of(h)
    expected = [np.corrcoef(h[..., unit].ravel(), x.ravel())[0, 1] for unit in range(3)]
    np.testing.assert_allclose(input_correlation(trace, 0, "forward", x), [*expected, 0.0], atol=1e-12)
    assert order_units(trace, 0, "forward", "input", series=x).units.tolist()[:2] == [1, 2]


def test_a_step_that_reads_a_segment_is_compared_with_the_segments_mean():
    x = np.arange(12.0).reshape(1, 12)
    trace = _trace_of(np.stack([[1.0, 4.0, 7.0, 10.0]], axis=0)[..., None])
    assert input_correlation(trace, 0, "forward", x)[0] == pytest.approx(1.0)


def test_units_that_move_together_form_a_group():
    rng = np.random.default_rng(1)
    basis = rng.normal(size=(2, 50, 3))
    kind = np.array([0, 1, 2, 0, 1, 2, 0, 1])
    signs = np.array([1, 1, 1, -1, -1, 1, 1, 1])
    ordered = order_units(_trace_of(basis[..., kind] * signs + 0.01 * rng.normal(size=(2, 50, 8))), 0, "forward", "similarity")
    assert sorted(ordered.units) == list(range(8))
    starts = [start for start, _ in ordered.groups]
    assert starts[0] == 0
    for units in np.split(ordered.units, starts[1:]):
        assert len(set(kind[units]) - {kind[units][0]}) <= 1  # two groups for eight units: one kind is alone, two may share
