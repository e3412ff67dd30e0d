"""The cap on what a method may forecast."""

import numpy as np
import pytest

from seqlab.baselines.guard import Guarded, naive_instead
from seqlab.baselines.naive import fit_seasonal_naive
from seqlab.baselines.seasonal import SeasonalFigure

HISTORY = np.array([1.0, 2.0, 3.0, np.nan, 5.0, 6.0])


class Says:
    """A method that forecasts what it is told to."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.seen: list[float] = []
        self.notes = ("I say.",)

    def forecast(self, horizon: int) -> np.ndarray:
        return np.full(horizon, self.value)

    def deviation(self, horizon: int) -> np.ndarray:
        return np.full(horizon, 0.5)

    def update(self, values: np.ndarray) -> None:
        self.seen += values.tolist()


@pytest.mark.parametrize("value", [-4.0, 0.0, 6.0, 11.0])
def test_a_forecast_within_one_width_of_the_range_stands(value: float) -> None:
    model = Guarded(Says(value), HISTORY, 2)
    np.testing.assert_array_equal(model.forecast(3), value)
    assert model.notes == ("I say.",)


@pytest.mark.parametrize("value", [-4.1, 11.1, 1e30, np.inf, -np.inf, np.nan])
def test_a_forecast_beyond_is_replaced_and_counted(value: float) -> None:
    method = Says(value)
    model = Guarded(method, HISTORY, 2)
    np.testing.assert_array_equal(model.forecast(3), [5.0, 6.0, 5.0])
    method.value = 3.0
    np.testing.assert_array_equal(model.forecast(1), 3.0)
    assert model.notes[-1].startswith("1 of 2 forecasts left the range")


def test_the_range_grows_with_what_is_seen() -> None:
    model = Guarded(Says(30.0), HISTORY, 2)
    np.testing.assert_array_equal(model.forecast(1), [5.0])
    model.update(np.array([20.0, np.nan]))
    np.testing.assert_array_equal(model.forecast(1), [30.0])


def test_the_figure_is_subtracted_and_added_in_phase() -> None:
    method = Says(0.0)
    model = Guarded(method, HISTORY, 3, figure=SeasonalFigure(np.array([1.0, 2.0, 3.0]), phase=1))
    np.testing.assert_array_equal(model.forecast(4), [2, 3, 1, 2])
    model.update(np.array([2.0, 4.0]))
    assert method.seen == [0.0, 1.0]
    np.testing.assert_array_equal(model.forecast(2), [1, 2])


def test_a_multiplying_figure_divides_multiplies_and_widens() -> None:
    method = Says(2.0)
    model = Guarded(method, HISTORY, 2, figure=SeasonalFigure(np.array([1.0, 3.0]), phase=1, multiplicative=True))
    np.testing.assert_array_equal(model.forecast(3), [6, 2, 6])
    np.testing.assert_array_equal(model.deviation(3), [1.5, 0.5, 1.5])
    model.update(np.array([3.0]))
    assert method.seen == [1.0]


def test_deviation_is_that_of_whoever_forecasts() -> None:
    method = Says(3.0)
    model = Guarded(method, HISTORY, 2)
    np.testing.assert_array_equal(model.deviation(2), 0.5)
    method.value = 1e9
    np.testing.assert_array_equal(model.deviation(2), fit_seasonal_naive(HISTORY, 2).deviation(2))
    assert not model.notes[1:]  # asking for it is no forecast


def test_a_method_may_be_given_more_reach() -> None:
    model = Guarded(Says(30.0), HISTORY, 2, reach=5.0)
    np.testing.assert_array_equal(model.forecast(1), [30.0])
    model = Guarded(Says(32.0), HISTORY, 2, reach=5.0)
    model.forecast(1)
    assert "5 times its width" in model.notes[-1]


def test_fallback_is_seasonal_naive_and_says_why() -> None:
    model = naive_instead("ETS", HISTORY, 2, ("First.",), "no reason")
    np.testing.assert_array_equal(model.forecast(2), [5.0, 6.0])
    assert model.notes == ("First.", "ETS fell back to the seasonal naive forecast: no reason.")
