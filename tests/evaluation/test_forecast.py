"""Forecasts of networks and baselines in the data's own units."""

from collections.abc import Callable

import numpy as np
import pytest

from seqlab.baselines.plan import FitPlan
from seqlab.baselines.table import BASELINES
from seqlab.errors import DataError, UnknownKeyError
from seqlab.evaluation.forecast import forecast_baseline, forecast_columns, forecast_fitted
from seqlab.evaluation.origins import test_origins
from seqlab.training.fitted import Fitted


def test_network_forecasts_are_its_predictions_window_by_window(macro_network: Fitted) -> None:
    prepared = macro_network.prepared
    origins = test_origins(prepared)[[0, 3, -1]]
    forecast = forecast_fitted(macro_network, origins)
    assert forecast.y_pred.shape == forecast.y_true.shape == (3, 4, 2)
    assert (forecast.model, forecast.targets) == (macro_network.name, ("realgdp", "unemp"))
    windows = prepared.windows("test")
    for column in range(2):
        for number, origin in enumerate(origins):
            x, future, _ = windows.gather(windows.samples_at([origin])[column])
            alone = macro_network.predict(x, future, series=column)[0, :, 0]
            np.testing.assert_allclose(forecast.y_pred[number, :, column], alone, rtol=1e-5)
    frame = prepared.dataset.frame[["realgdp", "unemp"]].to_numpy()
    np.testing.assert_array_equal(forecast.y_true[1], frame[origins[1] : origins[1] + 4])


def test_network_cannot_forecast_outside_its_test_part(airline_network: Fitted) -> None:
    with pytest.raises(DataError, match="row 50"):
        forecast_fitted(airline_network, [50])


@pytest.mark.parametrize("key", ["naive", "seasonal_naive", "drift", "ets", "theta"])
def test_baseline_is_fitted_before_the_test_part_and_follows_it(airline_network: Fitted, key: str) -> None:
    prepared = airline_network.prepared
    y = prepared.dataset.frame["passengers"].to_numpy()
    start = prepared.bounds.validation_end
    origins = test_origins(prepared)
    forecast = forecast_baseline(key, prepared, origins)
    assert forecast.model == BASELINES[key].label
    assert forecast.y_pred.shape == (len(origins), 12, 1)
    assert forecast.seconds > 0
    for number in (0, len(origins) - 1):
        model = BASELINES[key].fit(y[:start], 12)
        model.update(y[start : origins[number]])
        np.testing.assert_allclose(forecast.y_pred[number, :, 0], model.forecast(12), rtol=1e-12)


def test_no_baseline_sees_the_values_it_forecasts(airline_network: Fitted) -> None:
    y = airline_network.prepared.dataset.frame["passengers"].to_numpy()
    spoilt = y.copy()
    spoilt[126:] = -1e6
    for key, entry in BASELINES.items():
        if entry.cost < 4 and not entry.joint:  # fitting comes before following for all of them; the slow ones are no other
            seen, unseen = (
                forecast_columns(key, values[:, None], ["y"], 12, 120, np.array([120, 126]), FitPlan(horizon=6)) for values in (y, spoilt)
            )
            np.testing.assert_array_equal(seen.y_pred, unseen.y_pred)


def test_all_targets_together_and_too_few_of_them(macro_network: Fitted, airline_network: Fitted) -> None:
    prepared = macro_network.prepared
    forecast = forecast_baseline("var", prepared, test_origins(prepared)[:3])
    assert forecast.y_pred.shape == (3, 4, 2)
    assert np.isfinite(forecast.y_pred).all()
    assert forecast.deviation is not None
    assert forecast.deviation.shape == (3, 4, 2)
    with pytest.raises(DataError, match="VAR needs at least 2 target columns"):
        forecast_baseline("var", airline_network.prepared, test_origins(airline_network.prepared)[:1])


def test_own_deviations_are_those_of_every_origin(airline_network: Fitted) -> None:
    prepared = airline_network.prepared
    origins = test_origins(prepared)[:2]
    deviation = forecast_baseline("naive2", prepared, origins).deviation
    assert deviation is not None
    assert deviation.shape == (2, 12, 1)
    assert (deviation[0, 1:] / deviation[0, :-1] != deviation[1, 1:] / deviation[1, :-1]).all()  # the season has moved on


def test_targets_are_forecast_one_by_one_and_notes_name_them(macro_network: Fitted) -> None:
    prepared = macro_network.prepared
    origins = test_origins(prepared)
    forecast = forecast_baseline("ets", prepared, origins)
    for column, name in enumerate(("realgdp", "unemp")):
        values = prepared.dataset.frame[name].to_numpy()
        plan = FitPlan(horizon=4)
        alone = forecast_columns("ets", values[:, None], [name], prepared.season_length, prepared.bounds.validation_end, origins, plan)
        np.testing.assert_array_equal(forecast.y_pred[..., column], alone.y_pred[..., 0])
    assert any(note.startswith("realgdp: ETS(") for note in forecast.notes)
    assert any(note.startswith("unemp: ETS(") for note in forecast.notes)


def test_unobserved_targets_are_counted_for_every_model(train_network: Callable[..., Fitted]) -> None:
    network = train_network("co2_weekly", 10, 4)
    prepared = network.prepared
    hidden = prepared.dataset.frame.copy()
    hidden.iloc[prepared.bounds.validation_end + 2, 0] = np.nan
    object.__setattr__(prepared.dataset, "frame", hidden)
    origins = test_origins(prepared)[:5]
    for forecast in (forecast_fitted(network, origins), forecast_baseline("naive", prepared, origins)):
        assert int(np.isnan(forecast.y_true).sum()) == 3
        assert forecast.notes == ("3 of 20 values to forecast were never observed and are left out of the errors.",)


def test_origins_must_ascend_from_the_test_part(airline_network: Fitted) -> None:
    start = airline_network.prepared.bounds.validation_end
    for origins in ([start - 1], [start + 2, start]):
        with pytest.raises(DataError, match=f"ascend from row {start}"):
            forecast_baseline("naive", airline_network.prepared, origins)


def test_unknown_baseline_is_named(airline_network: Fitted) -> None:
    with pytest.raises(UnknownKeyError, match="prophet"):
        forecast_baseline("prophet", airline_network.prepared, [])
