import numpy as np
import pytest
from scipy import stats

from seqlab.evaluation.seeds import seed_spread


def test_mean_spread_and_interval():
    values = [3.0, 3.5, 2.8, 3.1]
    spread = seed_spread(values, 4.0)
    assert (spread.mean, spread.deviation) == (pytest.approx(np.mean(values)), pytest.approx(np.std(values, ddof=1)))
    reference = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert (spread.low, spread.high) == pytest.approx(reference)
    assert (spread.better, spread.clear) == (4, True)


@pytest.mark.parametrize(
    ("values", "reference", "words"),
    [
        ([1.0, 1.1, 1.2], 1.15, "2 of 3 seeds beat the reference, but"),
        ([1.0, 1.1], 1.2, "Both seeds beat the reference, but"),
        ([1.0, 1.01, 1.02], 0.5, "None of 3 seeds beats the reference, and"),
        ([1.0], 2.0, "One seed has been judged"),
        ([], 2.0, "No seed has been judged"),
        ([1.0, float("nan"), 2.0], 2.0, "1 of 3 seeds"),
        ([1.0, 1.1], float("nan"), "no reference"),
    ],
)
def test_sentence(values, reference, words):
    assert words in seed_spread(values, reference).sentence
