"""Windows on a device, and batches gathered from them by index: no loader, no copy of the windows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from seqlab.data.window import WindowSet

__all__ = ["Batches", "FreshBatches", "batch_order"]


def batch_order(seed: int, epoch: int, count: int) -> npt.NDArray[np.int64]:
    """The order of an epoch's windows; it depends on nothing but the seed and the epoch.

    Example:
        >>> batch_order(0, 1, 4).tolist() == batch_order(0, 1, 4).tolist()
        True
    """
    return np.random.default_rng([seed, epoch]).permutation(count)


@dataclass(frozen=True, slots=True)
class Batches:
    """The windows of one part on one device.

    Args:
        x: (series, position, context, feature), a view of one array
        future: (series, position, horizon, known), a view
        y: (series, position, horizon, target), a view; NaN where nothing was observed
        index: (window,) position of each window, or ``None`` where they are the same
        windows: windows per series
        masked: whether anything of the series was not observed, so that losses must look.
    """

    x: torch.Tensor
    future: torch.Tensor
    y: torch.Tensor
    index: torch.Tensor | None
    windows: int
    masked: bool

    @classmethod
    def of(cls, windows: WindowSet, device: torch.device) -> "Batches":
        """The windows of a part, wrapped without copying on the CPU and sent as one base array otherwise."""
        return cls(
            _on_device(windows.x, device),
            _on_device(windows.future, device),
            _on_device(windows.y, device),
            None if windows.index is None else torch.from_numpy(windows.index).to(device),
            windows.window_count,
            bool(np.isnan(_base(windows.y)).any()),
        )

    def __len__(self) -> int:
        """Number of windows, over all series."""
        return self.x.shape[0] * self.windows

    def of_epoch(self, epoch: int) -> "Batches":  # noqa: ARG002  the same windows in every epoch
        """The windows of an epoch, counted from 0."""
        return self

    def gather(self, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Contiguous (x, future, y) of some windows.

        Args:
            samples: (batch,) numbers from 0 to ``len(self) - 1``; sample s is window s % windows of series s // windows.
        """
        if self.x.shape[0] == 1:
            position = samples if self.index is None else self.index[samples]
            return self.x[0][position], self.future[0][position], self.y[0][position]
        series = torch.div(samples, self.windows, rounding_mode="floor")
        position = samples - series * self.windows
        position = position if self.index is None else self.index[position]
        return self.x[series, position], self.future[series, position], self.y[series, position]


@dataclass(frozen=True, slots=True)
class FreshBatches:
    """Training data that never ends: every epoch has windows that no epoch had before.

    Args:
        made: the windows of an epoch, counted from 0; nothing but its number decides about them.
        count: windows of an epoch.
        device: where they are sent.
    """

    made: Callable[[int], WindowSet]
    count: int
    device: torch.device

    def __len__(self) -> int:
        """Number of windows of an epoch."""
        return self.count

    def of_epoch(self, epoch: int) -> Batches:
        """The windows of an epoch, counted from 0."""
        return Batches.of(self.made(epoch), self.device)


def _base(view: npt.NDArray[Any]) -> npt.NDArray[Any]:
    base = view
    while isinstance(base.base, np.ndarray):
        base = base.base
    return base


def _on_device(view: npt.NDArray[np.float32], device: torch.device) -> torch.Tensor:
    """A view as a tensor: shared on the CPU; elsewhere only its base array is sent, and viewed there."""
    if device.type == "cpu" or view.size == 0:
        return torch.from_numpy(view).to(device)
    base = _base(view)
    if not base.flags.c_contiguous:
        return torch.from_numpy(view).to(device)
    offset = (view.__array_interface__["data"][0] - base.__array_interface__["data"][0]) // view.itemsize
    sent = torch.from_numpy(base.reshape(-1)).to(device)
    return sent.as_strided(view.shape, [stride // view.itemsize for stride in view.strides], offset)
