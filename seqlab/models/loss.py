"""The training losses by name: one value per answer, with the weight it has in a mean."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from seqlab.errors import ConfigError
from seqlab.tasks import task_entry

if TYPE_CHECKING:
    from seqlab.models.network import Network

__all__ = ["CLASS_LOSSES", "LOSSES", "each_loss", "loss_name", "plain_loss"]

LOSSES: Mapping[str, Callable[..., torch.Tensor]] = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
}
"""Losses of numbers: choices of ``TrainConfig.loss``."""

CLASS_LOSSES = ("bce", "cross_entropy", "crf")
"""Losses of classes: one logit of two classes (binary cross-entropy), one logit per class, all tags of a sequence together."""


def loss_name(network: "Network", chosen: str) -> str:
    """What training makes small: the chosen loss for numbers; for classes the task decides.

    Args:
        network: a network.
        chosen: ``TrainConfig.loss``.
    """
    sizes = network.sizes
    if not task_entry(sizes.task).classes:
        return chosen
    if getattr(network, "crf", None) is not None:
        return "crf"
    return "bce" if sizes.classes == 2 and not task_entry(sizes.task).per_step and sizes.task == "classify" else "cross_entropy"


def plain_loss(name: str, predicted: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean loss of numbers that were all observed: the quick way."""
    return LOSSES[name](predicted, y)


def each_loss(
    name: str,
    predicted: torch.Tensor,
    y: torch.Tensor,
    *,
    network: "Network | None" = None,
    class_weights: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss of every answer, and its weight in a mean.

    Args:
        name: a key of :data:`LOSSES`, or one of :data:`CLASS_LOSSES`.
        predicted: (batch, step, output) numbers, or logits of classes.
        y: (batch, step, target) numbers or class numbers; one for all of a batch may be given once. NaN where nothing was observed.
        network: whose conditional random field is meant, for ``crf``.
        class_weights: (class,) what an answer of each class weighs; ``None`` if all weigh 1.

    Returns:
        Losses and weights, (batch, answer) each: an answer is a step and target, or for ``crf`` a whole sequence, whose loss is the
        mean over its steps. Where nothing was observed the loss is 0 and the weight is 0.

    Raises:
        ConfigError: there is no such loss.
    """
    if name in LOSSES:
        return _of_numbers(LOSSES[name], predicted, y)
    if name not in CLASS_LOSSES:
        raise ConfigError(f"There is no loss {name!r}. Losses are: {', '.join((*LOSSES, *CLASS_LOSSES))}.")
    y = y[..., 0].expand(predicted.shape[:2])
    observed = ~torch.isnan(y)
    right = torch.where(observed, y, 0.0).long()
    if name == "crf":
        crf = getattr(network, "crf", None)
        if crf is None:
            raise ConfigError("The loss 'crf' belongs to a network with a conditional random field. Give that network.")
        steps = observed.sum(dim=1)
        return (crf.loss(predicted, right, observed) / steps.clamp(min=1)).unsqueeze(1), steps.to(predicted.dtype).unsqueeze(1)
    weight = observed.to(predicted.dtype)
    if class_weights is not None:
        weight = weight * class_weights.to(predicted)[right]
    if name == "bce":
        loss = functional.binary_cross_entropy_with_logits(predicted[..., 0], right.to(predicted.dtype), reduction="none")
    else:
        loss = functional.cross_entropy(predicted.transpose(1, 2), right, reduction="none")
    return torch.where(observed, loss, 0.0), weight


def _of_numbers(loss: Callable[..., torch.Tensor], predicted: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    y = y.expand_as(predicted)
    observed = ~torch.isnan(y)
    found = loss(predicted, torch.where(observed, y, predicted.detach()), reduction="none")
    return found.flatten(1), observed.to(predicted.dtype).flatten(1)
