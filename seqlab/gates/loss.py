"""The training losses by name, one value for each forecast instead of one for a batch."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from seqlab.errors import TraceError

__all__ = ["LOSSES", "loss_function", "mean_over_observed", "window_losses"]

LOSSES: Mapping[str, Callable[..., torch.Tensor]] = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
}
"""Choices of ``TrainConfig.loss``."""


def loss_function(name: str) -> Callable[..., torch.Tensor]:
    """The function of a name.

    Raises:
        TraceError: there is no such loss.
    """
    if name not in LOSSES:
        raise TraceError(f"There is no loss {name!r}. Losses are: {', '.join(LOSSES)}; or give a function.")
    return LOSSES[name]


def mean_over_observed(name: str, prediction: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """(forecast,) mean loss over the observed targets of each; NaN where nothing was observed.

    Args:
        name: a key of :data:`LOSSES`.
        prediction: (forecast, horizon, target)
        y: (forecast, horizon, target), or one for all of them; NaN where nothing was observed.
    """
    return loss_function(name)(prediction, y.expand_as(prediction), reduction="none").flatten(1).nanmean(dim=1)


def window_losses(name: str, prediction: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(window,) mean loss over the observed targets of each window; NaN where it has none.

    Args:
        name: a key of :data:`LOSSES`.
        prediction, y: (window, horizon, target), scaled; y is NaN where nothing was observed.

    Raises:
        TraceError: there is no such loss.

    Example:
        >>> window_losses("mae", [[[1.0], [2.0]]], [[[0.0], [float("nan")]]])
        array([1.])
    """
    made: npt.NDArray[np.float64] = mean_over_observed(
        name, torch.from_numpy(np.array(prediction, dtype=np.float64)), torch.from_numpy(np.array(y, dtype=np.float64))
    ).numpy()
    return made
