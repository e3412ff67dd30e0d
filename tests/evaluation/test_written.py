"""Written sequences: figures by hand, and sacrebleu's own."""

import numpy as np
import pytest
import sacrebleu

from seqlab.errors import DataError
from seqlab.evaluation.written import written_report
from seqlab.records import WrittenPrediction


def _written(truth: list[str], said: list[str], joint: str = " ") -> WrittenPrediction:
    split = (tuple(tuple(text.split(joint) if joint else text) for text in texts) for texts in (truth, said))
    right, written = split
    return WrittenPrediction(model="m", samples=np.arange(len(truth)), y_true=right, y_pred=written, joint=joint)


def test_figures_by_hand_and_by_sacrebleu():
    truth = ["the cat sat on the red mat", "a dog barked at night"]
    said = ["the cat sat on a red mat", "a dog barked at night"]
    report = written_report(_written(truth, said))
    values = {score.metric: score.value for score in report.scores}
    assert values == pytest.approx(
        {
            "exact_match": 0.5,
            "symbol_error_rate": 1 / 12,
            "character_error_rate": 3 / 47,
            "bleu": sacrebleu.corpus_bleu(said, [truth]).score,
            "chrf": sacrebleu.corpus_chrf(said, [truth]).score,
        }
    )
    assert report.edits.tolist() == [1, 0]
    assert "tok:13a" in report.signatures["bleu"]
    assert "nc:6" in report.signatures["chrf"]
    letters = written_report(_written(["2024-01-31"], ["2024-01-3"], ""))
    assert [score.metric for score in letters.scores] == ["exact_match", "symbol_error_rate", "bleu", "chrf"]
    assert letters.scores[1].value == pytest.approx(0.1)


def test_nothing_written_or_nothing_to_write():
    empty = written_report(_written([], []))
    assert {score.reason for score in empty.scores} == {"Nothing was to be written."}
    silent = WrittenPrediction(model="m", samples=np.arange(1), y_true=(("a", "b"),), y_pred=((),))
    assert written_report(silent).scores[1].value == 1.0
    with pytest.raises(DataError, match="2 are right"):
        written_report(WrittenPrediction(model="m", samples=np.arange(2), y_true=(("a",), ("b",)), y_pred=(("a",),)))
