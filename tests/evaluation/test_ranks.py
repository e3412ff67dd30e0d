import numpy as np
import pytest
from scipy import stats

from seqlab.evaluation.ranks import critical_difference, rank_test


def test_against_scipy_with_ties_and_a_broken_series():
    table = np.random.default_rng(0).integers(0, 6, size=(14, 4)).astype(float)
    outcome = rank_test(np.vstack([table, [np.nan, 1, 2, 3]]))
    reference = stats.friedmanchisquare(*table.T)
    assert (outcome.series, outcome.statistic, outcome.p_value) == (14, reference.statistic, reference.pvalue)
    np.testing.assert_allclose(outcome.mean_ranks, stats.rankdata(table, axis=1).mean(axis=0))
    assert outcome.critical_difference == critical_difference(4, 14)


@pytest.mark.parametrize(
    ("models", "published"), [(2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (6, 2.850), (7, 2.949), (8, 3.031), (9, 3.102), (10, 3.164)]
)
def test_quantiles_of_demsar_table_5(models, published):
    # With 6 N = k (k + 1) the critical difference is the quantile itself; one decimal of the table is rounded the other way.
    assert critical_difference(models, 1) / np.sqrt(models * (models + 1) / 6) == pytest.approx(published, abs=1.1e-3)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (np.ones((9, 2)), "at least 3 models"),
        (np.ones((4, 3)), "There are 4 series"),
        (np.ones((9, 3)), "same losses"),
        (np.empty((0, 3)), "0 series"),
    ],
)
def test_no_test_without_enough_series(table, words):
    outcome = rank_test(table)
    assert words in outcome.reason
    assert np.isnan(outcome.p_value)
