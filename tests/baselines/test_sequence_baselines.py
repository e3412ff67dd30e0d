"""Baselines of sequences: every entry keeps the same promises, and published error rates come out to the last digit."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from seqlab.baselines.neighbours import stretched
from seqlab.baselines.sequence_table import SEQUENCE_BASELINES, baselines_for, sequence_baseline_entry
from seqlab.baselines.taggers import best_path
from seqlab.config import RunSpec, SplitConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare_sequences import PreparedSequences, prepare_sequences
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.window import WindowSet
from seqlab.errors import DataError, UnknownKeyError
from seqlab.evaluation.task_scores import score_prediction
from seqlab.records import ClassPrediction, Forecast, WrittenPrediction

_PARTS = ("train",) * 12 + ("validation",) * 4 + ("test",) * 4


def _numeric(task: str) -> SequenceDataset:
    """Twenty short walks of unequal lengths that go up or down."""
    rng = np.random.default_rng(0)
    up = [number % 2 == 0 for number in range(20)]
    walks = [np.cumsum(rng.normal(size=(5 + n % 3, 2)) + (1 if rises else -1), axis=0).astype(np.float32) for n, rises in enumerate(up)]
    labels = {
        "classify": tuple("up" if rises else "down" for rises in up),
        "tag": tuple(tuple("up" if step > 0 else "down" for step in walk[:, 0]) for walk in walks),
        "regress": tuple(walk.sum(axis=0)[:1] for walk in walks),
        "regress_steps": tuple(np.cumsum(walk, axis=0)[:, :1] for walk in walks),
    }[task]
    return SequenceDataset(
        label="Demo", sequences=tuple(walks), feature_names=("x", "y"), task=task, labels=labels, parts=_PARTS, target_names=("t",)
    )


def _text(task: str) -> TokenDataset:
    """Twenty sentences; the words at the end are in no other."""
    words = [("a" if n % 2 else "the", "dog" if n % 3 else "cat", f"name{n}") for n in range(20)]
    labels = {
        "classify": tuple(first for first, *_ in words),
        "tag": (("D", "N", "P"),) * 20,
        "translate": tuple((second, first) for first, second, _ in words),
    }[task]
    return TokenDataset(label="Demo", task=task, tokens=tuple(words), labels=labels, parts=_PARTS)


def _prepared(dataset: SequenceDataset | TokenDataset) -> PreparedSequences:
    return prepare_sequences(dataset, RunSpec(dataset="demo", split=SplitConfig(method="published")))


_SETS = [*map(_numeric, ("classify", "tag", "regress", "regress_steps")), *map(_text, ("classify", "tag", "translate"))]
_CASES = [(entry.key, number) for number, dataset in enumerate(_SETS) for entry in baselines_for(dataset)]


def test_every_entry_has_data_it_fits_and_refuses_the_rest():
    assert {key for key, _ in _CASES} == set(SEQUENCE_BASELINES)
    assert all(key == entry.key and entry.sentence.endswith(".") for key, entry in SEQUENCE_BASELINES.items())
    with pytest.raises(DataError, match="answers classify on text data; this is tag on text"):
        sequence_baseline_entry("tfidf_logistic").fit_predict(_prepared(_text("tag")))
    with pytest.raises(UnknownKeyError, match="majority"):
        sequence_baseline_entry("best")


@pytest.mark.parametrize(("key", "number"), _CASES)
def test_answers_every_sequence_of_the_part_and_has_its_scores(key, number):
    dataset = _SETS[number]
    prepared = _prepared(dataset)
    made = SEQUENCE_BASELINES[key].fit_predict(prepared, "test", seconds=5)
    assert made.model == SEQUENCE_BASELINES[key].label
    assert made.seconds >= 0
    wanted = prepared.windows("test")
    if isinstance(made, ClassPrediction):
        assert made.samples.tolist() == wanted.origins.tolist() == [16, 17, 18, 19]
        assert np.array_equal(np.where(made.y_true < 0, np.nan, made.y_true), wanted.y[0, :, :, 0], equal_nan=True)
        assert ((made.y_pred >= 0) == (made.y_true >= 0)).all()
        if made.probability is not None:
            assert np.nansum(made.probability, axis=2) == pytest.approx((made.y_true >= 0).astype(float))
    elif isinstance(made, WrittenPrediction):
        assert made.y_true == tuple(dataset.labels[16:])
    else:
        assert isinstance(made, Forecast)
        assert made.y_true == pytest.approx(prepared.to_data_units(wanted.y[0]), abs=1e-5, nan_ok=True)
    assert score_prediction(made, dataset.task)[0].reason == ""


@pytest.mark.parametrize("number", range(len(_SETS)))
def test_nothing_is_learnt_outside_the_training_part(number):
    dataset = _SETS[number]
    labels = dataset.labels[:12] + (dataset.labels[0],) * 8 if dataset.task in ("classify", "regress") else dataset.labels
    if labels is dataset.labels:
        labels = dataset.labels[:12] + tuple(answer[::-1] for answer in dataset.labels[12:])
    other = type(dataset)(**{name: getattr(dataset, name) for name in dataset.__dataclass_fields__} | {"labels": labels})
    for entry in baselines_for(dataset):
        first, second = (entry.fit_predict(_prepared(each)) for each in (dataset, other))
        same = first.y_pred == second.y_pred
        assert same if isinstance(same, bool) else same.all()


def test_a_search_without_time_says_what_it_did_instead():
    warped = sequence_baseline_entry("nearest_dtw").fit_predict(_prepared(_numeric("classify")), seconds=0)
    assert warped.notes == ("The time of 0 s was up: 4 of 4 sequences were answered by Euclidean distance instead.",)
    plain = sequence_baseline_entry("nearest_euclidean").fit_predict(_prepared(_numeric("classify")))
    assert (warped.y_pred == plain.y_pred).all()
    assert "stretched to 7 steps" in plain.notes[0]
    looked_up = sequence_baseline_entry("nearest_source").fit_predict(_prepared(_text("translate")), seconds=0)
    assert "4 of 4 texts were given the most common answer" in looked_up.notes[0]


def test_taggers_by_hand():
    pairs = [("a", "run"), ("a", "run"), ("to", "run"), ("a", "dog"), ("to", "jog"), ("a", "cat"), ("to", "run"), ("to", "new")]
    data = TokenDataset(
        label="Demo",
        task="tag",
        tokens=tuple((*pair, f"now{number}") for number, pair in enumerate(pairs)),  # no text twice
        labels=tuple(("D", "N", "X") if first == "a" else ("T", "V", "X") for first, _ in pairs),
        parts=("train",) * 5 + ("validation", "test", "test"),
    )
    prepared = _prepared(data)
    said = {key: sequence_baseline_entry(key).fit_predict(prepared).y_pred for key in ("most_frequent_tag", "hmm_viterbi")}
    named = {key: [[prepared.classes[tag] for tag in row] for row in rows] for key, rows in said.items()}
    # "run" is mostly a noun, and X is the most common tag; but after "to" only a verb was ever seen.
    assert named["most_frequent_tag"] == [["T", "N", "X"], ["T", "X", "X"]]
    assert named["hmm_viterbi"] == [["T", "V", "X"], ["T", "V", "X"]]


def test_best_path_is_the_best_of_all_paths():
    rng = np.random.default_rng(0)
    emission, start, transition = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(3, 3))

    def value(path: tuple[int, ...]) -> float:
        steps = sum(transition[a, b] for a, b in itertools.pairwise(path))
        return start[path[0]] + steps + sum(row[tag] for row, tag in zip(emission, path, strict=True))

    assert tuple(best_path(emission, start, transition)) == max(itertools.product(range(3), repeat=5), key=value)


def test_stretched_keeps_both_ends():
    line = np.array([[0.0, 5.0], [1.0, 4.0], [2.0, 3.0]], dtype=np.float32)
    assert stretched(line, 5)[:, 0].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert stretched(line, 2).tolist() == [[0.0, 5.0], [2.0, 3.0]]


@pytest.mark.parametrize(("key", "accuracy"), [("gunpoint", 0.913), ("italy_power", 0.955)])
def test_nearest_neighbour_gives_the_published_accuracy(key, accuracy):
    """Published with the whole training part of the archive; here its validation part is put back."""
    prepared = prepare_sequences(load_dataset(key), RunSpec(dataset=key, split=SplitConfig(method="published")))
    pieces = [prepared.windows(part) for part in ("train", "validation")]
    x, y, future = (np.concatenate([getattr(piece, name) for piece in pieces], axis=1) for name in ("x", "y", "future"))
    whole = WindowSet(x=x, y=y, future=future, origins=np.concatenate([piece.origins for piece in pieces]))
    archive = SimpleNamespace(
        dataset=prepared.dataset,
        classes=prepared.classes,
        windows=lambda part: whole if part == "train" else prepared.windows(part),
    )
    made = sequence_baseline_entry("nearest_euclidean").fit_predict(archive)
    assert round(score_prediction(made, "classify")[0].value, 3) == accuracy
