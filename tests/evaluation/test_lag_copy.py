import numpy as np
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.errors import DataError
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.lag_copy import find_lag_copy
from seqlab.evaluation.origins import test_origins as origins_of
from seqlab.evaluation.shift_profile import shift_profile
from seqlab.records import Forecast

HORIZON = 3


def rows_ahead(origins):
    return origins[:, None] + np.arange(HORIZON)


def made(values, y_pred, origins, model="it"):
    return Forecast(model=model, targets=("y",), origins=origins, y_pred=y_pred[..., None], y_true=values[rows_ahead(origins)][..., None])


@pytest.fixture(scope="module")
def walk():
    return np.random.default_rng(1).normal(size=400).cumsum() + 100, np.arange(200, 397)


@pytest.fixture(scope="module")
def monthly():
    """Airline passengers: a season of 12 and growth."""
    return load_dataset("airline_passengers").frame["passengers"].to_numpy(), np.arange(60, 141)


def last_value(values, origins):
    return np.repeat(values[origins - 1][:, None], HORIZON, axis=1)


def test_the_last_value_repeated_is_a_copy_at_every_step(walk):
    values, origins = walk
    found = find_lag_copy(made(values, last_value(values, origins), origins), values)
    assert (found.kind, found.by_step, found.last.away, found.last.skill, found.last.explained) == ("last", ("last",) * 3, 0.0, 0.0, 0.0)
    # A little smoothing, as a network does, changes nothing.
    smooth = 0.85 * last_value(values, origins) + 0.15 * last_value(values, origins - 1)
    assert find_lag_copy(made(values, smooth, origins), values).kind == "last"


def test_the_last_season_repeated_is_a_seasonal_copy(monthly):
    values, origins = monthly
    season = values[origins[:, None] - 12 + np.arange(HORIZON)]
    found = find_lag_copy(made(values, season, origins), values, 12)
    assert found.kind == "seasonal"
    assert found.seasonal.away == 0.0
    assert "last season" in found.sentences[0]
    # Seen without a season it is simply another forecast.
    assert find_lag_copy(made(values, season, origins), values).kind == "none"


@pytest.mark.parametrize("noise", [0.2, 1.0, 5.0])
def test_the_truth_with_noise_is_no_copy(walk, noise):
    values, origins = walk
    forecast = values[rows_ahead(origins)] + np.random.default_rng(0).normal(scale=noise, size=(len(origins), HORIZON))
    assert find_lag_copy(made(values, forecast, origins), values).kind == "none"


def test_the_best_forecast_of_a_series_that_returns_to_its_mean_is_no_copy():
    """It always lies nearer to the last value than to the truth; it is worth something all the same."""
    noise = np.random.default_rng(2).normal(size=3000)
    values = np.zeros(3000)
    for row in range(1, 3000):
        values[row] = 0.5 * values[row - 1] + noise[row]
    origins = np.arange(1000, 2900)
    forecast = made(values, values[origins - 1][:, None] * 0.5 ** np.arange(1, HORIZON + 1), origins)
    assert shift_profile(forecast, values, step=1).nearest == 1
    found = find_lag_copy(forecast, values)
    assert found.kind == "none"
    assert found.last.skill > 0.1
    assert "is better than repeating the last value" in " ".join(found.sentences)
    assert "nearer to the last value than to the truth" in found.sentences[-1]


def test_a_copy_at_another_level_follows_late(walk):
    values, origins = walk
    found = find_lag_copy(made(values, last_value(values, origins) + 7.0, origins), values)
    assert found.kind == "late"
    assert found.correlations[1] == pytest.approx(1.0)
    assert abs(found.correlations[0]) < 0.3


def test_a_flat_forecast_is_no_copy(monthly):
    values, origins = monthly
    assert find_lag_copy(made(values, np.full((len(origins), HORIZON), values.mean()), origins), values, 12).kind == "none"


def test_a_copy_is_blamed_only_where_another_model_does_better(walk):
    values, origins = walk
    copy = made(values, last_value(values, origins), origins)
    drift = made(values, last_value(values, origins) + 0.01, origins, "Drift")
    better = made(values, values[rows_ahead(origins)] + 0.1, origins, "Oracle")
    assert "nothing clearly better was found" in find_lag_copy(copy, values, others=[drift]).sentences[-1]
    assert "Oracle" in find_lag_copy(copy, values, others=[drift, better]).sentences[-1]
    assert "Compare it with other models" in find_lag_copy(copy, values).sentences[-1]


def test_distances_and_correlations_by_shift_are_those_of_a_plain_loop(monthly):
    values, origins = monthly
    forecast = made(values, last_value(values, origins) ** 0.9, origins)
    profile = shift_profile(forecast, values, step=2, season_length=12)
    assert profile.shifts.tolist() == [0, 1, 2, 3, 4, 5, 12]
    for place, shift in enumerate(profile.shifts):
        past = np.array([values[origin + 1 - shift] for origin in origins])
        y_pred = forecast.y_pred[:, 1, 0]
        assert profile.distance[place] == pytest.approx(np.mean(np.abs(y_pred - past)))
        assert profile.correlation[place] == pytest.approx(np.corrcoef(np.diff(y_pred), np.diff(past))[0, 1])


def test_what_cannot_be_judged_says_so(walk):
    values, origins = walk
    forecast = last_value(values, origins)
    forecast[3, 1] = np.inf
    assert find_lag_copy(made(values, forecast, origins), values).kind == "unknown"
    few = origins[:1]
    assert find_lag_copy(made(values, last_value(values, few), few), values).kind == "unknown"
    with pytest.raises(DataError, match="starts at row 0"):
        find_lag_copy(made(values, last_value(values, np.array([0])), np.array([0])), values)


def test_gaps_count_for_nothing(walk):
    values, origins = walk
    holes = values.copy()
    holes[250:260] = np.nan
    last = np.repeat(
        np.array([values[250 - 1] if 250 <= origin - 1 < 260 else values[origin - 1] for origin in origins])[:, None], 3, axis=1
    )
    found = find_lag_copy(made(holes, last, origins), holes)
    assert found.kind == "last"
    assert found.last.away == 0.0
    assert found.last.pairs < len(origins) * HORIZON


def test_a_trained_network_is_judged_by_its_numbers(airline_network):
    """After one epoch it has learned to add nothing to the last value; the finding has the numbers that say so."""
    forecast = forecast_fitted(airline_network, origins_of(airline_network.prepared))
    values = airline_network.prepared.dataset.frame["passengers"].to_numpy()
    found = find_lag_copy(forecast, values, 12)
    assert found.last.pairs == forecast.y_true.size
    assert found.last.error == pytest.approx(np.abs(forecast.y_pred - forecast.y_true).mean())
    assert (found.kind == "last") == found.last.copies


def test_being_no_copy_is_no_praise_where_a_copy_would_do_better(walk):
    values, origins = walk
    stuck = made(values, np.full((len(origins), HORIZON), values[origins].max() + 50), origins)
    assert "a mere copy of the last value would make" in find_lag_copy(stuck, values).sentences[-1]
