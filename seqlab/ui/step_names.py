"""What stands at the steps of a sequence, as somebody would write it: its words, its symbols, or its numbers."""

import numpy as np

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset

__all__ = ["step_names"]

FEW = 2  # measured features up to which a step is written as its numbers


def step_names(dataset: SequenceDataset | TokenDataset, sample: int, unit: str) -> tuple[tuple[str, ...], bool]:
    """The steps of one sequence.

    Args:
        dataset: texts or measured sequences.
        sample: which one.
        unit: what texts are read by.

    Returns:
        (step,) names, and whether they are single characters that stand close together.

    Example:
        >>> data = SequenceDataset(
        ...     label="Demo", sequences=(np.array([[1.0, 0.0], [0.0, 1.0]]),), feature_names=("a", "b"), task="classify", labels=("x",)
        ... )
        >>> step_names(data, 0, "word")
        (('a', 'b'), True)
    """
    if isinstance(dataset, TokenDataset):
        names = dataset.tokens_by(unit)[sample]
        return names, dataset.reads_by(unit) == "character"
    values = dataset.sequences[sample]
    if values.shape[1] > 1 and bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all()):
        names = tuple(dataset.feature_names[number] for number in values.argmax(axis=1))
        return names, all(len(name) == 1 for name in names)
    if values.shape[1] <= FEW:
        return tuple(" ".join(f"{value:.3g}" for value in np.asarray(step).tolist()) for step in values), False
    return tuple(str(step + 1) for step in range(len(values))), False
