"""Answers that ignore the sequence: the most common class, and the mean. What cannot beat them has learnt nothing."""

import numpy as np

from seqlab.baselines.plan import Budget
from seqlab.baselines.sequence_parts import PreparedParts, class_prediction, number_prediction, read_part
from seqlab.records import ClassPrediction, Forecast

__all__ = ["predict_majority", "predict_mean"]


def predict_majority(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """The class that is most common in the training part, for every sequence or every step.

    Its probabilities are the shares of the classes in the training part.
    """
    del budget
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    counts = np.bincount(train.classes[train.classes >= 0], minlength=len(prepared.classes))
    said = np.where(asked.classes >= 0, int(counts.argmax()), -1)
    probability = np.where((asked.classes >= 0)[..., None], counts / counts.sum(), np.nan)
    return class_prediction(prepared, asked, said, probability)


def predict_mean(prepared: PreparedParts, part: str, budget: Budget) -> Forecast:
    """The mean of each target over the training part, for every sequence or every step."""
    del budget
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    targets = len(prepared.dataset.target_names)
    answers = [
        np.asarray(prepared.dataset.labels[number], dtype=np.float64).reshape(-1, targets)[: train.steps] for number in train.numbers
    ]
    return number_prediction(prepared, asked, np.nanmean(np.concatenate(answers), axis=0))
