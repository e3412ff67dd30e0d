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
    beyond = sum(count for _, count in cell_entry(config.cell).extra_weights)
    directions = 2 if config.bidirectional else 1
    hidden, steps = config.hidden_size, max(1, sizes.context_length // config.segment_length)
    parameters, entry = _input_parameters(config, sizes)
    inputs = entry * config.segment_length
    for _ in range(config.num_layers):
        parameters += directions * hidden * (blocks * (inputs + hidden + 2) + beyond)
        inputs = directions * hidden
    known = sizes.known_size + sizes.target_size
    parameters += (directions * hidden + 1) * sizes.horizon * sizes.target_size
    parameters += config.head_size * (directions * hidden + known + sizes.horizon + sizes.target_size + 1)

    convolved = 0 if config.network == "recurrent" else _CONVOLVED * config.channels
    before = (entry if sizes.vocabulary else 0) + _SPELLED * sizes.word_length + convolved
    answers = max(sizes.classes, sizes.target_size) * sizes.horizon * 4

    def activations(batch: int, kept: int) -> int:
        read = sizes.context_length * (sizes.input_size + before) * 3
        recurrent = steps * config.num_layers * directions * hidden * kept
        head = sizes.horizon * (config.head_size * 3 + known + 4 * sizes.target_size)
        return batch * (read + recurrent + head + answers) * FLOAT

    return MemoryEstimate(
        data=rows * (sizes.input_size + sizes.target_size + sizes.known_size) * FLOAT,
        weights=parameters * 5 * FLOAT,
        batch=activations(min(batch_size, windows), 3 * blocks + 4 if cell_entry(config.cell).fused else 5 * blocks + 8),
        validation=activations(min(VALIDATION_BATCH, windows), 2 * blocks + 2),
    )


_SPELLED = 75  # numbers kept of every character of a word: its vector, the filters over it, their largest
_CONVOLVED = 4  # copies of a convolution's output that training keeps


def _input_parameters(config: ModelConfig, sizes: NetworkSizes) -> tuple[int, int]:
    """Weights before the recurrent stack, and how many numbers they make of a step."""
    if not sizes.vocabulary:
        made, entry = 0, sizes.input_size
    else:
        spelled = 50 if sizes.word_length else 0
        made = sizes.vocabulary * config.embedding_size + sizes.characters * 25 + _SPELLED * spelled
        entry = config.embedding_size + spelled + sizes.shapes
    if config.network == "recurrent":
        return made, entry
    return made + config.conv_layers * config.kernel_size * config.channels * max(entry, config.channels), max(entry, config.channels)


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
