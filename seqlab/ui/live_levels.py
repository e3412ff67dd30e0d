"""Losses and shares worth knowing beside a curve: what an answer that never looks at the sequence reaches, and what counts as solved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.config import RunSpec
from seqlab.data.series import SeriesDataset
from seqlab.tasks import task_entry
from seqlab.ui.datasets import Dataset
from seqlab.ui.fitting_settings import task_of
from seqlab.ui.prepared import prepared_sequences

__all__ = ["Levels", "class_entropy", "levels_of", "loss_label"]

Level = tuple[float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Horizontal lines of the curves of one run: (value, label) each.

    Args:
        loss: in the picture of the loss.
        accuracy: in the picture of the accuracy.
    """

    loss: tuple[Level, ...] = ()
    accuracy: tuple[Level, ...] = ()


def levels_of(spec: RunSpec, dataset: Dataset) -> Levels:
    """What is known of a run's task before anything is trained.

    Args:
        spec: the run's settings.
        dataset: its data.

    Raises:
        SeqlabError: the data cannot be used as the spec asks.
    """
    if isinstance(dataset, SeriesDataset):
        return Levels()
    task = task_entry(dataset.task)
    known = task.classes or spec.training.loss == "mse"  # the losses of teaching tasks are squared errors, or cross-entropies
    named = ((dataset.trivial, "trivial predictor"), (dataset.solved, "solved below")) if known else ()
    loss = tuple((value, label) for value, label in named if value is not None)
    if not task.classes or dataset.task == "translate":
        return Levels(loss=loss)
    counts = prepared_sequences(spec).class_counts
    if dataset.trivial is None:
        loss = (*loss, (class_entropy(counts), "knows only how frequent classes are"))
    return Levels(loss=loss, accuracy=((max(counts) / max(1, sum(counts)), "always the most frequent class"),))


def class_entropy(counts: Sequence[int]) -> float:
    """Entropy of the classes in nats: the loss of a predictor that says of everything how frequent the classes are.

    Example:
        >>> round(class_entropy([3, 3, 0]), 4)
        0.6931
    """
    found = np.array([count for count in counts if count], dtype=np.float64)
    share = found / found.sum()
    return float(-(share * np.log(share)).sum())


def loss_label(spec: RunSpec, dataset: Dataset) -> str:
    """What the loss is, for the axis."""
    if isinstance(dataset, SeriesDataset):
        return "Loss on scaled values"
    if not task_entry(task_of(dataset)).classes:
        named = {"mse": "Squared error", "mae": "Absolute error", "huber": "Huber loss"}[spec.training.loss]
        return named if dataset.fresh is not None else f"{named} on scaled values"
    return "Loss per tag (CRF)" if dataset.task == "tag" and spec.model.output == "crf" else "Cross-entropy (nats)"
