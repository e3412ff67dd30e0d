"""Naive, seasonal naive and drift against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.baselines.naive import fit_drift, fit_mean, fit_naive, fit_seasonal_naive

VALUES = st.lists(st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)), min_size=1, max_size=40).filter(lambda v: not all(np.isnan(v)))


def slow_seasonal_naive(y: list[float], season: int, horizon: int) -> list[float]:
    """The definition, word by word."""
    observed = [v for v in y if not np.isnan(v)]
    forecast = []
    for step in range(len(y), len(y) + horizon):
        same_phase = [v for row, v in enumerate(y) if row % season == step % season and not np.isnan(v)]
        forecast.append(same_phase[-1] if same_phase else observed[-1])
    return forecast


@given(VALUES, st.integers(1, 9), st.integers(1, 20))
def test_seasonal_naive_is_its_definition(y: list[float], season: int, horizon: int) -> None:
    np.testing.assert_array_equal(fit_seasonal_naive(y, season).forecast(horizon), slow_seasonal_naive(y, season, horizon))


@given(VALUES, st.integers(1, 9))
def test_naive_repeats_the_last_observed_value(y: list[float], season: int) -> None:
    np.testing.assert_array_equal(fit_naive(y, season).forecast(3), [v for v in y if not np.isnan(v)][-1])


@given(VALUES, VALUES, st.integers(1, 9), st.sampled_from([fit_mean, fit_naive, fit_seasonal_naive, fit_drift]))
def test_following_equals_fitting_to_the_longer_history(y: list[float], new: list[float], season: int, fit) -> None:
    followed = fit(y, season)
    followed.update(new)
    longer = fit(y + new, season)
    np.testing.assert_allclose(followed.forecast(12), longer.forecast(12), rtol=1e-9, atol=1e-6)
    if longer.deviation(12) is None:
        assert followed.deviation(12) is None
    else:
        np.testing.assert_allclose(followed.deviation(12), longer.deviation(12), rtol=1e-6, atol=1e-4)


def test_drift_is_the_line_through_first_and_last_value() -> None:
    np.testing.assert_allclose(fit_drift([3.0, 9.0, 1.0, 6.0], 1).forecast(3), [7.0, 8.0, 9.0])
    np.testing.assert_allclose(fit_drift([np.nan, 3.0, 9.0, 5.0, np.nan], 1).forecast(2), [7.0, 8.0])
    np.testing.assert_allclose(fit_drift([3.0], 1).forecast(2), [3.0, 3.0])


@pytest.mark.parametrize(("history", "unseen"), [([1.0, 2.0, 3.0], 0), ([1.0, 2.0], 1), ([1.0, np.nan, np.nan, 2.0, np.nan, 3.0], 1)])
def test_phases_never_observed_are_said(history: list[float], unseen: int) -> None:
    notes = fit_seasonal_naive(history, 3).notes
    assert notes == (
        () if not unseen else (f"{unseen} of 3 phases of the season were never observed; they repeat the last observed value.",)
    )


def test_deviations_are_those_of_the_book() -> None:
    """Hyndman & Athanasopoulos (2021), equation 5.4 and table 5.2."""
    y = np.array([3.0, 9.0, 1.0, 6.0, 8.0, 2.0, 7.0])
    n, h = y.size, np.arange(1, 8)
    changes, seasonal = np.diff(y), y[3:] - y[:-3]
    np.testing.assert_allclose(fit_mean(y, 3).deviation(7), y.std(ddof=1) * np.sqrt(1 + 1 / n))
    np.testing.assert_allclose(fit_naive(y, 3).deviation(7), np.sqrt(np.mean(changes**2) * h))
    np.testing.assert_allclose(fit_seasonal_naive(y, 3).deviation(7), np.sqrt(np.mean(seasonal**2) * ((h - 1) // 3 + 1)))
    residuals = changes - (y[-1] - y[0]) / (n - 1)
    np.testing.assert_allclose(fit_drift(y, 3).deviation(7), np.sqrt(np.sum(residuals**2) / (n - 2) * h * (1 + h / (n - 1))))


def test_unseen_steps_count_as_steps_ahead_and_too_few_errors_as_none() -> None:
    y = np.array([3.0, 9.0, 1.0, 6.0, 8.0])
    np.testing.assert_allclose(fit_naive([*y, np.nan, np.nan], 1).deviation(2), fit_naive(y, 1).deviation(4)[2:])
    np.testing.assert_allclose(fit_drift([*y, np.nan], 1).deviation(2), fit_drift(y, 1).deviation(3)[1:])
    ages = fit_seasonal_naive([*y, np.nan], 2).deviation(3) / fit_seasonal_naive(y, 2).deviation(1)
    np.testing.assert_allclose(ages, np.sqrt([1, 2, 2]))
    assert fit_naive([1.0], 1).deviation(2) is None
    assert fit_mean([1.0], 1).deviation(2) is None
    assert fit_drift([1.0, 2.0], 1).deviation(2) is None
    assert fit_seasonal_naive([1.0, 2.0, 3.0], 4).deviation(2) is None
