"""What is said about gradients, where a number is too small for words or the window is read from its end."""

from types import SimpleNamespace

import numpy as np
import pytest

from seqlab.ui.lab.gradient_view import _last, _reading_stretch

RNN = SimpleNamespace(trace=SimpleNamespace(cell="rnn"))


@pytest.mark.parametrize(("direction", "last"), [("forward", 8), ("backward", 0)])
def test_the_last_step_is_the_one_that_is_read_last(direction, last):
    assert _last(SimpleNamespace(direction=direction, steps=9)) == last


@pytest.mark.parametrize(
    ("log10", "said"),
    [
        (-np.inf, "over 99 steps the largest stretch is nothing of the push."),
        (-2.0, "over 99 steps the largest stretch is 1 % of the push."),
        (1.0, "over 99 steps the largest stretch is 10 times the push."),
        (-5000.0, "over 99 steps the largest stretch is 10^-5000 of the push."),
        (5000.0, "over 99 steps the largest stretch is 10^5000 of the push."),
        (np.nan, "over 99 steps the largest stretch is an unknown part of the push."),
    ],
)
def test_the_stretch_in_words(log10, said):
    found = SimpleNamespace(lags=np.array([1, 99]), log10=np.array([0.0, log10]))
    assert _reading_stretch(found, RNN).endswith(said)
