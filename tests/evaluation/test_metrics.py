"""Metrics against numbers worked out by hand, the M4 conventions, and laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlab.errors import DataError
from seqlab.evaluation.metric_table import METRICS, POINT_METRICS, PROBABILISTIC_METRICS, RELATIVE_METRICS
from seqlab.evaluation.metrics import mae, mape, mape_caution, mase, mase_scale, r2, rmse, rmsse, rmsse_scale, smape
from seqlab.records import Score

NAN = float("nan")
Y = [10.0, 20.0, NAN, 40.0]
F = [12.0, 17.0, 99.0, 40.0]
TRAIN = [1.0, 3.0, 2.0, 7.0, 6.0, 8.0]

VALUES = arrays(np.float64, st.shared(st.integers(1, 30), key="n"), elements=st.floats(-1e6, 1e6))
POINTWISE = [mae, rmse, mape, smape, r2]


def test_numbers_worked_out_by_hand() -> None:
    assert mae(Y, F).value == pytest.approx((2 + 3 + 0) / 3)
    assert rmse(Y, F).value == pytest.approx(math.sqrt((4 + 9 + 0) / 3))
    assert smape(Y, F).value == pytest.approx((200 * 2 / 22 + 200 * 3 / 37 + 0) / 3)
    mean = (10 + 20 + 40) / 3
    assert r2(Y, F).value == pytest.approx(1 - 13 / ((10 - mean) ** 2 + (20 - mean) ** 2 + (40 - mean) ** 2))
    assert mase_scale(TRAIN, 1).value == pytest.approx((2 + 1 + 5 + 1 + 2) / 5)
    assert mase_scale(TRAIN, 2).value == pytest.approx((1 + 4 + 4 + 1) / 4)
    assert mase(Y, F, TRAIN, 2).value == pytest.approx((5 / 3) / 2.5)
    assert mape(Y, F).value == pytest.approx(100 * (2 / 10 + 3 / 20 + 0) / 3)
    assert rmsse_scale(TRAIN, 2).value == pytest.approx(math.sqrt((1 + 16 + 16 + 1) / 4))
    assert rmsse(Y, F, TRAIN, 2).value == pytest.approx(math.sqrt((13 / 3) / (34 / 4)))


def test_m4_conventions() -> None:
    """The two formulas of the M4 competitors' guide, on the benchmark of its own appendix style: 200 and in-sample lag m."""
    history = np.array([5.0, 9.0, 6.0, 8.0, 7.0, 11.0, 6.0, 10.0])
    truth, forecast = np.array([8.0, 12.0, 7.0, 11.0]), np.array([7.0, 11.0, 6.0, 10.0])
    assert smape(truth, forecast).value == pytest.approx(np.mean(2 * np.abs(truth - forecast) / (np.abs(truth) + np.abs(forecast))) * 100)
    assert mase(truth, forecast, history, 4).value == pytest.approx(
        np.mean(np.abs(truth - forecast)) / np.mean(np.abs(history[4:] - history[:-4]))
    )
    assert smape([1.0], [-1.0]).value == 200.0
    assert smape([1.0], [0.0]).value == 200.0


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (mae([NAN, NAN], [1, 2]), "None of the values"),
        (mae([], []), "None of the values"),
        (rmse([1, 2], [1, NAN]), "1 of 2 forecasts are not finite"),
        (smape([1, 2], [math.inf, 2]), "1 of 2 forecasts are not finite"),
        (smape([0, 0], [0, 0]), "Every value and every forecast is 0"),
        (r2([3, 3], [1, 2]), "no variance"),
        (r2([3], [1]), "no variance"),
        (rmse([1e200], [-1e200]), "too large"),
        (r2([1e200, -1e200], [1e200, -1e199]), "too large"),
        (mae([1e308], [-1e308]), "too large"),
        (mase([1], [2], [4, 4, 4], 1), "repeats itself exactly after 1 step,"),
        (mase([1], [2], [1, 2, 1, 2], 2), "repeats itself exactly after 2 steps"),
        (mase([1], [2], [1, 2], 2), "has 2 rows; a season of 2 steps needs at least 3"),
        (mase([1], [2], [1, NAN, 2, NAN], 1), "No two values 1 step apart"),
        (mase([1], [2], [], 1), "has 0 rows"),
        (mase([1], [2], [1, 2], 0), "must be at least 1"),
        (mase([NAN], [2], [1, 2], 1), "None of the values"),
        (mape([0, 5, 0], [1, 5, 0]), "2 of 3 values are 0"),
        (mape([5e-324], [1e300]), "too large"),
        (rmsse([1], [2], [4, 4, 4], 1), "repeats itself exactly after 1 step,"),
        (rmsse([1], [math.inf], [1, 2], 1), "1 of 1 forecasts"),
        (mase([1], [2], [-1e308, 1e308], 1), "too large"),
    ],
)
def test_undefined_has_a_reason_and_is_never_zero(score: Score, words: str) -> None:
    assert math.isnan(score.value)
    assert words in score.reason


