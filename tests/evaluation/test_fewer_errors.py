import numpy as np
import pytest
from scipy.stats import binomtest

from seqlab.errors import DataError
from seqlab.evaluation.fewer_errors import compare_errors, errors_of
from seqlab.records import ClassPrediction, Forecast, WrittenPrediction


def said(y_true, y_pred):
    y_true, y_pred = np.array(y_true), np.array(y_pred)
    return ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(len(y_true)), y_true=y_true, y_pred=y_pred)


@pytest.mark.parametrize(("better", "worse"), [(1, 0), (3, 9), (40, 40), (900, 1100)])
def test_equals_the_exact_binomial_test(better, worse):
    truth = np.zeros((better + worse + 5, 1), dtype=np.int64)
    first, second = truth.copy(), truth.copy()
    second[:better] = 1
    first[better : better + worse] = 1
    pair = compare_errors(said(truth, first), said(truth, second))
    assert (pair.better, pair.worse, pair.sequences) == (better, worse, better + worse + 5)
    assert pair.p_value == pytest.approx(binomtest(better, better + worse).pvalue, rel=1e-9)


def test_words_of_one_sentence_count_as_one_and_steps_without_an_answer_not_at_all():
    errors = errors_of(said([[0, 0, -1], [-1, -1, -1]], [[1, 1, 1], [0, 0, 0]]))
    np.testing.assert_array_equal(errors, [2, np.nan])


def test_written_sequences_and_numbers():
    written = WrittenPrediction(model="m", samples=np.arange(2), y_true=(("a",), ("b",)), y_pred=(("a",), ("c", "b")))
    assert errors_of(written).tolist() == [0, 1]
    numbers = Forecast(
        model="m",
        targets=("y",),
        origins=np.arange(2),
        y_pred=np.zeros((2, 2, 1)),
        y_true=np.array([[[1], [np.nan]], [[np.nan], [np.nan]]]),
    )
    np.testing.assert_array_equal(errors_of(numbers), [1, np.nan])


def test_equal_models_have_no_number_but_a_reason():
    pair = compare_errors(said([[0]], [[1]]), said([[0]], [[1]]))
    assert np.isnan(pair.p_value)
    assert "same sequences" in pair.reason
    with pytest.raises(DataError, match="1 sequences, the other 2"):
        compare_errors(said([[0]], [[1]]), said([[0], [0]], [[1], [1]]))
