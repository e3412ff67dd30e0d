"""Dilated convolutions over time: each layer looks at a few neighbouring steps, twice as far apart as the layer below."""

import torch
from torch import nn
from torch.nn import functional

from seqlab.models.padding import step_mask

__all__ = ["ConvStack"]


class ConvStack(nn.Module):
    """Layers of filters with dilation 1, 2, 4, …, each added to its input (after Bai et al. 2018, 1803.01271), then max pooling.

    Args:
        in_size: features per step.
        channels: filters per layer.
        kernel_size: steps a filter sees at once.
        layers: how many layers; the stack sees (kernel_size − 1)(2^layers − 1) + 1 steps.
        causal: whether a filter sees its step and earlier ones only; else as many after it as before.
        pool_length: keeps the largest of so many neighbouring steps; 1 keeps every step.
        dropout: share of each layer's outputs zeroed in training.

    Example:
        >>> ConvStack(2, 8, 3, 2, causal=True, pool_length=2)(torch.zeros(1, 5, 2)).shape
        torch.Size([1, 3, 8])
    """

    def __init__(
        self,
        in_size: int,
        channels: int,
        kernel_size: int,
        layers: int,
        *,
        causal: bool = False,
        pool_length: int = 1,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.out_size = channels
        self.factor = pool_length
        self.causal = causal
        self.kernel_size = kernel_size
        self.filters = nn.ModuleList(
            nn.Conv1d(channels if layer else in_size, channels, kernel_size, dilation=2**layer) for layer in range(layers)
        )
        self.carried = nn.Identity() if in_size == channels else nn.Conv1d(in_size, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def out_lengths(self, lengths: torch.Tensor) -> torch.Tensor:
        """Steps that are left of so many: a last group that is not full counts as one."""
        return (lengths + self.factor - 1) // self.factor

    def forward(self, x: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """What the filters find.

        Args:
            x: (batch, time, in_size)
            lengths: (batch,) steps of each sequence; ``None`` if no step is padded. Padding counts as 0, as does
                what lies beyond the first and the last step.

        Returns:
            (batch, time / pool_length rounded up, channels), 0 at padded steps.
        """
        inside = None if lengths is None else step_mask(lengths, x.shape[1]).unsqueeze(1)
        found = _only(inside, x.transpose(1, 2))
        for layer, filters in enumerate(self.filters):
            below = found if layer else self.carried(found)
            seen = filters(functional.pad(found, self._margins(layer)))
            found = _only(inside, below + self.dropout(functional.gelu(seen)))
        if self.factor > 1:
            lowest = found if inside is None else found.masked_fill(~inside, -torch.inf)
            found = functional.max_pool1d(lowest, self.factor, ceil_mode=True)
            if lengths is not None:
                found = _only(step_mask(self.out_lengths(lengths), found.shape[2]).unsqueeze(1), found)
        return found.transpose(1, 2)

    def _margins(self, layer: int) -> tuple[int, int]:
        """Steps of zeros before and after, so that as many come out of a layer as go in."""
        reach = 2**layer * (self.kernel_size - 1)
        before = reach if self.causal else reach // 2
        return before, reach - before


def _only(inside: torch.Tensor | None, values: torch.Tensor) -> torch.Tensor:
    """(batch, channel, time) with padded steps at 0."""
    return values if inside is None else values.masked_fill(~inside, 0)
