"""The report per tag: scikit-learn's figures, in the order and without the tag that the papers leave out."""

import numpy as np
import pytest
from sklearn.metrics import classification_report

from seqlab.evaluation.tagging import tag_report
from seqlab.records import ClassPrediction


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_figures_are_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    names = (*(f"{mark}-{kind}" for mark in "BI" for kind in ("LOC", "MISC", "ORG", "PER")), "O")
    truth, said = rng.integers(-1, len(names), (50, 7)), rng.integers(0, len(names), (50, 7))
    report = tag_report(ClassPrediction(model="m", classes=names, samples=np.arange(50), y_true=truth, y_pred=said))
    asked = truth >= 0
    right, given = np.array(names)[truth[asked]], np.array(names)[said[asked]]
    shown = [row.name for row in report.rows]
    assert shown == ["B-LOC", "I-LOC", "B-MISC", "I-MISC", "B-ORG", "I-ORG", "B-PER", "I-PER"]
    table = classification_report(right, given, labels=shown, output_dict=True)
    for row in (*report.rows, report.macro):
        line = table["macro avg" if row is report.macro else row.name]
        assert (row.precision.value, row.recall.value, row.f1.value, row.support) == pytest.approx(tuple(line.values()))
    assert report.accuracy.value == pytest.approx(np.mean(right == given))
    assert report.outside is not None
    assert report.outside.support == (right == "O").sum()
