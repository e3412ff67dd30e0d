"""Naive 2; its forecast is tested against plain numpy in test_against_statsmodels.py and test_m4.py."""

import numpy as np

from seqlab.baselines.naive import fit_naive
from seqlab.baselines.naive2 import fit_naive2
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy(dtype=float)


def test_without_a_significant_season_it_is_naive() -> None:
    noise = np.random.default_rng(1).normal(size=100)
    model, naive = fit_naive2(noise, 12), fit_naive(noise, 12)
    np.testing.assert_array_equal(model.forecast(9), naive.forecast(9))
    np.testing.assert_array_equal(model.deviation(9), naive.deviation(9))
    assert model.notes == ("No season was taken out: the correlation at lag 12 is not significant in the history.",)


def test_following_keeps_the_figure_and_takes_the_last_value() -> None:
    model = fit_naive2(AIRLINE[:120], 12)
    figure = model.forecast(12) / AIRLINE[119]
    model.update(AIRLINE[120:125])
    np.testing.assert_allclose(model.forecast(12), AIRLINE[124] * np.roll(figure, -5) / figure[4])


def test_deviation_is_that_of_naive_on_the_adjusted_series_times_the_figure() -> None:
    model = fit_naive2(AIRLINE[:120], 12)
    relative = model.deviation(24) / model.forecast(24)
    np.testing.assert_allclose(relative, relative[0] * np.sqrt(np.arange(1, 25)))
