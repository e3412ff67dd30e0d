"""What every baseline of the table must do."""

import copy
import functools
import subprocess
import sys

import numpy as np
import pytest

from seqlab.baselines.interface import Baseline
from seqlab.baselines.table import BASELINES, baseline_entry, by_cost
from seqlab.data.catalog import load_dataset
from seqlab.errors import DataError, UnknownKeyError

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()


@functools.cache
def fitted_once(key: str) -> Baseline:
    return BASELINES[key].fit(AIRLINE[:120], 12)


def fitted(key: str) -> Baseline:
    """A model of its own for each test; the fit itself is done once."""
    return copy.deepcopy(fitted_once(key))


EVERY = pytest.mark.parametrize("key", list(BASELINES))


@EVERY
def test_entry_describes_itself(key: str) -> None:
    entry = BASELINES[key]
    assert entry.key == key
    assert all((entry.label, entry.sentence.endswith("."), entry.equation, entry.reference, entry.cost > 0))


def test_keys_are_those_of_the_architecture() -> None:
    assert set(BASELINES) == {"naive", "seasonal_naive", "drift", "ets", "theta", "arima"}


@EVERY
def test_forecast_has_the_horizon_and_is_finite(key: str) -> None:
    model = fitted(key)
    for horizon in (1, 12, 30):
        forecast = model.forecast(horizon)
        assert forecast.shape == (horizon,)
        assert forecast.dtype == np.float64
        assert np.isfinite(forecast).all()


@EVERY
def test_longer_forecast_begins_with_the_shorter_one(key: str) -> None:
    model = fitted(key)
    np.testing.assert_allclose(model.forecast(25)[:7], model.forecast(7), rtol=1e-12)


@EVERY
def test_update_in_pieces_equals_update_at_once(key: str) -> None:
    whole = fitted(key)
    pieces = fitted(key)
    new = AIRLINE[120:140].copy()
    new[[3, 4, 11]] = np.nan
    whole.update(new)
    for start, end in ((0, 1), (1, 1), (1, 4), (4, 12), (12, 20)):
        pieces.update(new[start:end])
    np.testing.assert_allclose(pieces.forecast(12), whole.forecast(12), rtol=1e-8)


@EVERY
def test_update_and_forecast_leave_the_given_values_alone(key: str) -> None:
    history, new = AIRLINE[:120].copy(), AIRLINE[120:130].copy()
    new[2] = np.nan
    model = BASELINES[key].fit(history, 12)
    model.update(new)
    model.forecast(3)
    np.testing.assert_array_equal(history, AIRLINE[:120])
    assert np.isnan(new[2])


@EVERY
def test_missing_values_are_carried(key: str) -> None:
    history = AIRLINE[:120].copy()
    history[[0, 1, 20, 21, 22, 50, 119]] = np.nan
    forecast = BASELINES[key].fit(history, 12).forecast(12)
    assert np.isfinite(forecast).all()
    assert np.abs(forecast - AIRLINE[120:132]).mean() < 200


@EVERY
@pytest.mark.parametrize("season", [1, 2, 7, 12, 24, 168])
@pytest.mark.parametrize("rows", [1, 2, 5, 11, 25])
def test_tiny_histories_give_a_forecast(key: str, season: int, rows: int) -> None:
    forecast = BASELINES[key].fit(AIRLINE[:rows], season).forecast(8)
    assert np.isfinite(forecast).all()
    assert np.abs(forecast).max() < 1000


@EVERY
def test_constant_history_is_continued(key: str) -> None:
    model = BASELINES[key].fit(np.full(60, 4.0), 12)
    np.testing.assert_allclose(model.forecast(5), 4.0)


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
    with pytest.raises(DataError, match=words):
        BASELINES[key].fit(history, season)


@EVERY
def test_infinite_update_is_refused(key: str) -> None:
    model = fitted(key)
    with pytest.raises(DataError, match="infinite"):
        model.update(np.array([1.0, np.inf]))


def test_unknown_key_lists_the_known_ones() -> None:
    with pytest.raises(UnknownKeyError, match=r"prophet.*naive"):
        baseline_entry("prophet")
    with pytest.raises(UnknownKeyError):
        by_cost(["naive", "prophet"])


def test_cheapest_runs_first_and_once() -> None:
    assert by_cost(["arima", "naive", "arima", "ets"]) == ("naive", "ets", "arima")


def test_table_and_fits_import_no_torch() -> None:
    code = (
        "import sys; from seqlab.baselines.table import BASELINES; light = 'statsmodels' not in sys.modules; "
        "[e.fit([float(v % 7) for v in range(40)], 7) for e in BASELINES.values()]; print(light, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
