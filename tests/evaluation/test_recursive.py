"""Forecasts fed back block by block."""

import numpy as np
import pytest

from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.recursive import forecast_recursively
from seqlab.gates.free_run import free_run, recorded_windows
from seqlab.training.fitted import Fitted


@pytest.mark.parametrize("network", ["airline_network", "macro_network"])
def test_one_whole_block_is_the_direct_forecast(network: str, request: pytest.FixtureRequest) -> None:
    fitted: Fitted = request.getfixturevalue(network)
    origin, horizon = int(fitted.prepared.windows("test").origins[0]), fitted.spec.window.horizon
    np.testing.assert_allclose(
        forecast_recursively(fitted, origin, horizon, horizon), forecast_fitted(fitted, [origin]).y_pred[0], rtol=1e-6
    )


def test_whole_blocks_are_what_the_free_run_gives(macro_network: Fitted) -> None:
    prepared = macro_network.prepared
    origin = int(prepared.windows("test").origins[0])
    own = forecast_recursively(macro_network, origin, 12, 4)
    for series in (0, 1):
        x, future = recorded_windows(prepared, origin, 3, series=series)
        run = free_run(macro_network.model, x[None], future=future[None])
        np.testing.assert_allclose(own[:, series], prepared.to_data_units(run.unchanged, [series])[0, :, 0], rtol=1e-5)


def test_the_calendar_goes_on_beyond_the_data(train_network) -> None:
    fitted = train_network("airline_passengers", 12, 6, calendar=True)
    last = int(fitted.prepared.windows("test").origins[-1])
    forecast = forecast_recursively(fitted, last, 30, 1)
    assert forecast.shape == (30, 1)
    assert np.isfinite(forecast).all()
    np.testing.assert_allclose(forecast[:1], forecast_fitted(fitted, [last]).y_pred[0, :1], rtol=1e-6)
