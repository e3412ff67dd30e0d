"""The training losses by name, one value for each sequence instead of one for a batch."""

import numpy as np
import numpy.typing as npt
import torch

from seqlab.errors import TraceError
from seqlab.models.loss import CLASS_LOSSES, LOSSES, each_loss
from seqlab.models.network import Network

__all__ = ["check_loss", "mean_over_observed", "window_losses"]


def check_loss(name: str) -> None:
    """Refuses a name that no loss has.

    Raises:
        TraceError: there is no such loss.
    """
    if name not in LOSSES and name not in CLASS_LOSSES:
        raise TraceError(f"There is no loss {name!r}. Losses are: {', '.join((*LOSSES, *CLASS_LOSSES))}; or give a function.")


def mean_over_observed(name: str, prediction: torch.Tensor, y: torch.Tensor, *, network: Network | None = None) -> torch.Tensor:
    """(sequence,) mean loss over the observed answers of each; NaN where nothing was observed.

    Args:
        name: name of a loss.
        prediction: (sequence, step, output)
        y: (sequence, step, target), or one for all of them; NaN where nothing was observed.
        network: whose conditional random field is meant, for the loss ``crf``.
    """
    check_loss(name)
    loss, weight = each_loss(name, prediction, y if y.ndim == 3 else y.unsqueeze(0), network=network)
    return (loss * weight).sum(dim=1) / weight.sum(dim=1)  # 0 / 0 is NaN, as it should be


def window_losses(name: str, prediction: npt.ArrayLike, y: npt.ArrayLike, *, network: Network | None = None) -> npt.NDArray[np.float64]:
    """(window,) mean loss over the observed answers of each window; NaN where it has none.

    Args:
        name: name of a loss.
        prediction: (window, step, output), scaled numbers or logits.
        y: (window, step, target), scaled numbers or class numbers; NaN where nothing was observed.
        network: as for :func:`mean_over_observed`.

    Raises:
        TraceError: there is no such loss.

    Example:
        >>> window_losses("mae", [[[1.0], [2.0]]], [[[0.0], [float("nan")]]])
        array([1.])
    """
    with torch.no_grad():
        made: npt.NDArray[np.float64] = mean_over_observed(
            name,
            torch.from_numpy(np.array(prediction, dtype=np.float64)),
            torch.from_numpy(np.array(y, dtype=np.float64)),
            network=network,
        ).numpy()
    return made
