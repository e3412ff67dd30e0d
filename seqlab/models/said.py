"""What a network says when it has to choose: classes and their probabilities, from its logits."""

import torch

from seqlab.models.network import Network
from seqlab.tasks import task_entry

__all__ = ["probabilities", "said_classes", "steps_there"]


def steps_there(network: Network, x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """(batch, step) at which steps of the answer there is something: where every step has one, up to each sequence's end.

    Args:
        network: the network.
        x: (batch, time, feature), NaN after the end of a sequence.
        logits: (batch, step, output) its answer.
    """
    if task_entry(network.sizes.task).per_step:
        return ~torch.isnan(x[..., 0])
    return torch.ones(logits.shape[:2], dtype=torch.bool, device=logits.device)


def said_classes(network: Network, logits: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """The class that is said at every step.

    Args:
        network: the network the logits are of; its conditional random field, if it has one, chooses all tags of a sequence together.
        logits: (batch, step, output)
        there: (batch, step) whether there is such a step.

    Returns:
        (batch, step) class numbers; anything where there is no step.
    """
    crf = getattr(network, "crf", None)
    if crf is not None:
        chosen: torch.Tensor = crf.decode(logits, there)
        return chosen
    if logits.shape[-1] == 1:
        return (logits[..., 0] > 0).long()
    return logits.argmax(dim=-1)


def probabilities(network: Network, logits: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    """The probability of every class at every step.

    Args:
        network, logits, there: as for :func:`said_classes`.

    Returns:
        (batch, step, class), each step sums to 1: softmax, sigmoid for two classes with one logit, or the marginals of a conditional
        random field.
    """
    crf = getattr(network, "crf", None)
    if crf is not None:
        marginals: torch.Tensor = crf.marginals(logits, there)
        return marginals
    if logits.shape[-1] == 1:
        second = logits.sigmoid()
        return torch.cat([1 - second, second], dim=-1)
    return logits.softmax(dim=-1)
