"""What every baseline of the table must do."""

import copy
import functools
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from seqlab.baselines.interface import Baseline
from seqlab.baselines.plan import FitPlan
from seqlab.baselines.table import BASELINES, baseline_entry, by_cost
from seqlab.data.catalog import load_dataset
from seqlab.errors import DataError, UnknownKeyError

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()
QUICK = FitPlan(horizon=30, context_length=24, seconds=0.5)  # keeps searches short


def shaped(key: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """One series as a baseline takes it: (time,), or beside a second target for one that is fitted to all of them."""
    y = np.asarray(values, dtype=np.float64)
    return np.stack([y, 100 + y[::-1] / 3], axis=-1) if BASELINES[key].joint else y


@functools.cache
def fitted_once(key: str) -> Baseline:
    return BASELINES[key].fit(shaped(key, AIRLINE)[:120], 12, QUICK)


def fitted(key: str) -> Baseline:
    """A model of its own for each test; the fit itself is done once."""
    return copy.deepcopy(fitted_once(key))


EVERY = pytest.mark.parametrize("key", list(BASELINES))


@EVERY
def test_entry_describes_itself(key: str) -> None:
    entry = BASELINES[key]
    assert entry.key == key
    assert all((entry.label, entry.sentence.endswith("."), entry.equation, entry.reference, entry.cost > 0))


def test_every_key_is_a_name() -> None:
    assert all(key.isidentifier() and key.islower() for key in BASELINES)
    assert len({entry.label for entry in BASELINES.values()}) == len(BASELINES)


@EVERY
def test_forecast_has_the_horizon_and_is_finite(key: str) -> None:
    model = fitted(key)
    targets = shaped(key, AIRLINE).shape[1:]
    for horizon in (1, 12, 30):
        forecast = model.forecast(horizon)
        assert forecast.shape == (horizon, *targets)
        assert forecast.dtype == np.float64
        assert np.isfinite(forecast).all()


@EVERY
def test_longer_forecast_begins_with_the_shorter_one(key: str) -> None:
    model = fitted(key)
    np.testing.assert_allclose(model.forecast(25)[:7], model.forecast(7), rtol=1e-12)


@EVERY
def test_deviation_is_one_number_above_zero_per_step_or_none(key: str) -> None:
    model = fitted(key)
    short, long = model.deviation(7), model.deviation(25)
    if short is None or long is None:
        assert short is long is None
        return
    assert long.shape == (25, *shaped(key, AIRLINE).shape[1:])
    assert np.isfinite(long).all()
    assert (long > 0).all()
    np.testing.assert_allclose(long[:7], short, rtol=1e-12)
    np.testing.assert_array_equal(model.forecast(7), fitted(key).forecast(7))  # asking changes nothing


@EVERY
def test_update_in_pieces_equals_update_at_once(key: str) -> None:
    whole = fitted(key)
    pieces = fitted(key)
    new = shaped(key, AIRLINE)[120:140].copy()
    new[[3, 4, 11]] = np.nan
    whole.update(new)
    for start, end in ((0, 1), (1, 1), (1, 4), (4, 12), (12, 20)):
        pieces.update(new[start:end])
    np.testing.assert_allclose(pieces.forecast(12), whole.forecast(12), rtol=1e-8)


@EVERY
def test_update_and_forecast_leave_the_given_values_alone(key: str) -> None:
    new = shaped(key, AIRLINE)[120:130].copy()
    new[2] = np.nan
    before = new.copy()
    model = fitted(key)
    model.update(new)
    model.forecast(3)
    np.testing.assert_array_equal(new, before)


@EVERY
def test_missing_values_are_carried_and_the_history_is_left_alone(key: str) -> None:
    history = shaped(key, AIRLINE)[:120].copy()
    history[[0, 1, 20, 21, 22, 50, 119]] = np.nan
    before = history.copy()
    forecast = BASELINES[key].fit(history, 12, QUICK).forecast(12).reshape(12, -1)[:, 0]
    np.testing.assert_array_equal(history, before)
    assert np.isfinite(forecast).all()
    assert np.abs(forecast - AIRLINE[120:132]).mean() < 300


@EVERY
def test_tiny_histories_give_a_forecast(key: str) -> None:
    for rows, season in ((1, 1), (1, 12), (2, 2), (3, 1), (5, 2), (6, 168), (11, 1), (11, 12), (13, 4), (25, 7), (25, 12), (25, 24)):
        forecast = BASELINES[key].fit(shaped(key, AIRLINE)[:rows], season, QUICK).forecast(8)
        assert np.isfinite(forecast).all()
        assert np.abs(forecast).max() < 1000


@EVERY
def test_constant_history_is_continued(key: str) -> None:
    forecast = BASELINES[key].fit(shaped(key, np.full(60, 4.0)), 12, QUICK).forecast(5)
    np.testing.assert_allclose(forecast.reshape(5, -1)[:, 0], 4.0)


def wild(name: str) -> npt.NDArray[np.float64]:
    """A series that breaks naive extrapolation."""
    generator = np.random.default_rng(7)
    rows = np.arange(70)
    return {
        "flat tail": np.where(rows < 40, generator.normal(10, 3, 70), 5.0),
        "spike": np.where(rows == 68, 1e6, 1.0 + rows % 7),
        "rare": np.where(rows % 9 == 0, generator.exponential(30, 70), 0.0),
        "tiny": np.abs(generator.normal(size=70)) ** 9 + 1e-12,
        "growth": np.exp(rows / 4.0),
        "far off": 1e9 + generator.normal(size=70).cumsum(),
    }[name]


@EVERY
@pytest.mark.parametrize("name", ["flat tail", "spike", "rare", "tiny", "growth", "far off"])
def test_no_forecast_runs_away(key: str, name: str) -> None:
    y = wild(name)
    forecast = BASELINES[key].fit(shaped(key, y), 7, QUICK).forecast(20).reshape(20, -1)[:, 0]
    assert np.isfinite(forecast).all()
    assert forecast.min() >= y.min() - 5 * np.ptp(y)
    assert forecast.max() <= y.max() + 5 * np.ptp(y)


@EVERY
def test_a_fit_without_time_still_forecasts(key: str) -> None:
    model = BASELINES[key].fit(shaped(key, AIRLINE), 12, FitPlan(horizon=3, context_length=24, seconds=0.0))
    assert np.isfinite(model.forecast(3)).all()


@EVERY
@pytest.mark.parametrize(
    ("history", "season", "words"),
    [
        ([], 1, "None of the 0 values"),
        ([float("nan")] * 9, 1, "None of the 9 values"),
        ([1.0, float("inf"), 2.0], 1, "1 infinite"),
        ([[1.0, 2.0]], 1, "shape \\(time,\\)"),
        ([1.0, 2.0], 0, "season is 0"),
    ],
)
def test_unusable_histories_are_refused_in_words(key: str, history: list[float], season: int, words: str) -> None:
    if BASELINES[key].joint:
        history = np.stack([np.asarray(history)] * 2, axis=-1) if np.ndim(history) == 1 else history[0]
        words = words.replace("time,", "time, target")
    with pytest.raises(DataError, match=words):
        BASELINES[key].fit(history, season)


@EVERY
def test_infinite_update_is_refused(key: str) -> None:
    model = fitted(key)
    with pytest.raises(DataError, match="infinite"):
        model.update(shaped(key, [1.0, np.inf]))


def test_unknown_key_lists_the_known_ones() -> None:
    with pytest.raises(UnknownKeyError, match=r"prophet.*naive"):
        baseline_entry("prophet")
    with pytest.raises(UnknownKeyError):
        by_cost(["naive", "prophet"])


def test_cheapest_runs_first_and_once() -> None:
    assert by_cost(["arima", "naive", "arima", "ets"]) == ("naive", "ets", "arima")


def test_table_and_fits_import_no_torch() -> None:
    code = (
        "import sys; from seqlab.baselines.plan import FitPlan; from seqlab.baselines.table import BASELINES; "
        "light = 'statsmodels' not in sys.modules; y = [float(v % 7) for v in range(40)]; "
        "[e.fit(y, 7, FitPlan(seconds=0.2)) for e in BASELINES.values() if not e.joint]; print(light, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
