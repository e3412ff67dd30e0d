"""Every status of a run has words, and every share."""

import pytest

from seqlab.runs.result import STATUSES
from seqlab.ui.run_text import STATUS, amount


def test_every_status_has_its_own_words():
    assert set(STATUS) == set(STATUSES)
    assert len({text.label for text in STATUS.values()}) == len(STATUS)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0082, "0.82 %"),
        (1.0, "100 %"),
        (150.0, "150 times"),
        (0.5, "50 %"),
        (0.996, "100 %"),
        (float("nan"), "an unknown part"),
        (1e-300, "1.0·10⁻³⁰⁰"),
    ],
)
def test_shares_in_words(share, words):
    assert amount(share) == words
