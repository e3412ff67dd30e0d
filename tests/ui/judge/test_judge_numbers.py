"""The numbers and sentences of the views of sequences, words and tags."""

from types import SimpleNamespace

import numpy as np
import pytest

from seqlab.evaluation.fewer_errors import PairOfModels
from seqlab.figures.class_probability import mind_info
from seqlab.figures.confusion import confusion_info
from seqlab.records import ClassPrediction, Score
from seqlab.ui.judge.confusion_view import behind, worst_pair
from seqlab.ui.judge.length_view import binned
from seqlab.ui.judge.reading_view import mind_sentence
from seqlab.ui.judge.scores_view import lines_of, scores_table
from seqlab.ui.judge.stand import JudgedModel
from seqlab.ui.judge.verdict_card import verdict_of
from seqlab.ui.judge.views import JUDGE_VIEWS, views_of


def model(name, accuracy, key=""):
    return JudgedModel(key=key, name=name, scores=(Score(metric="accuracy", value=accuracy),))


def pair(better, worse, p_value):
    return PairOfModels(better=better, worse=worse, sequences=100, p_value=p_value)


@pytest.mark.parametrize(
    ("own", "other", "found", "tone", "headline"),
    [
        (0.9, 0.8, pair(12, 2, 0.01), "better", "Better than every baseline."),
        (0.8, 0.9, pair(2, 12, 0.01), "worse", "The network loses to TF-IDF."),
        (0.9, 0.8, pair(3, 2, 0.9), "open", "Ahead of the best baseline, but it may be luck."),
        (0.9, 0.8, pair(2, 12, 0.01), "open", "Ahead of the best baseline, but it may be luck."),
        (0.8, 0.8, pair(0, 0, float("nan")), "open", "No better and no worse than the best baseline."),
    ],
)
def test_verdict(own, other, found, tone, headline):
    said = verdict_of("accuracy", model("GRU", own), model("TF-IDF", other), found)
    assert (said.tone, said.headline) == (tone, headline)
    assert f"{100 * own:.1f} % against {100 * other:.1f} % of TF-IDF" in said.sentence


def test_seeds_are_one_line_with_their_spread():
    stand = SimpleNamespace(
        models=(model("GRU", 0.8), model("Most common", float("nan"))), seeds=(model("GRU, seed 1", 0.9),), network=model("GRU", 0.8)
    )
    table = scores_table(lines_of(stand, ["accuracy"]), ["accuracy"])
    assert table["Model"].tolist() == ["GRU, mean of 2 seeds", "GRU", "Most common"]
    assert table["accuracy"].tolist()[:2] == pytest.approx([0.85, 0.8])
    assert table["accuracy ±"][0] == pytest.approx(np.std([0.8, 0.9], ddof=1))


PREDICTION = ClassPrediction(
    model="m",
    classes=("a", "b"),
    samples=np.array([5, 6, 7, 8]),
    y_true=np.array([[0], [0], [0], [1]]),
    y_pred=np.array([[1], [0], [1], [1]]),
    probability=np.array([[[0.4, 0.6]], [[0.7, 0.3]], [[0.1, 0.9]], [[0.2, 0.8]]]),
)


def test_the_cell_of_most_mistakes_and_its_surest_answers():
    true, said = worst_pair(confusion_info(PREDICTION))
    assert (true, said) == (0, 1)
    assert behind(PREDICTION, true, said)[0].tolist() == [2, 0]


def test_bins_of_length_stand_at_their_mean():
    curve = binned([1, 3, 3, 9], [0, 2, np.nan, 0], [3, 9], "m")
    assert (curve.length.tolist(), curve.right.tolist(), curve.count.tolist()) == ([2, 9], [1, 1], [2, 1])


def test_when_it_made_up_its_mind_in_words():
    steps, words = np.array([1, 2, 3]), ["not", "bad", "."]
    info = mind_info(np.array([[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]), ["bad", "good"])
    assert mind_sentence(info, steps, words, "good", "word") == "It settled on 'good' after word 2 ('bad') of 3, which is right."
    late = mind_info(np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]]), ["bad", "good"])
    assert mind_sentence(late, steps, words, "bad", "word").endswith("ended with 'good'; 'bad' would have been right.")


def test_each_task_has_its_views():
    def views(task, lengths=(3, 4), tests_at=()):
        return list(views_of(SimpleNamespace(task=task, lengths=lengths, tests_at=tests_at)))

    assert views("classify", lengths=(3, 3)) == ["scores", "confusion", "curves", "reading"]
    assert views("tag") == ["scores", "confusion", "curves", "tags", "length"]
    assert views("translate") == ["scores", "length", "written"]
    assert views("regress", lengths=(3, 3), tests_at={"200": None}) == ["scores", "length"]
    assert all(callable(entry.load()) for entry in JUDGE_VIEWS.values())
