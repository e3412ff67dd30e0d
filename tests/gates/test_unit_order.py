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
    """Twelve units of three kinds, mixed up, of either sign and of very different sizes: three groups, each of one kind."""
    rng = np.random.default_rng(1)
    basis = rng.normal(size=(2, 50, 3))
    kind = np.arange(12) % 3
    scale = np.array([1, 1, 1, -1, -1, 1, 0.01, 0.02, -0.01, 0.5, -0.03, 0.2])
    ordered = order_units(_trace_of((basis[..., kind] + 0.1 * rng.normal(size=(2, 50, 12))) * scale), 0, "forward", "similarity")
    assert sorted(ordered.units) == list(range(12))
    assert [name for _, name in ordered.groups] == ["group 1", "group 2", "group 3"]
    assert [start for start, _ in ordered.groups] == [0, 4, 8]
    assert {frozenset(kind[units]) for units in np.split(ordered.units, [4, 8])} == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_units_that_differ_little_by_little_stand_in_line_and_are_no_single_group():
    """Units u = cos(a) p + sin(a) q for angles a from 0 to 60°: the nearest pairs alone would chain all but the last into one group."""
    angles = np.radians([24, 0, 60, 8, 40, 16, 48, 32])
    p, q = np.sqrt(2) * np.cos(np.arange(64) * np.pi / 32), np.sqrt(2) * np.sin(np.arange(64) * np.pi / 32)
    h = np.cos(angles) * p[:, None] + np.sin(angles) * q[:, None]
    ordered = order_units(_trace_of(h[None]), 0, "forward", "similarity")
    line = np.degrees(angles)[ordered.units].round().tolist()
    assert line in (sorted(line), sorted(line, reverse=True))
    assert len(ordered.groups) == 2
    assert 3 <= ordered.groups[1][0] <= 5, "the line is cut near its middle"


def test_units_with_nan_go_last(trace):
    f, h = (trace.values(name).astype(float) for name in "fh")
    f[0, 2, 1] = h[1, 3, 1] = np.nan  # the unit that remembers longest
    broken = dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): f, (0, "forward", "h"): h})
    series = h[..., 0]
    for order, expected in (("memory", [2, 0, 1]), ("activity", [2, 0, 1]), ("input", [0, 2, 1]), ("similarity", [2, 0, 1])):
        assert order_units(broken, 0, "forward", order, series=series).units.tolist() == expected
    assert np.isnan(input_correlation(broken, 0, "forward", series)).tolist() == [False, True, False]


def test_units_with_nan_stand_behind_the_groups():
    rng = np.random.default_rng(2)
    h = rng.normal(size=(2, 20, 10))
    h[..., [1, 8]] = np.nan
    ordered = order_units(_trace_of(h), 0, "forward", "similarity")
    assert ordered.units[-2:].tolist() == [1, 8]
    assert ordered.groups[-1] == (8, "not a number")
    whole = [unit for unit in range(10) if unit not in (1, 8)]
    alone = order_units(_trace_of(h[..., whole]), 0, "forward", "similarity")
    assert ordered.units[:-2].tolist() == np.array(whole)[alone.units].tolist()
    assert ordered.groups[:-1] == alone.groups
    for left in (0, 1, 2):  # too few to group
        h[..., left:] = np.nan
        assert sorted(order_units(_trace_of(h), 0, "forward", "similarity").units) == list(range(10))
