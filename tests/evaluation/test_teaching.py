"""The verdict on a teaching task, rule by rule, and its sentence."""

from types import SimpleNamespace

import numpy as np
import pytest

from seqlab.evaluation.teaching import teaching_verdict

TASK = SimpleNamespace(label="Demo", trivial=0.2, solved=0.1)


@pytest.mark.parametrize(
    ("losses", "kind"),
    [
        ([0.2, 0.15, 0.1], "solved"),
        ([0.2, 0.05, 0.3, 0.3, 0.3], "solved"),  # the best weights are kept
        ([0.3, 0.2, 0.2, 0.2], "plateau"),
        ([0.3, 0.209, 0.209, 0.209], "plateau"),
        ([0.3, 0.211, 0.211, 0.211], "above"),
        ([0.2, 0.185, 0.2, 0.2, 0.2], "plateau"),  # one dip of less than 20 % of the way is none
        ([0.2, 0.17, 0.2, 0.2, 0.2], "partial"),  # learned and forgotten again
        ([0.2, 0.188, 0.188, 0.188], "partial"),
        ([np.nan, 0.2, 0.2, np.nan, 0.2], "plateau"),
        ([0.15], "partial"),
    ],
)
def test_the_rules(losses, kind):
    verdict = teaching_verdict(TASK, losses)
    assert verdict.kind == kind
    assert verdict.sentence
    assert not verdict.reason
    assert verdict.best == np.nanmin(losses)


def test_a_solved_run_says_when_and_how_many_sequences_are_right():
    verdict = teaching_verdict(TASK, [0.3, 0.09, 0.05, 0.06], test_share=0.996)
    assert (verdict.solved_at, verdict.epochs, verdict.progress) == (2, 4, pytest.approx(1.5))
    assert verdict.sentence == (
        "Solved: the validation loss fell to 0.05, and below 0.1 at epoch 2 of 4. The trivial predictor has 0.2. "
        "Of the test sequences 99.6 % come out right."
    )
    assert teaching_verdict(TASK, [0.05], test_share=0.99999).sentence.endswith("99.9 % come out right.")
    assert teaching_verdict(TASK, [0.05], test_share=1.0).sentence.endswith("100 % come out right.")


def test_what_is_no_number_is_said_and_never_counts_as_solved():
    lost = teaching_verdict(TASK, [0.2, 0.19, np.nan, np.inf])
    assert lost.kind == "plateau"
    assert "From epoch 3 on some losses were not a number" in lost.sentence
    never = teaching_verdict(TASK, [np.nan, np.nan])
    assert never.kind == "unknown"
    assert "not a number in any epoch" in never.reason
    assert np.isnan(never.progress)
    assert "no epoch" in teaching_verdict(TASK, []).reason
    assert "nobody knows" in teaching_verdict(SimpleNamespace(label="Demo", trivial=None, solved=None), [0.1]).reason
    assert "not below" in teaching_verdict(SimpleNamespace(label="Demo", trivial=0.1, solved=0.1), [0.1]).reason


def test_a_partial_run_is_never_said_to_have_gone_all_the_way():
    assert "50 % of the way" in teaching_verdict(TASK, [0.15, 0.15]).sentence
    assert "99 % of the way" in teaching_verdict(TASK, [0.1001]).sentence
