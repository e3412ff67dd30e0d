"""Interval and quantile scores against closed forms, numeric integration and numbers worked out by hand."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.quantiles import QUANTILE_LEVELS, coverage, crps_normal, crps_of_quantiles, mean_width, msis, pinball, wql
from seqlab.records import Score

NAN = float("nan")


def test_numbers_worked_out_by_hand() -> None:
    y, low, high = [1.0, 5.0, NAN, 9.0], [2.0, 4.0, 0.0, 3.0], [6.0, 6.0, 9.0, 8.0]
    assert coverage(y, low, high).value == pytest.approx(1 / 3)
    assert mean_width(y, low, high).value == pytest.approx((4 + 2 + 5) / 3)
    # M4: α = 0.05; one value 1 below, one 1 above, each costs 2/α = 40; scaled by the change over m = 2 steps.
    train = [1.0, 4.0, 3.0, 8.0]
    assert msis(y, low, high, 0.95, train, 2).value == pytest.approx((4 + 40 + 2 + 5 + 40) / 3 / ((2 + 4) / 2))
    assert pinball([3.0, 1.0], [1.0, 2.0], 0.9).value == pytest.approx((0.9 * 2 + 0.1 * 1) / 2)


def test_msis_is_the_formula_of_m4() -> None:
    generator = np.random.default_rng(1)
    y, train = generator.normal(size=48), generator.normal(size=200).cumsum()
    low, high = y - generator.normal(1, 1, 48) ** 2 + 0.3, y + 0.8
    low = np.minimum(low, high)
    expected = 0.0
    for value, lower, upper in zip(y, low, high, strict=True):
        expected += upper - lower
        if value < lower:
            expected += 2 / 0.1 * (lower - value)
        if value > upper:
            expected += 2 / 0.1 * (value - upper)
    scale = sum(abs(train[t] - train[t - 24]) for t in range(24, 200)) / (200 - 24)
    assert msis(y, low, high, 0.9, train, 24).value == pytest.approx(expected / 48 / scale)


def test_crps_of_a_normal_is_the_integral_and_the_limit_of_its_quantiles() -> None:
    for y, mean, deviation in ((0.0, 0.0, 1.0), (3.0, 1.0, 0.5), (-2.0, 4.0, 3.0)):
        found = crps_normal([y], [mean], [deviation]).value
        cdf = stats.norm(mean, deviation).cdf
        below = integrate.quad(lambda x, cdf=cdf: cdf(x) ** 2, -np.inf, y)[0]
        above = integrate.quad(lambda x, cdf=cdf: (1 - cdf(x)) ** 2, y, np.inf)[0]
        assert found == pytest.approx(below + above, rel=1e-7)
        levels = (np.arange(4000) + 0.5) / 4000
        fine = crps_of_quantiles([y], stats.norm.ppf(levels, mean, deviation)[None], levels.tolist())
        assert fine.value == pytest.approx(found, rel=1e-3)
    assert crps_normal([3.0], [1.0], [0.0]).value == 2.0
    assert crps_normal([0.0], [0.0], [1.0]).value == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi))


def test_wql_is_the_mean_of_weighted_losses() -> None:
    generator = np.random.default_rng(2)
    y = generator.normal(5, 2, size=(7, 3))
    quantiles = np.sort(generator.normal(5, 2, size=(7, 3, 9)), axis=-1)
    y[2, 1] = NAN
    total, size = np.zeros(9), 0.0
    for place in np.ndindex(7, 3):
        if not np.isnan(y[place]):
            size += abs(y[place])
            for k, tau in enumerate(QUANTILE_LEVELS):
                error = y[place] - quantiles[place][k]
                total[k] += tau * error if error > 0 else (tau - 1) * error
    assert wql(y, quantiles).value == pytest.approx(np.mean(2 * total / size))
    assert crps_of_quantiles(y, quantiles).value == pytest.approx(np.mean(2 * total) / 20)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (coverage([], [], []), "None of the values"),
        (coverage([NAN], [0], [1]), "None of the values"),
        (coverage([1, 2], [0, NAN], [1, 3]), "1 of 2 bounds are not finite"),
        (coverage([1, 2], [0, 1], [1, math.inf]), "1 of 2 bounds are not finite"),
        (mean_width([1, 2], [0, 5], [1, 3]), "In 1 of 2 places the lower bound lies above"),
        (mean_width([1], [-1e308], [1e308]), "too large"),
        (msis([1], [0], [2], 0.9, [3, 3, 3], 1), "repeats itself exactly"),
        (msis([1], [0], [2], 0.9, [3], 1), "has 1 rows"),
        (wql([0, 0], np.zeros((2, 9))), "Every observed value is 0"),
        (wql([1, 0], np.full((2, 9), NAN)), "2 of 2 quantiles are not finite"),
        (wql([], np.zeros((0, 9))), "None of the values"),
        (crps_normal([1], [0], [-1]), "1 of 1 standard deviations are below 0"),
        (crps_normal([1], [0], [NAN]), "not finite"),
    ],
)
def test_undefined_has_a_reason_and_is_never_zero(score: Score, words: str) -> None:
    assert math.isnan(score.value)
    assert words in score.reason


def test_wrong_shapes_and_levels_are_refused() -> None:
    with pytest.raises(DataError, match="one per level"):
        wql([1, 2], [[1], [2]])
    with pytest.raises(DataError, match="shape"):
        coverage([1, 2], [0], [1])
    for level in (0.0, 1.0, 90.0, NAN):
        with pytest.raises(ConfigError, match="above 0 and below 1"):
            msis([1], [0], [2], level, [1, 2], 1)
