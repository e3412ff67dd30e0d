"""Taggers that count: the usual tag of each word, and a hidden Markov model that also knows which tag follows which."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import Budget
from seqlab.baselines.sequence_parts import LabelledPart, PreparedParts, class_prediction, read_part, written
from seqlab.records import ClassPrediction

__all__ = ["best_path", "predict_hmm_viterbi", "predict_most_frequent_tag"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SMOOTHING = 0.1
"""Added to every count of tags that follow each other, and to every count of a tag among rare words."""


def predict_most_frequent_tag(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    """The tag that a word has most often in the training part; an unknown word has the tag that is most common of all."""
    del budget
    counts, asked = _counts(prepared), read_part(prepared, part)
    usual = {word: int(row.argmax()) for word, row in counts.items()}
    common = int(np.sum(list(counts.values()), axis=0).argmax())
    said = np.full(asked.classes.shape, -1, dtype=np.int64)
    for row, words in enumerate(_words(prepared, asked)):
        said[row, : len(words)] = [usual.get(word, common) for word in words]
    return class_prediction(prepared, asked, said)


def predict_hmm_viterbi(prepared: PreparedParts, part: str, budget: Budget) -> ClassPrediction:
    r"""The most probable sequence of tags of a hidden Markov model, found by Viterbi's algorithm.

    :math:`\arg\max \prod_t P(y_t \mid y_{t-1})\, P(w_t \mid y_t)`, both counted in the training part. An unknown word is as probable
    under a tag as the words that the training part holds once (Brants 2000, TnT).
    """
    del budget
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    counts, size = _counts(prepared), len(prepared.classes)
    totals = np.sum(list(counts.values()), axis=0)
    once = np.sum([row for row in counts.values() if row.sum() == 1], axis=0) + np.full(size, SMOOTHING)
    with np.errstate(divide="ignore"):
        seen = {word: np.log(row / np.maximum(totals, 1)) for word, row in counts.items()}
    rare = np.log(once / (totals + size * SMOOTHING))
    follows = _transitions(train, size)
    said = np.full(asked.classes.shape, -1, dtype=np.int64)
    for row, words in enumerate(_words(prepared, asked)):
        said[row, : len(words)] = best_path(np.stack([seen.get(word, rare) for word in words]), follows[size], follows[:size])
    return class_prediction(prepared, asked, said)


def best_path(emission: Floats, start: Floats, transition: Floats) -> Integers:
    """Viterbi's algorithm.

    Args:
        emission: (time, tag) logarithm of how probable each word is under each tag.
        start: (tag,) logarithm of the first tag's probability.
        transition: (tag before, tag) logarithm of how probable a tag is after another.

    Returns:
        (time,) the tags whose sum is largest.

    Example:
        >>> sticky = np.log([[0.9, 0.1], [0.1, 0.9]])
        >>> best_path(np.log([[0.9, 0.1], [0.4, 0.6], [0.9, 0.1]]), np.log([0.5, 0.5]), sticky).tolist()
        [0, 0, 0]
    """
    score, back = start + emission[0], []
    for row in emission[1:]:
        reached = score[:, None] + transition
        back.append(reached.argmax(axis=0))
        score = reached.max(axis=0) + row
    path = [int(score.argmax())]
    for pointer in reversed(back):
        path.append(int(pointer[path[-1]]))
    return np.array(path[::-1], dtype=np.int64)


def _words(prepared: PreparedParts, part: LabelledPart) -> list[tuple[str, ...]]:
    """The words of each text, cut as a network reads them."""
    dataset = written(prepared)
    tokens = dataset.tokens_by(dataset.unit)
    return [tokens[number][: part.steps] for number in part.numbers]


def _counts(prepared: PreparedParts) -> dict[str, Integers]:
    """Word → (tag,) how often it has each tag in the training part."""
    train = read_part(prepared, "train")
    pairs = Counter(
        (word, tag)
        for words, tags in zip(_words(prepared, train), train.classes.tolist(), strict=True)
        for word, tag in zip(words, tags, strict=False)
        if tag >= 0
    )
    counts: dict[str, Integers] = {}
    for (word, tag), count in pairs.items():
        counts.setdefault(word, np.zeros(len(prepared.classes), dtype=np.int64))[tag] = count
    return counts


def _transitions(train: LabelledPart, size: int) -> Floats:
    """(tag before, tag) logarithm of how often a tag follows another; the last row is the start of a sequence."""
    table = np.full((size + 1, size), SMOOTHING)
    first = train.classes[:, 0]
    np.add.at(table[size], first[first >= 0], 1)
    before, after = train.classes[:, :-1].ravel(), train.classes[:, 1:].ravel()
    both = (before >= 0) & (after >= 0)
    np.add.at(table, (before[both], after[both]), 1)
    logarithms: Floats = np.log(table / table.sum(axis=1, keepdims=True))
    return logarithms
