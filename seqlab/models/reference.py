"""The path a forecast is a difference from: nothing, the last value, one season ago, the context's mean."""

import torch

from seqlab.errors import ConfigError

__all__ = ["check_reference", "reference_path"]


def check_reference(reference: str, *, context_length: int, season_length: int) -> None:
    """Refuse a seasonal reference that the context does not hold.

    Raises:
        ConfigError: the season is longer than the context.
    """
    if reference == "seasonal" and season_length > context_length:
        raise ConfigError(
            f"The reference 'one season earlier' needs a context of at least one season: the season has {season_length} steps, "
            f"the context {context_length}. Make the context at least {season_length} steps long, or choose another reference."
        )


def reference_path(reference: str, y: torch.Tensor, horizon: int, season_length: int) -> torch.Tensor:
    """The path, computed from the targets the model has read.

    Args:
        reference: a choice of ``ModelConfig.reference``.
        y: (batch, time, target) targets of the context.
        horizon: steps ahead.
        season_length: steps per season; step k repeats the last season's value at the same phase.

    Returns:
        (batch, horizon, target)
    """
    batch, time, targets = y.shape
    if reference == "last":
        return y[:, -1:].expand(batch, horizon, targets)
    if reference == "mean":
        return y.mean(dim=1, keepdim=True).expand(batch, horizon, targets)
    if reference == "seasonal":
        steps = time - season_length + torch.arange(horizon, device=y.device) % season_length
        return y[:, steps]
    return y.new_zeros(batch, horizon, targets)
