"""Classes and their probabilities from the logits that a network gives to sequences of the bench."""

import numpy as np
import numpy.typing as npt

from seqlab.ui.lab.bench import Bench

__all__ = ["classes_said", "right_classes"]

Shares = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.int64]


def classes_said(bench: Bench, logits: npt.NDArray[np.floating], *, first_only: bool = False) -> tuple[Shares, Numbers]:
    """What a network like the bench's says when it has to choose.

    Args:
        bench: what is looked at.
        logits: (sequence, step, output) for the bench's sequences in their order.
        first_only: whether all of them are answers to the sequence on the screen.

    Returns:
        (sequence, step, class) probabilities, and (sequence, step) classes, -1 where there is no step.
    """
    import torch

    from seqlab.models.said import probabilities, said_classes, steps_there

    model = bench.fitted.model
    given = torch.from_numpy(np.array(logits, dtype=np.float32))
    x = torch.from_numpy(bench.x[:1]).expand(len(given), -1, -1) if first_only else torch.from_numpy(bench.x[: len(given)])
    with torch.no_grad():
        there = steps_there(model, x, given)
        chosen = said_classes(model, given, there).masked_fill(~there, -1)
        return probabilities(model, given, there).numpy(), chosen.numpy().astype(np.int64)


def right_classes(bench: Bench) -> Numbers:
    """(sequence, step) numbers of the right classes; -1 where nobody asks."""
    y = bench.y[..., 0]
    return np.where(np.isnan(y), -1, y).astype(np.int64)
