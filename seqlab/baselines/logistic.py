"""Logistic regression through scikit-learn, of a few statistics of a sequence or of the words of a text."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import Budget
from seqlab.baselines.sequence_parts import LabelledPart, PreparedParts, class_prediction, measured, read_part, written
from seqlab.data.tokens import split_words
from seqlab.records import ClassPrediction

__all__ = ["POOLED", "pooled_statistics", "predict_pooled_logistic", "predict_tfidf_logistic"]

Floats = npt.NDArray[np.float64]

POOLED = ("mean", "standard deviation", "smallest", "largest", "first", "last")
"""What is left of each feature of a sequence."""

TEXT_STRENGTH = 10.0
"""Weight of the training texts against the pull of the weights to zero (scikit-learn's C); best or next to it on the validation parts
of the shipped texts among 1, 3 and 10."""

ROUND = 100
"""Iterations between two looks at the clock."""


def predict_pooled_logistic(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """Logistic regression of :data:`POOLED` per feature: it knows what was measured, but not in which order."""
    from sklearn.preprocessing import StandardScaler

    sequences = measured(prepared).sequences
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    known, new = (np.stack([pooled_statistics(sequences[number]) for number in chosen.numbers]) for chosen in (train, asked))
    scaler = StandardScaler().fit(known)
    return _fitted(prepared, train, asked, scaler.transform(known), scaler.transform(new), 1.0, budget)


def pooled_statistics(values: npt.NDArray[np.floating]) -> Floats:
    """:data:`POOLED` of every feature.

    Args:
        values: (time, feature)

    Returns:
        (statistic x feature,)

    Example:
        >>> pooled_statistics(np.array([[1.0], [3.0], [2.0]])).round(2).tolist()
        [2.0, 0.82, 1.0, 3.0, 1.0, 2.0]
    """
    rows = np.asarray(values, dtype=np.float64)
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0), rows.min(axis=0), rows.max(axis=0), rows[0], rows[-1]])


def predict_tfidf_logistic(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """Logistic regression of weighted counts (TF-IDF): of one and two words, or, where a data set is best read by character, of one to
    four characters that at least two texts hold.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    dataset = written(prepared)
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    known, new = ([dataset.written_texts[number] for number in chosen.numbers] for chosen in (train, asked))
    if dataset.unit == "word":
        weights = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, tokenizer=split_words, token_pattern=None)
    else:
        weights = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
    return _fitted(prepared, train, asked, weights.fit_transform(known), weights.transform(new), TEXT_STRENGTH, budget)


def _fitted(
    prepared: PreparedParts, train: LabelledPart, asked: LabelledPart, known: Any, new: Any, strength: float, budget: Budget
) -> ClassPrediction:
    """Fitted round by round, so that it can stop in time; classes that the training part lacks have probability 0."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=ROUND, warm_start=True)
    notes: tuple[str, ...] = ()
    for number in range(1, 11):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # what it says is looked at below
            model.fit(known, train.classes[:, 0])
        if int(np.max(model.n_iter_)) < ROUND:
            break
        budget.say(f"Logistic regression: {number * ROUND:,} iterations")
        if budget.spent or number == 10:
            notes = (f"Stopped after {number * ROUND:,} iterations, before the weights had settled.",)
            break
    probability = np.zeros((len(asked.numbers), 1, len(prepared.classes)))
    probability[:, 0, model.classes_] = model.predict_proba(new)
    return class_prediction(prepared, asked, probability.argmax(axis=2), probability, notes)