def test_steps_where_both_are_zero_are_left_out_of_smape() -> None:
    assert smape([0, 0, 10], [0, 0, 30]).value == smape([10], [30]).value == 100.0


@pytest.mark.parametrize("metric", POINTWISE)
def test_different_shapes_are_refused(metric) -> None:
    with pytest.raises(DataError, match=r"shape \(2,\) and the forecasts \(3,\)"):
        metric([1, 2], [1, 2, 3])


def test_every_metric_is_described() -> None:
    assert POINT_METRICS == ("mae", "rmse", "mape", "smape", "mase", "rmsse", "r2")
    assert list(METRICS) == [*POINT_METRICS, *RELATIVE_METRICS, *PROBABILISTIC_METRICS]
    assert all(entry.key == key and entry.formula and entry.sentence.endswith(".") for key, entry in METRICS.items())
    assert [key for key, entry in METRICS.items() if entry.higher_is_better] == ["r2", "skill_naive", "skill_seasonal_naive"]


def test_values_near_zero_or_on_both_sides_of_it_are_said() -> None:
    assert mape_caution([]) == mape_caution([0.0, -5.0]) == mape_caution([NAN, 90.0, 110.0]) == ""
    assert mape_caution([100.0, 120.0, 1.0, 4.0, 130.0]).startswith("2 of 5 values are below 5% of the typical one")
    assert "both sides of 0" in mape_caution([-100.0, 120.0])


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_value_is_nan_exactly_when_there_is_a_reason(y: np.ndarray, forecast: np.ndarray) -> None:
    for metric in POINTWISE:
        score = metric(y, forecast)
        assert math.isnan(score.value) == bool(score.reason)


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_orders_and_bounds(y: np.ndarray, forecast: np.ndarray) -> None:
    assert 0 <= mae(y, forecast).value <= rmse(y, forecast).value * (1 + 1e-9) + 1e-12
    percent = smape(y, forecast)
    assert percent.reason or 0 <= percent.value <= 200 + 1e-9
    share = r2(y, forecast)
    assert share.reason or share.value <= 1


@settings(max_examples=30)
@given(VALUES)
def test_a_perfect_forecast_has_no_error(y: np.ndarray) -> None:
    assert mae(y, y).value == rmse(y, y).value == 0
    assert np.all(y == 0) or smape(y, y).value == 0
    assert np.any(y == 0) or mape(y, y).value == 0
    share = r2(y, y)
    assert share.reason or share.value == 1


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_swapping_value_and_forecast_changes_nothing(y: np.ndarray, forecast: np.ndarray) -> None:
    for metric in (mae, rmse, smape):
        assert metric(y, forecast).value == metric(forecast, y).value or metric(y, forecast).reason


@settings(max_examples=30)
@given(VALUES, VALUES, st.sampled_from([0.001, 0.5, 3.0, 1000.0]))
def test_units_scale_errors_but_not_shares(y: np.ndarray, forecast: np.ndarray, factor: float) -> None:
    train = np.array([1.0, 4.0, 2.0, 8.0])
    assert mae(y * factor, forecast * factor).value == pytest.approx(mae(y, forecast).value * factor)
    assert mase(y * factor, forecast * factor, train * factor, 1).value == pytest.approx(mase(y, forecast, train, 1).value)


@settings(max_examples=30)
@given(VALUES, VALUES, st.integers(0, 29))
def test_an_unobserved_target_is_as_if_it_were_not_there(y: np.ndarray, forecast: np.ndarray, row: int) -> None:
    row %= y.size
    hidden = y.copy()
    hidden[row] = NAN
    for metric in POINTWISE:
        kept, dropped = metric(hidden, forecast), metric(np.delete(y, row), np.delete(forecast, row))
        assert (kept.reason, kept.value) == (dropped.reason, pytest.approx(dropped.value, nan_ok=True))


@settings(max_examples=30)
@given(st.lists(st.floats(-100, 100), min_size=8, max_size=40), st.integers(1, 7))
def test_mase_of_the_in_sample_seasonal_naive_forecast_is_one(history: list[float], m: int) -> None:
    y = np.array(history)
    score = mase(y[m:], y[:-m], y, m)
    assert score.reason or score.value == pytest.approx(1.0)
