"""Naive, seasonal naive and drift against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.baselines.naive import fit_drift, fit_naive, fit_seasonal_naive

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


@given(VALUES, VALUES, st.integers(1, 9), st.sampled_from([fit_naive, fit_seasonal_naive, fit_drift]))
def test_following_equals_fitting_to_the_longer_history(y: list[float], new: list[float], season: int, fit) -> None:
    followed = fit(y, season)
    followed.update(new)
    np.testing.assert_allclose(followed.forecast(12), fit(y + new, season).forecast(12), rtol=1e-9, atol=1e-6)


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
