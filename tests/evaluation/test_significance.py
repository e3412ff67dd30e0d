import numpy as np
import pytest
from scipy import stats

from seqlab.evaluation.significance import cosine_averages, cosine_test, diebold_mariano


def test_published_numbers():
    assert diebold_mariano([1, 2, 3, 4], 2).statistic == pytest.approx(2.2361, abs=5e-5)
    assert diebold_mariano([2, 1, -3, -1, 0], 3).statistic == pytest.approx(-0.33333, abs=5e-6)
    assert diebold_mariano([1, 2, 3, 4], 2, null="student").p_value == pytest.approx(2 * stats.t.sf(np.sqrt(5), 3))


def test_one_step_is_the_t_test_of_the_mean():
    d = np.random.default_rng(0).normal(0.2, 1, 30)
    outcome = diebold_mariano(d)
    reference = stats.ttest_1samp(d, 0)
    # Harvey, Leybourne and Newbold's factor at h = 1 turns the variance with n into the one with n - 1.
    assert (outcome.statistic, outcome.p_value) == (pytest.approx(reference.statistic), pytest.approx(reference.pvalue))


def test_statistic_is_the_formula_term_by_term():
    d = np.random.default_rng(1).normal(size=40).cumsum()
    n, h, centred = 40, 5, d - d.mean()
    gamma = [centred[k:] @ centred[: n - k] / n for k in range(h)]
    plain = d.mean() / np.sqrt((gamma[0] + 2 * sum(gamma[1:])) / n)
    assert diebold_mariano(d, h).statistic == pytest.approx(np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n) * plain)


def test_cosines_term_by_term():
    d = np.random.default_rng(2).normal(0.1, 1, 64)
    t = np.arange(1, 65)
    averages = [np.sqrt(2 / 64) * np.sum(d * np.cos(np.pi * b * (t - 0.5) / 64)) for b in range(1, 7)]
    np.testing.assert_allclose(cosine_averages(d[:, None], 6)[:, 0], averages)
    outcome = cosine_test(d)
    assert outcome.degrees == 6
    assert outcome.statistic == pytest.approx(d.mean() / np.sqrt(np.mean(np.square(averages)) / 64))
    assert outcome.p_value == pytest.approx(2 * stats.t.sf(abs(outcome.statistic), 6))


@pytest.mark.parametrize("test", [diebold_mariano, cosine_test])
@pytest.mark.parametrize(
    ("d", "words"),
    [
        ([0.0] * 20, "equally good"),
        ([0.1 + 0.2] * 20, "same loss at every starting point"),
        ([1.0], "There is 1 starting point"),
        ([1.0, float("nan")] * 10, "10 of 20 loss differences"),
    ],
)
def test_what_cannot_be_computed_says_why(test, d, words):
    outcome = test(d)
    assert words in outcome.reason
    assert np.isnan([outcome.statistic, outcome.p_value]).all()


def test_a_variance_that_is_not_positive_and_too_few_origins():
    assert "not positive" in diebold_mariano([1, -1, 1, -1, 1, -1.5], 2).reason
    assert "at least 13" in diebold_mariano(np.arange(12.0), 12).reason
    assert "at least 48 are needed" in cosine_test(np.random.default_rng(0).normal(size=40), 12).reason


def test_equal_models_are_seldom_found_different():
    """A few hundred pairs; benchmarks/significance_size.py has the full table. The published t distribution fails this one."""
    rng = np.random.default_rng(0)
    pairs, n, h = 400, 100, 12
    sums = np.cumsum(rng.normal(size=(2, pairs, n + h)) + rng.normal(size=(pairs, n + h)), axis=2)
    losses = np.abs(sums[..., h:] - sums[..., :-h])
    found = np.array(
        [
            [diebold_mariano(d, h).p_value, cosine_test(d, h).p_value, diebold_mariano(d, h, null="student").p_value]
            for d in losses[0] - losses[1]
        ]
    )
    shares = (found < 0.05).mean(axis=0)
    assert (np.abs(shares[:2] - 0.05) < 0.03).all()
    assert shares[2] > 0.08
