"""A trace too large for memory is opened in pieces, or refused with the numbers."""

import dataclasses
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.errors import MemoryLimitError
from seqlab.gates import trace as trace_module
from seqlab.gates.opening import OpenedStack
from seqlab.gates.trace import trace_gates
from seqlab.records import GateTrace


@pytest.mark.parametrize("bidirectional", [False, True])
def test_pieces_equal_the_whole(monkeypatch: pytest.MonkeyPatch, bidirectional: bool) -> None:
    torch.manual_seed(0)
    stack = nn.LSTM(3, 8, 2, batch_first=True, bidirectional=bidirectional)
    x = torch.randn(7, 20, 3)
    whole = trace_gates(stack, x)
    monkeypatch.setattr(trace_module, "_ROOM", 60_000)  # three windows or so
    windows, errors = [], []

    def trace(opened: OpenedStack, inputs: torch.Tensor, counts: torch.Tensor | None) -> GateTrace:
        made = original(opened, inputs, counts)
        windows.append(len(inputs))
        errors.append(made.max_error)
        return made

    original = trace_module._trace
    monkeypatch.setattr(trace_module, "_trace", trace)
    in_pieces = trace_gates(stack, x)
    assert len(windows) > 2, "there are pieces"
    assert sum(windows) == 7
    assert in_pieces.max_error == max(errors) < 1e-6
    assert in_pieces.gates.keys() == whole.gates.keys()
    for key, values in whole.gates.items():
        np.testing.assert_allclose(in_pieces.gates[key], values, atol=1e-6)


def _pieces(errors: Sequence[float]) -> list[GateTrace]:
    """Traces of three windows each, large enough to be told from what else is held."""
    torch.manual_seed(0)
    stack = nn.LSTM(3, 32, batch_first=True)
    traces = [trace_gates(stack, torch.randn(3, 100, 3)) for _ in errors]
    return [dataclasses.replace(trace, max_error=error) for trace, error in zip(traces, errors, strict=True)]


@pytest.mark.parametrize(
    ("errors", "expected"), [([1e-8, 3e-8, 2e-8], 3e-8), ([1e-8, float("nan"), 2e-8], float("nan")), ([float("nan"), 0.0], float("nan"))]
)
def test_the_largest_error_of_a_piece_is_the_wholes_and_nan_is_no_small_one(errors: list[float], expected: float) -> None:
    np.testing.assert_array_equal(trace_module._joined(_pieces(errors)).max_error, expected)


def test_joining_holds_one_gate_twice_at_a_time() -> None:
    pieces = _pieces([0.0, 0.0, 0.0])
    expected = {key: np.concatenate([piece.gates[key] for piece in pieces]) for key in pieces[0].gates}
    tracemalloc.start()
    try:
        # copies are numpy's own memory, which is counted; torch's is not
        pieces = [dataclasses.replace(piece, gates={key: values.copy() for key, values in piece.gates.items()}) for piece in pieces]
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        joined = trace_module._joined(pieces)
        beside = tracemalloc.get_traced_memory()[1] - held
    finally:
        tracemalloc.stop()
    assert pieces == [], "whoever holds the pieces would hold all gates twice"
    assert joined.gates.keys() == expected.keys()
    for key, values in expected.items():
        np.testing.assert_array_equal(joined.gates[key], values)
    assert beside < 1.5 * values.nbytes


def test_what_does_not_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_module, "free_memory", lambda device: 100_000)
    with pytest.raises(MemoryLimitError, match=r"about \d+ KB: 6 gates and states of 8 units.* 50 windows of 20 steps\. 100 KB are free"):
        trace_gates(nn.LSTM(3, 8, batch_first=True), torch.zeros(50, 20, 3))
