import dataclasses

import numpy as np
import pytest

from seqlab.gates.memory import memory_steps
from seqlab.gates.unit_order import UNIT_ORDERS, default_order, order_units


def test_memory_timescale_is_the_geometric_one(trace):
    np.testing.assert_allclose(memory_steps(trace, 0, "forward"), -1 / np.log([0.5, 0.9, 0.7]), rtol=1e-6)


def test_a_gate_that_never_forgets_has_endless_memory(trace):
    ones = np.ones((2, 6, 3), dtype=np.float32)
    kept = dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): ones})
    assert np.isinf(memory_steps(kept, 0, "forward")).all()


def test_orders(trace):
    assert order_units(trace, 0, "forward", "memory").tolist() == [1, 2, 0]
    assert order_units(trace, 0, "forward", "activity").tolist() == [2, 1, 0]
    assert order_units(trace, 0, "forward", "number").tolist() == [0, 1, 2]
    assert order_units(trace, 0, "forward", "similarity")[0] == 2


@pytest.mark.parametrize("order", UNIT_ORDERS)
def test_every_order_is_a_permutation(trace, order):
    assert sorted(order_units(trace, 0, "forward", order)) == [0, 1, 2]


def test_a_cell_without_a_keeping_gate_falls_back_to_activity(trace):
    plain = dataclasses.replace(trace, cell="rnn", gate_names=("h",))
    assert memory_steps(plain, 0, "forward") is None
    assert (
        order_units(plain, 0, "forward", default_order("rnn")).tolist() == order_units(plain, 0, "forward", "memory").tolist() == [2, 1, 0]
    )
