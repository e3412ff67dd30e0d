"""The network beside the baselines, one at a time."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from seqlab.baselines.table import BASELINES
from seqlab.errors import UnknownKeyError
from seqlab.evaluation import comparison
from seqlab.evaluation.comparison import compare
from seqlab.evaluation.metrics import METRICS
from seqlab.training.fitted import Fitted


def test_network_first_then_cheap_baselines_all_from_the_same_origins(airline_network: Fitted) -> None:
    results = list(compare(airline_network))
    assert [forecast.model for forecast, _ in results] == [
        airline_network.name,
        "Naive",
        "Seasonal naive",
        "Drift",
        "ETS",
        "Theta",
        "ARIMA",
    ]
    for forecast, scores in results:
        np.testing.assert_array_equal(forecast.origins, results[0][0].origins)
        np.testing.assert_array_equal(forecast.y_true, results[0][0].y_true)
        assert [one.metric for one in scores] == list(METRICS)
        assert not any(one.reason for one in scores)
    by_model = {forecast.model: scores[0].value for forecast, scores in results}
    assert by_model["ETS"] < by_model["Seasonal naive"] < by_model["Naive"]


def test_one_model_is_computed_per_step(airline_network: Fitted, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = comparison.forecast_baseline
    monkeypatch.setattr(comparison, "forecast_baseline", lambda key, *rest: asked.append(key) or real(key, *rest))
    results = compare(airline_network, ["theta", "naive", "naive"], limit=3)
    counts = [(len(asked), len(forecast.origins)) for forecast, _ in results]
    assert counts == [(0, 3), (1, 3), (2, 3)]
    assert asked == ["naive", "theta"]


def test_unknown_baseline_is_refused_before_anything_is_computed(airline_network: Fitted) -> None:
    with pytest.raises(UnknownKeyError, match="prophet"):
        compare(airline_network, ["naive", "prophet"])


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_metro_traffic_with_all_baselines_stays_within_a_minute(train_network: Callable[..., Fitted]) -> None:
    network = train_network("metro_traffic", 24, 24)
    started = time.process_time()
    results = list(compare(network))
    assert time.process_time() - started < 60
    assert len(results) == 1 + len(BASELINES)
    by_model = {forecast.model: scores[0].value for forecast, scores in results}
    assert len(results[0][0].origins) == 500
    assert by_model["ARIMA"] < by_model["Seasonal naive"] < by_model["ETS"] < by_model["Naive"]
