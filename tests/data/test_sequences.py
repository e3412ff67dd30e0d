"""Sequences and texts as data sets: what they refuse, and what their fingerprints see."""

import dataclasses

import numpy as np
import pytest

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset, split_words
from seqlab.errors import DataError

UP, DOWN = np.array([[0.0], [1.0]], dtype=np.float32), np.array([[1.0], [0.5], [0.0]], dtype=np.float32)


def measured(**changes):
    given = {"label": "Demo", "sequences": (UP, DOWN), "feature_names": ("x",), "task": "classify", "labels": ("up", "down")}
    return SequenceDataset(**given | changes)


def texts(**changes):
    given = {"label": "Demo", "task": "tag", "tokens": (("in", "Rome"), ("no",)), "labels": (("O", "B-LOC"), ("O",)), "scheme": "BIO"}
    return TokenDataset(**given | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sequences": (UP, DOWN[:0])}, r"Sequence 1 of 'Demo' is empty\. Leave it out"),
        ({"sequences": (UP, np.array([[np.nan]]))}, "missing, in step 0, feature 0.*NaN would be taken for the sequence's end"),
        ({"sequences": (UP, DOWN[:, 0])}, r"shape \(3,\).*must be \(time, 1\)"),
        ({"labels": ("up",)}, "2 sequences, but 1 answers"),
        ({"labels": ("up", "")}, "Sequence 1 of 'Demo' has the class ''"),
        ({"groups": ("a",)}, "2 sequences, but 1 groups"),
        ({"parts": ("train", "later")}, "part 'later'. The parts are: train, validation, test"),
        ({"parts": ("train", "train")}, "has no test part"),
        ({"task": "translate"}, "Measured sequences can classify, tag"),
        ({"task": "tag", "labels": (("a", "b"), ("a",))}, "has 3 steps, but 1 tags"),
        ({"task": "regress", "labels": (np.ones(1), np.ones(2))}, r"shape \(2,\). It must have the shape \(1,\)"),
        ({"task": "regress", "labels": (np.ones(1), np.full(1, np.inf))}, "no.*finite number|not a finite number"),
        ({"sequences": (), "labels": ()}, "holds no sequence"),
    ],
)
def test_measured_sequences_that_contradict_themselves_say_so(changes, said):
    with pytest.raises(DataError, match=said):
        measured(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tokens": (("in", "Rome"), ())}, "Text 1 of 'Demo' is empty"),
        ({"tokens": (("in", "Rome"), "no")}, "is one text"),
        ({"labels": (("O", "B-LOC"), ("O", "O"))}, "has 1 steps, but 2 tags"),
        ({"tokens": (), "texts": ("in Rome", "no")}, "holds no tokens"),
        ({"unit": "line"}, "'word', 'character'"),
        ({"task": "translate", "labels": (("a",), ())}, "to be written for text 1 .* empty"),
    ],
)
def test_texts_that_contradict_themselves_say_so(changes, said):
    with pytest.raises(DataError, match=said):
        texts(**changes)


def test_a_fingerprint_sees_all_that_a_run_reads_and_nothing_else():
    changed = [
        {"labels": ("down", "up")},
        {"sequences": (UP + 1e-3, DOWN)},
        {"sequences": (DOWN, UP)},
        {"feature_names": ("y",)},
        {"groups": ("a", "b")},
        {"parts": ("train", "test")},
        {"task": "regress", "labels": (np.ones(1), np.zeros(1))},
    ]
    prints = [measured().fingerprint, *(measured(**changes).fingerprint for changes in changed)]
    assert len(set(prints)) == len(prints)
    assert measured(label="Another", notes=("Read.",), fresh=lambda *_: measured()).fingerprint == prints[0]
    assert texts().fingerprint != texts(labels=(("O", "O"), ("O",))).fingerprint != texts(scheme="IOB1").fingerprint


def test_tags_stay_with_their_words_and_symbols_are_never_split():
    assert texts().reads_by("character") == "word"
    spoken = TokenDataset(label="Demo", task="translate", unit="character", tokens=(tuple("cat"),), labels=(("K", "AE", "T"),))
    assert spoken.tokens_by("word") == (("c", "a", "t"),)
    assert spoken.targets_by("word") == (("K", "AE", "T"),)
    written = TokenDataset(label="Demo", task="translate", tokens=(("a", "cat"),), labels=(("un", "gato"),))
    assert "".join(written.tokens_by("character")[0]) == "a cat"
    assert "".join(written.targets_by("character")[0]) == "un gato"
    with pytest.raises(DataError, match="writes nothing"):
        texts().targets_by("word")


def test_words_keep_hyphens_and_apostrophes_and_lose_no_sign():
    text = "¿Qué? a well-made film’s “end”, 3.5 stars…"
    assert "".join(split_words(text)) == text.replace(" ", "")
    assert split_words("naïve co-op don't") == ("naïve", "co-op", "don't")


def test_an_empty_tag_is_no_class():
    assert dataclasses.replace(texts(), labels=(("", "B-LOC"), ("O",))).classes == ("B-LOC", "O")
