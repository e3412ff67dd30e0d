"""Every number shown of a shipped run comes from its stored weights: opened, traced and scored again here."""

import numpy as np
import pytest

from seqlab.evaluation.forecast import forecast_baseline, forecast_fitted
from seqlab.evaluation.origins import test_origins
from seqlab.evaluation.score import score_forecast
from seqlab.gates.trace import trace_gates
from seqlab.runs.examples import EXAMPLE, example_folders
from seqlab.runs.folder import RunFolder
from seqlab.training.fit import load
from seqlab.training.fitted import Fitted

RUNS = dict(example_folders())


@pytest.fixture(scope="module", params=list(RUNS))
def shipped(request: pytest.FixtureRequest) -> tuple[RunFolder, Fitted]:
    """A shipped run, and its model opened from its weights."""
    run = RUNS[request.param]
    return run, load(run.model_path, run.spec)


def test_there_is_an_example_for_the_first_screen() -> None:
    assert EXAMPLE in RUNS


def test_stored_forecasts_and_scores_are_the_models(shipped: tuple[RunFolder, Fitted]) -> None:
    run, fitted = shipped
    forecast = forecast_fitted(fitted, test_origins(fitted.prepared))
    stored = run.forecast()
    assert stored is not None
    np.testing.assert_array_equal(stored.origins, forecast.origins)
    np.testing.assert_allclose(stored.y_pred, forecast.y_pred, rtol=1e-4)
    np.testing.assert_array_equal(stored.y_true, forecast.y_true)
    assert run.result is not None
    scores = {score.metric: score.value for score in score_forecast(forecast, fitted.prepared)}
    for metric, value in run.result.scores.items():
        assert value == pytest.approx(scores[metric], rel=1e-4, nan_ok=True)


def test_the_stored_trace_is_the_models(shipped: tuple[RunFolder, Fitted]) -> None:
    run, fitted = shipped
    stored = run.trace()
    assert stored is not None
    np.testing.assert_array_equal(stored.x, fitted.prepared.windows("test").gather(stored.windows)[0])
    traced = trace_gates(fitted.model, stored.x)
    assert traced.max_error < 1e-5
    for key, values in traced.gates.items():
        np.testing.assert_allclose(stored.trace.gates[key], values, atol=1e-5)


def test_the_stored_comparison_holds_what_the_baselines_forecast(shipped: tuple[RunFolder, Fitted]) -> None:
    run, fitted = shipped
    models, _ = run.comparison(0)
    naive = next(model for model in models if model.key == "seasonal_naive")
    again = forecast_baseline("seasonal_naive", fitted.prepared, test_origins(fitted.prepared))
    scores = {score.metric: score.value for score in score_forecast(again, fitted.prepared)}
    for stored in naive.scores:
        assert stored.value == pytest.approx(scores[stored.metric], nan_ok=True)
