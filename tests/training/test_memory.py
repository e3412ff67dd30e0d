"""The memory estimate: its parts grow with what they stand for, and weights are counted exactly."""

import pytest
import torch

from seqlab.config import ModelConfig
from seqlab.errors import MemoryLimitError
from seqlab.models.build import build_network
from seqlab.models.network import NetworkSizes
from seqlab.models.table import CELLS
from seqlab.training.memory import MemoryEstimate, check_memory, estimate_memory

SIZES = NetworkSizes(input_size=3, target_size=2, known_size=1, context_length=24, horizon=5, season_length=4)


@pytest.mark.parametrize("head_size", [0, 7])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", list(CELLS))
def test_weights_are_counted_exactly_for_a_network_with_a_hidden_head(cell: str, bidirectional: bool, head_size: int) -> None:
    config = ModelConfig(cell=cell, hidden_size=6, num_layers=3, bidirectional=bidirectional, head_size=head_size, segment_length=4)
    counted = sum(parameter.numel() for parameter in build_network(config, SIZES).parameters())
    estimate = estimate_memory(config, SIZES, rows=100, batch_size=8, windows=50)
    # without a hidden head the estimate leaves out the few weights of the known-ahead features
    missed = 0 if head_size else (SIZES.known_size + SIZES.target_size) * SIZES.target_size
    assert estimate.weights == (counted - missed) * 5 * 4


def test_a_longer_context_a_wider_layer_and_a_larger_batch_need_more() -> None:
    def total(batch_size: int = 64, **changes: int) -> int:
        sizes = NetworkSizes(**{name: getattr(SIZES, name) for name in SIZES.__slots__} | {"context_length": changes.pop("context", 240)})
        return estimate_memory(ModelConfig(**{"hidden_size": 64} | changes), sizes, rows=1000, batch_size=batch_size, windows=10_000).batch

    assert total(batch_size=128) == 2 * total()
    assert total(hidden_size=128) > 1.9 * total()
    assert total(context=480) > 1.9 * total()


def test_what_cannot_fit_is_refused_with_every_number() -> None:
    with pytest.raises(MemoryLimitError, match=r"about 9\d\d TB of memory: 1e\+03 bytes|about 1e\+03 TB|about \S+ TB of memory"):
        check_memory(MemoryEstimate(data=1000, weights=2_000_000, batch=10**15, validation=5), torch.device("cpu"))
    check_memory(MemoryEstimate(data=1000, weights=1000, batch=1000, validation=1000), torch.device("cpu"))
