"""How much memory a run will need, estimated before it starts and refused if it cannot fit."""

from dataclasses import dataclass

import torch

from seqlab.config import ModelConfig
from seqlab.errors import MemoryLimitError
from seqlab.models.free_memory import USABLE, free_memory, size_text
from seqlab.models.network import NetworkSizes
from seqlab.models.table import cell_entry
from seqlab.training.loop import VALIDATION_BATCH

__all__ = ["MemoryEstimate", "check_memory", "estimate_memory"]

FLOAT = 4  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryEstimate:
    """Bytes a run will need, by what they are for.

    Args:
        data: the prepared series.
        weights: weights, gradients, optimizer moments and the best weights so far.
        batch: one training batch and what backpropagation keeps of it.
        validation: one validation batch; nothing is kept of it.
    """

    data: int
    weights: int
    batch: int
    validation: int

    @property
    def total(self) -> int:
        """Bytes at the peak."""
        return self.data + self.weights + max(self.batch, self.validation)


def estimate_memory(config: ModelConfig, sizes: NetworkSizes, *, rows: int, batch_size: int, windows: int) -> MemoryEstimate:
    """Bytes a run will need at its peak, on the generous side.

    Args:
        config: the network.
        sizes: what the data fixes about it.
        rows: rows of the series, over all columns trained on separately.
        batch_size: windows per step.
        windows: windows of the largest part.
    """
    blocks = cell_entry(config.cell).weight_blocks
    directions = 2 if config.bidirectional else 1
    hidden, steps = config.hidden_size, max(1, sizes.context_length // config.segment_length)
    parameters = 0
    inputs = sizes.input_size * config.segment_length
    for _ in range(config.num_layers):
        parameters += directions * blocks * hidden * (inputs + hidden + 2)
        inputs = directions * hidden
    known = sizes.known_size + sizes.target_size
    parameters += (directions * hidden + 1) * sizes.horizon * sizes.target_size
    parameters += config.head_size * (directions * hidden + known + sizes.horizon + sizes.target_size + 1)

    def activations(batch: int, kept: int) -> int:
        read = sizes.context_length * sizes.input_size * 3
        recurrent = steps * config.num_layers * directions * hidden * kept
        head = sizes.horizon * (config.head_size * 3 + known + 4 * sizes.target_size)
        return batch * (read + recurrent + head) * FLOAT

    return MemoryEstimate(
        data=rows * (sizes.input_size + sizes.target_size + sizes.known_size) * FLOAT,
        weights=parameters * 5 * FLOAT,
        batch=activations(min(batch_size, windows), 3 * blocks + 4),
        validation=activations(min(VALIDATION_BATCH, windows), 2 * blocks + 2),
    )


def check_memory(estimate: MemoryEstimate, device: torch.device) -> None:
    """Refuse a run that cannot fit.

    Raises:
        MemoryLimitError: the estimate exceeds what is free, with both numbers.
    """
    free = free_memory(device)
    if estimate.total > USABLE * free:
        step = max(estimate.batch, estimate.validation)
        raise MemoryLimitError(
            f"This run would need about {size_text(estimate.total)} of memory: {size_text(estimate.data)} for the data, "
            f"{size_text(estimate.weights)} for weights and optimizer, {size_text(step)} for a batch. {size_text(free)} are free on the "
            f"{device.type.upper()}. Make the batch, the context or the hidden size smaller."
        )
