"""Every status of a run has words."""

from seqlab.runs.result import STATUSES
from seqlab.ui.run_text import STATUS


def test_every_status_has_its_own_words():
    assert set(STATUS) == set(STATUSES)
    assert len({text.label for text in STATUS.values()}) == len(STATUS)
