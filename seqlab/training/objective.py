"""What training makes small, and what validation measures: the loss of a task, with the weights of its classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch

from seqlab.config import TrainConfig
from seqlab.models.loss import LOSSES, each_loss, loss_name, plain_loss
from seqlab.models.network import Network

__all__ = ["Objective"]


@dataclass(frozen=True, slots=True)
class Objective:
    """What training makes small.

    Args:
        network: the network that is trained.
        name: name of the loss, see :mod:`seqlab.models.loss`.
        class_weights: (class,) what an answer of each class weighs in training; ``None`` if all weigh the same.
    """

    network: Network
    name: str
    class_weights: torch.Tensor | None = None

    @classmethod
    def of(cls, network: Network, config: TrainConfig, class_counts: Sequence[int] = ()) -> Self:
        """The objective of a run.

        Args:
            network: the network that is trained.
            config: how it is trained.
            class_counts: (class,) how often the training part holds each class.
        """
        weights = None
        if config.class_weights == "balanced" and len(class_counts):
            counts = torch.tensor(class_counts, dtype=torch.float32)
            weights = counts.sum() / (len(counts) * counts.clamp(min=1))  # as scikit-learn's "balanced"
            weights = weights.to(next(network.parameters()).device)
        return cls(network, loss_name(network, config.loss), weights)

    def batch_loss(self, predicted: torch.Tensor, y: torch.Tensor, *, masked: bool) -> torch.Tensor:
        """Mean loss over the observed answers of a batch; 0 where the batch has none."""
        if self.name in LOSSES and not masked:
            return plain_loss(self.name, predicted, y)
        loss, weight = each_loss(self.name, predicted, y, network=self.network, class_weights=self.class_weights)
        return (loss * weight).sum() / weight.sum().clamp(min=1e-12)

    def sums(self, predicted: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Sum of the losses of a batch without class weights, and how many answers were observed."""
        loss, weight = each_loss(self.name, predicted, y, network=self.network)
        return (loss * weight).sum().double(), weight.sum().double()
