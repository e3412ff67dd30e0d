"""The smoothing recursion by hand; test_ets.py compares it with statsmodels."""

import numpy as np
import pytest

from seqlab.baselines.smoothing import SmoothingState


def test_one_step_by_hand() -> None:
    state = SmoothingState(alpha=0.5, beta_star=0.2, gamma_star=0.1, phi=0.9, level=10.0, slope=2.0, season=np.array([1.0, -1.0]))
    state.step(14.0)
    level = 0.5 * (14 - 1) + 0.5 * (10 + 0.9 * 2)
    slope = 0.2 * (level - 10) + 0.8 * 0.9 * 2
    assert state.level == pytest.approx(level)
    assert state.slope == pytest.approx(slope)
    assert state.season[0] == pytest.approx(0.1 * (14 - level) + 0.9 * 1)
    np.testing.assert_allclose(state.forecast(2), [level + 0.9 * slope - 1, level + (0.9 + 0.81) * slope + state.season[0]])


@pytest.mark.parametrize("multiplicative", [False, True])
def test_a_missing_value_moves_as_if_the_forecast_came_true(multiplicative: bool) -> None:
    def fresh() -> SmoothingState:
        season = np.array([1.1, 0.9, 1.0])
        return SmoothingState(
            alpha=0.4, beta_star=0.3, gamma_star=0.2, phi=0.8, level=9.0, slope=1.0, season=season, multiplicative=multiplicative
        )

    missing, told = fresh(), fresh()
    expected = missing.forecast(5)
    missing.step(float("nan"))
    told.step(float(expected[0]))
    np.testing.assert_allclose(missing.forecast(4), expected[1:])
    np.testing.assert_allclose(told.forecast(4), expected[1:])


def test_only_a_multiplying_season_that_follows_steps_over_zeros() -> None:
    for gamma, multiplicative, count in ((0.2, True, 2), (0.0, True, 0), (0.2, False, 0)):
        state = SmoothingState(alpha=0.4, gamma_star=gamma, level=9.0, season=np.array([1.0, 1.0]), multiplicative=multiplicative)
        for value in (0.0, -1.0, 5.0):
            state.step(value)
        assert state.stepped_over == count
