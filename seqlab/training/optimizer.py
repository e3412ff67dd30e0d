"""Optimizers and learning-rate schedules by the names users choose."""

import math
from collections.abc import Iterable

import torch

from seqlab.config import TrainConfig

__all__ = ["build_optimizer", "learning_rate_at"]


def build_optimizer(parameters: Iterable[torch.nn.Parameter], config: TrainConfig) -> torch.optim.Optimizer:
    """The optimizer of a run; fused where torch has a fused one."""
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)
    if config.optimizer == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=True)
    if config.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=config.momentum, weight_decay=decay, fused=True)
    return torch.optim.RMSprop(parameters, lr=rate, momentum=config.momentum, weight_decay=decay, foreach=True)


def learning_rate_at(config: TrainConfig, step: int, steps_per_epoch: int, halvings: int) -> float:
    """The learning rate of one optimizer step.

    Args:
        step: optimizer steps done before it.
        steps_per_epoch: steps of one epoch.
        halvings: how often the plateau schedule has halved the rate so far.

    Example:
        >>> learning_rate_at(TrainConfig(learning_rate=0.1, schedule="cosine", epochs=10), 50, 10, 0)
        0.05
    """
    rate = config.learning_rate
    if config.schedule == "cosine":
        share = step / max(1, config.epochs * steps_per_epoch)
        return rate * round(0.5 * (1 + math.cos(math.pi * min(1.0, share))), 15)
    if config.schedule == "step":
        # three halvings over the run, after a quarter, a half and three quarters of the epochs
        return float(rate * 0.5 ** min(3, 4 * (step // max(1, steps_per_epoch)) // config.epochs))
    if config.schedule == "plateau":
        return float(rate * 0.5**halvings)
    return rate
