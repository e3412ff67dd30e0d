from dataclasses import replace

import pytest

from seqlab.evaluation.leaks import LeakError, LeakResult
from seqlab.ui.compare.leak_text import in_words


def error(value, naive=100.0):
    return LeakError(error=value, naive=naive, relative=value / naive, windows=50)


def result(leak="scaler", reported=30.0, honest=40.0, untouched=None, naive=100.0):
    return LeakResult(
        leak=leak,
        reported=error(reported, naive),
        untouched=None if untouched is None else error(untouched),
        honest=error(honest),
        caught=(),
        notes=(),
        seconds=1.0,
    )


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        (30.0, "looks 25% smaller than the honest run's"),
        (40.2, "next to nothing"),
        (50.0, "not even flatter: the reported error is 25% larger"),
    ],
)
def test_whatever_came_out_is_said(reported, said):
    headline, numbers = in_words(result(reported=reported))
    assert said in headline
    assert "mean absolute error on the test part" in numbers
    assert "mean over the columns" in in_words(result(), many_targets=True)[1]


def test_other_windows_are_compared_by_how_hard_they_are():
    headline, shares = in_words(result("random_split", reported=20.0, naive=80.0))[:2]
    assert "0.25 is reported, the honest run has 0.40" in headline
    assert "20 of 80" in shares


def test_what_becomes_of_the_model_on_unseen_rows_is_said():
    assert "promise does not hold: in real use" in in_words(result("future_covariate", untouched=60.0))[-1]
    assert "no worse than reported. It is better than the honest run" in in_words(result("random_split", untouched=25.0))[-1]
    assert "better than the honest" not in in_words(result("random_split", reported=41.0, untouched=41.0))[-1]


def test_no_number_is_made_of_none():
    broken = replace(result(), reported=error(float("nan")))
    assert in_words(broken) == (
        "What this leak pretends cannot be computed: an error is not a finite number, or repeating the last value makes none.",
    )
