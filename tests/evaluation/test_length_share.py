"""Which sequences are right: classes, legal symbols, numbers within a tolerance, written sequences; and by length."""

import numpy as np
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.errors import DataError
from seqlab.evaluation.length_share import right_by_length, right_share
from seqlab.records import ClassPrediction, Forecast, WrittenPrediction


def tags(dataset, change=lambda row, names: names):
    """What a predictor would say that knows all answers, changed by the test."""
    classes = dataset.classes
    width = max(dataset.lengths)
    y_true, y_pred = (np.full((len(dataset), width), -1) for _ in range(2))
    for row, names in enumerate(dataset.labels):
        y_true[row, : len(names)] = [classes.index(name) if name else -1 for name in names]
        y_pred[row, : len(names)] = [classes.index(name) for name in change(row, list(names))]
    return ClassPrediction(model="Demo", classes=classes, samples=np.arange(len(dataset)), y_true=y_true, y_pred=y_pred)


def numbers(y_true, y_pred):
    y_true, y_pred = (np.array(values, dtype=float)[:, :, None] for values in (y_true, y_pred))
    return Forecast(model="Demo", targets=("sum",), origins=np.arange(len(y_true)), y_true=y_true, y_pred=y_pred)


def test_one_wrong_step_makes_a_string_wrong_and_lengths_come_in_order():
    data = load_dataset("counting_ab", sequences=10)

    def one_wrong(_, names):
        names[-1] = "b"
        return names

    predictions = {"200": tags(data.tests_at["200"], one_wrong), "50": tags(data.tests_at["50"]), "100": tags(data.tests_at["100"])}
    shares = right_by_length(predictions, data)
    assert [(one.length, one.share, one.sequences) for one in shares] == [(50, 1.0, 1), (100, 1.0, 1), (200, 0.0, 1)]
    assert shares[-1].step_share == pytest.approx(400 / 401)
    with pytest.raises(DataError, match=r"no test set of length '60'\. Its lengths are: 50, 75"):
        right_by_length({"60": predictions["50"]}, data)


def test_steps_without_an_answer_count_nowhere():
    prediction = ClassPrediction(
        model="Demo",
        classes=("a", "b"),
        samples=np.arange(3),
        y_true=np.array([[0, -1], [1, 1], [-1, -1]]),
        y_pred=np.array([[0, 1], [1, 0], [0, 0]]),
    )
    share = right_share(prediction, load_dataset("parity", sequences=10, length=2))
    assert (share.sequences, share.share, share.step_share) == (2, 0.5, pytest.approx(2 / 3))


def test_any_legal_symbol_of_the_reber_grammar_is_right():
    data = load_dataset("reber", sequences=10)
    test = data.tests_at["15"]
    from seqlab.evaluation.length_share import legal_steps

    legal = legal_steps(test, np.arange(len(test)))
    first = right_share(tags(test, lambda row, _: [may[0] for may in legal[row]]), test, length=15)
    assert (first.share, first.step_share, first.length) == (1.0, 1.0, 15)
    assert tags(test).y_true.tolist() != tags(test, lambda row, _: [may[0] for may in legal[row]]).y_pred.tolist()
    # forgetting the second symbol: always T as the last but one
    forgetful = right_share(tags(test, lambda _, names: [*names[:-2], "T", "E"]), test)
    assert forgetful.share == pytest.approx(np.mean([names[-2] == "T" for names in test.labels]))


def test_numbers_are_right_within_the_tolerance_and_nan_is_wrong():
    adding, flip_flop = load_dataset("adding", sequences=10, length=4), load_dataset("flip_flop", sequences=10, length=2)
    assert right_share(numbers([[1.0], [1.0], [1.0]], [[1.07], [0.91], [np.nan]]), adding).share == pytest.approx(1 / 3)
    steps = right_share(numbers([[1.0, -1.0], [1.0, np.nan]], [[0.2, 0.1], [0.2, 5.0]]), flip_flop)
    assert (steps.share, steps.step_share) == (0.5, pytest.approx(2 / 3))
    unknown = right_share(numbers([[1.0]], [[1.0]]), load_dataset("parity", sequences=10, length=2))
    assert np.isnan(unknown.share)
    assert "not settled" in unknown.reason


def test_written_sequences_are_right_as_a_whole_and_none_is_not_computable():
    data = load_dataset("additions", sequences=10)
    written = WrittenPrediction(model="Demo", samples=np.arange(2), y_true=(("4", "2"), ("7",)), y_pred=(("4", "2"), ("7", "1")))
    assert right_share(written, data).share == 0.5
    none = right_share(WrittenPrediction(model="Demo", samples=np.arange(0), y_true=(), y_pred=()), data)
    assert np.isnan(none.share)
    assert none.reason
