"""Entities: the published example of conlleval, seqeval's strict counting, and what each mistake is called."""

from pathlib import Path

import numpy as np
import pytest
from seqeval.metrics.v1 import precision_recall_fscore_support
from seqeval.scheme import IOB2, IOBES, Entities

from seqlab.errors import DataError
from seqlab.evaluation.entities import Entity, count_entities, entity_report, entity_spans
from seqlab.evaluation.entity_errors import entity_errors
from seqlab.records import ClassPrediction

KINDS = {"n": "NP", "v": "VP", "p": "PP", "a": "ADVP", "j": "ADJP", "s": "SBAR"}


def _tag(mark: str) -> str:
    return "O" if mark == "." else f"{'B' if mark.isupper() else 'I'}-{KINDS[mark.lower()]}"


def _prediction(pairs: list[list[tuple[str, str]]]) -> ClassPrediction:
    """One row per sentence, padded with -1."""
    names = tuple(sorted({tag for sentence in pairs for pair in sentence for tag in pair}))
    table = np.full((2, len(pairs), max(map(len, pairs))), -1, dtype=np.int64)
    for row, sentence in enumerate(pairs):
        for which in (0, 1):
            table[which, row, : len(sentence)] = [names.index(pair[which]) for pair in sentence]
    return ClassPrediction(model="m", classes=names, samples=np.arange(len(pairs)), y_true=table[0], y_pred=table[1])


@pytest.fixture(scope="module")
def sample() -> list[list[tuple[str, str]]]:
    """Tags of the example that comes with conlleval: per word two letters, the right tag and the one that was said."""
    lines = (Path(__file__).parent / "conlleval_tags.txt").read_text().splitlines()
    return [[(_tag(word[0]), _tag(word[1])) for word in line.split()] for line in lines if not line.startswith("#")]


def test_conllevals_own_example(sample):
    report = entity_report(_prediction(sample))
    one = report.overall
    assert (sum(map(len, sample)), one.support, one.said, one.right) == (961, 459, 539, 371)
    assert [round(100 * score.value, 2) for score in (one.precision, one.recall, one.f1)] == [68.83, 80.83, 74.35]
    lines = {row.name: (row.said, *(round(100 * s.value, 2) for s in (row.precision, row.recall, row.f1))) for row in report.rows}
    assert lines == {
        "ADJP": (1, 0.0, 0.0, 0.0),
        "ADVP": (11, 45.45, 62.5, 52.63),
        "NP": (317, 64.98, 78.63, 71.16),
        "PP": (107, 83.18, 98.89, 90.36),
        "SBAR": (3, 66.67, 33.33, 44.44),
        "VP": (100, 69.0, 79.31, 73.8),
    }
    assert "conlleval" in report.sentence


def test_the_other_published_number_is_the_same_counting_without_the_last_sentence(sample):
    """73.98 is often quoted as seqeval's strict F1; it is neither strict nor of the whole example."""
    assert round(100 * entity_report(_prediction(sample[:-1])).overall.f1.value, 2) == 73.98
    assert round(100 * entity_report(_prediction(sample), "strict").overall.f1.value, 2) == 70.46


@pytest.mark.parametrize(("scheme", "theirs", "marks"), [("BIO", IOB2, "BI"), ("BIOES", IOBES, "BIES")])
def test_strict_counting_is_seqevals(scheme, theirs, marks):
    rng = np.random.default_rng(0)
    tags = ["O"] + [f"{mark}-{kind}" for mark in marks for kind in ("X", "Y")]
    pairs = [[tuple(rng.choice(tags, 2)) for _ in range(rng.integers(1, 9))] for _ in range(300)]
    truth, said = ([[str(pair[which]) for pair in row] for row in pairs] for which in (0, 1))
    spans = [{(entity.start, entity.end, entity.tag) for entity in row} for row in Entities(truth, theirs).entities]
    assert [set(entity_spans(row, "strict", scheme)) for row in truth] == spans
    precision, recall, f1, _ = precision_recall_fscore_support(truth, said, average="micro", scheme=theirs)
    report = entity_report(_prediction([list(zip(*rows, strict=True)) for rows in zip(truth, said, strict=True)]), "strict")
    assert [report.overall.precision.value, report.overall.recall.value, report.overall.f1.value] == pytest.approx([precision, recall, f1])


def test_what_begins_an_entity():
    loose = ["I-X", "I-X", "B-X", "I-Y", "O", "E-Y", "S-X", "B-X", "E-X", "I-X"]
    assert entity_spans(loose) == [(0, 2, "X"), (2, 3, "X"), (3, 4, "Y"), (5, 6, "Y"), (6, 7, "X"), (7, 9, "X"), (9, 10, "X")]
    # IOB1 keeps B- for the second of two neighbours of one kind.
    assert entity_spans(["I-X", "B-X", "I-Y"], "strict", "IOB1") == [(0, 1, "X"), (1, 2, "X"), (2, 3, "Y")]
    with pytest.raises(DataError, match="mark no entities"):
        entity_report(_prediction([[("NOUN", "VERB")]]))


def test_a_step_without_an_answer_breaks_an_entity():
    prediction = _prediction([[("B-X", "B-X"), ("I-X", "I-X"), ("I-X", "I-X")]])
    prediction.y_true[0, 1] = -1
    assert sorted(entity_report(prediction).wanted) == [Entity(0, 0, 1, "X"), Entity(0, 2, 3, "X")]


def test_every_mistake_has_its_name():
    wanted = {Entity(0, 0, 2, "A"), Entity(0, 3, 4, "A"), Entity(1, 0, 3, "A"), Entity(1, 5, 6, "A"), Entity(2, 0, 1, "A")}
    said = {Entity(0, 0, 2, "B"), Entity(0, 3, 5, "A"), Entity(1, 2, 4, "B"), Entity(1, 7, 8, "A"), Entity(2, 0, 1, "A")}
    errors = entity_errors(count_entities(wanted, said))
    assert [error.mistake for error in errors] == ["wrong type", "wrong boundary", "wrong type and boundary", "missed", "spurious"]
