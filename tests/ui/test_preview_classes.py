"""Live previews in HTML: right and wrong, counted and marked, and texts of users never markup."""

import numpy as np
import pytest

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.records import ClassPrediction, WrittenPrediction
from seqlab.ui.preview_classes import ClassesPreview, TagsPreview
from seqlab.ui.preview_written import WrittenPreview


def said(dataset, y_true, y_pred, classes):
    return ClassPrediction(model="m", classes=classes, samples=np.arange(len(dataset)), y_true=np.array(y_true), y_pred=np.array(y_pred))


def test_classes_of_texts():
    dataset = TokenDataset(label="d", task="classify", texts=("<b>good</b>", "bad", "so so"), labels=("<i>", "no", "no"))
    page = ClassesPreview(dataset).html(said(dataset, [[0], [1], [1]], [[0], [1], [0]], ("<i>", "no")), "Here")
    assert "Here: 2 of 3 sequences" in page
    assert page.count('class="one right"') == 2
    assert "✗ &lt;i&gt; ≠ no" in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_classes_of_measured_sequences_are_drawn():
    values = tuple(np.full((4, 2), number, dtype=np.float32) for number in range(3))
    dataset = SequenceDataset(label="d", sequences=values, feature_names=("x", "y"), task="classify", labels=("a", "b", "a"))
    page = ClassesPreview(dataset).html(said(dataset, [[0], [1], [0]], [[0], [1], [1]], ("a", "b")), "Here")
    assert page.count("image/svg") == 3


def test_many_classes_name_the_pairs_that_are_confused():
    classes = tuple(f"c{number:02}" for number in range(20))
    dataset = TokenDataset(label="d", task="classify", texts=tuple("abcdefghijklmnopqrst"), labels=classes)
    page = ClassesPreview(dataset).html(said(dataset, [[n] for n in range(20)], [[0], [0], *([n] for n in range(2, 20))], classes), "Here")
    assert "c01 → c00 (1)" in page
    assert "<table" not in page


def test_tags_are_framed_where_they_are_wrong_and_steps_without_an_answer_count_nowhere():
    dataset = TokenDataset(label="d", task="tag", tokens=(("He", "sleeps"), ("x",)), labels=(("N", "V"), ("",)))
    page = TagsPreview(dataset, "word").html(said(dataset, [[0, 1], [-1, -1]], [[0, 0], [0, -1]], ("N", "V")), "Here")
    assert "1 of 2 answers" in page
    assert page.count('class="token wrong"') == 1


@pytest.mark.parametrize(("written", "off"), [(("4", "3"), 1), ((), 1), (("4", "2"), 0)])
def test_what_was_written_wrong_is_marked(written, off):
    dataset = TokenDataset(label="d", task="translate", unit="character", tokens=(tuple("40+2"),), labels=(("4", "2"),))
    prediction = WrittenPrediction(model="m", samples=np.arange(1), y_true=(("4", "2"),), y_pred=(written,))
    page = WrittenPreview(dataset).html(prediction, "Here")
    assert page.count('class="off"') == off
    assert f"Here: {1 - off} of 1" in page
