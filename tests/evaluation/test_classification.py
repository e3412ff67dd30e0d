"""Scores of classes: scikit-learn's on random data, and reasons where there is nothing to compute."""

import numpy as np
import pytest
from sklearn import metrics as sk

from seqlab.errors import DataError
from seqlab.evaluation.class_curves import precision_recall_curves, reliability, roc_curves
from seqlab.evaluation.classification import score_classes
from seqlab.evaluation.classification_report import class_report, confusion
from seqlab.records import ClassPrediction


def _random(seed: int, classes: int, samples: int = 60, steps: int = 3) -> tuple[ClassPrediction, np.ndarray, np.ndarray, np.ndarray]:
    """A prediction with holes, and its answers without them."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(-1, classes, (samples, steps))
    logits = rng.normal(size=(samples, steps, classes)) + 1.5 * np.eye(classes)[truth]
    shares = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    names = tuple("abcdef"[:classes])
    said = shares.argmax(axis=2)
    asked = truth >= 0
    made = ClassPrediction(
        model="m",
        classes=names,
        samples=np.arange(samples) + 100,
        y_true=truth,
        y_pred=np.where(asked, said, -1),
        probability=np.where(asked[..., None], shares, np.nan),
    )
    return made, truth[asked], said[asked], shares[asked]


def _values(prediction: ClassPrediction) -> dict[str, float]:
    return {one.metric: one.value for one in score_classes(prediction)}


@pytest.mark.parametrize(("seed", "classes"), [(0, 2), (1, 4), (2, 5)])
def test_scores_are_scikit_learns(seed, classes):
    made, truth, said, shares = _random(seed, classes)
    two = classes == 2
    score = shares[:, 1] if two else shares
    every = {"multi_class": "ovr", "average": "macro"}
    wanted = {
        "accuracy": sk.accuracy_score(truth, said),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, said),
        "macro_f1": sk.f1_score(truth, said, average="macro"),
        "roc_auc": sk.roc_auc_score(truth, score, **({} if two else every)),
        "average_precision": sk.average_precision_score(truth, score),
        "log_loss": sk.log_loss(truth, shares),
        "brier": sk.brier_score_loss(truth, score),
    }
    if two:
        wanted |= {"precision": sk.precision_score(truth, said), "recall": sk.recall_score(truth, said), "f1": sk.f1_score(truth, said)}
    found = _values(made)
    error = found.pop("calibration_error")
    assert found == pytest.approx(wanted, abs=1e-12)
    confidence, right = shares.max(axis=1), said == truth
    bins = np.ceil(confidence * 10)
    assert error == pytest.approx(sum(abs((right - confidence)[bins == b].sum()) for b in range(11)) / len(truth))


@pytest.mark.parametrize("classes", [2, 4])
def test_report_confusion_and_curves_are_scikit_learns(classes):
    made, truth, said, shares = _random(3, classes)
    table = sk.classification_report(truth, said, output_dict=True, target_names=made.classes)
    report = class_report(made)
    for row in (*report.rows, report.macro):
        line = table["macro avg" if row is report.macro else row.name]
        assert (row.precision.value, row.recall.value, row.f1.value, row.support) == pytest.approx(tuple(line.values()))
    counted = confusion(made)
    assert (counted.counts == sk.confusion_matrix(truth, said)).all()
    samples, steps = counted.behind(1, 0)
    assert len(samples) == counted.counts[1, 0] > 0
    assert (made.y_true[samples - 100, steps] == 1).all()
    assert (made.y_pred[samples - 100, steps] == 0).all()
    wrong, steps = counted.mistakes()
    assert len(wrong) == (truth != said).sum()
    assert (made.y_true[wrong - 100, steps] != made.y_pred[wrong - 100, steps]).all()
    for curve, pr in zip(roc_curves(made), precision_recall_curves(made), strict=True):
        number = made.classes.index(curve.name)
        assert curve.area == pytest.approx(sk.roc_auc_score(truth == number, shares[:, number]))
        assert pr.area == pytest.approx(sk.average_precision_score(truth == number, shares[:, number]))
        assert len(pr.x) == len(pr.y) == len(pr.threshold)


def test_reliability_is_scikit_learns():
    from sklearn.calibration import calibration_curve

    made, truth, _, shares = _random(4, 2)
    share, mean = calibration_curve(truth, shares[:, 1], n_bins=10)
    found = reliability(made, 1)
    filled = found.counts > 0
    assert found.share[filled] == pytest.approx(share)
    assert found.probability[filled] == pytest.approx(mean)
    assert found.counts.sum() == len(truth)


def test_what_cannot_be_computed_says_why():
    one = np.zeros((3, 1), dtype=np.int64)
    sure = np.tile([1.0, 0.0], (3, 1, 1))
    only = ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(3), y_true=one, y_pred=one, probability=sure)
    reasons = {score.metric: score.reason for score in score_classes(only)}
    assert _values(only)["accuracy"] == 1.0
    assert reasons["roc_auc"] == "All 3 right answers are 'a': there is nothing to tell it from."
    assert roc_curves(only)[0].reason == "None of the 3 right answers is 'b'."
    assert "never said" in reasons["precision"]
    assert "does not occur" in reasons["recall"]
    wrong = ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(3), y_true=one + 1, y_pred=one, probability=sure)
    assert "loss is infinite" in next(score.reason for score in score_classes(wrong) if score.metric == "log_loss")
    # scikit-learn calls this precision 0; nobody has measured it.
    missed = class_report(wrong).rows[1]
    assert np.isnan(missed.precision.value)
    assert (missed.recall.value, missed.f1.value) == (0.0, 0.0)
    silent = ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(3), y_true=one, y_pred=np.array([[0], [0], [-1]]))
    assert {score.reason for score in score_classes(silent)} == {"The model gave no answer to 1 of 3 questions."}
    with pytest.raises(DataError, match="2 classes, numbered from 0"):
        score_classes(ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(3), y_true=one + 2, y_pred=one))
