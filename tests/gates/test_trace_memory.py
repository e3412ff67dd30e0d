"""A trace too large for memory is opened in pieces, or refused with the numbers."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.errors import MemoryLimitError
from seqlab.gates import trace as trace_module
from seqlab.gates.trace import trace_gates


@pytest.mark.parametrize("bidirectional", [False, True])
def test_pieces_equal_the_whole(monkeypatch: pytest.MonkeyPatch, bidirectional: bool) -> None:
    torch.manual_seed(0)
    stack = nn.LSTM(3, 8, 2, batch_first=True, bidirectional=bidirectional)
    x = torch.randn(7, 20, 3)
    whole = trace_gates(stack, x)
    monkeypatch.setattr(trace_module, "_ROOM", 60_000)  # two windows or so
    in_pieces = trace_gates(stack, x)
    assert in_pieces.max_error < 1e-6
    assert in_pieces.gates.keys() == whole.gates.keys()
    for key, values in whole.gates.items():
        np.testing.assert_allclose(in_pieces.gates[key], values, atol=1e-6)


def test_what_does_not_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_module, "free_memory", lambda device: 100_000)
    with pytest.raises(MemoryLimitError, match=r"about \d+ KB: 6 gates and states of 8 units.* 50 windows of 20 steps\. 100 KB are free"):
        trace_gates(nn.LSTM(3, 8, batch_first=True), torch.zeros(50, 20, 3))
