"""A trained network beside the baselines on the same test part, one model at a time."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from seqlab.baselines.table import BASELINES, by_cost
from seqlab.evaluation.forecast import forecast_baseline, forecast_fitted
from seqlab.evaluation.origins import test_origins
from seqlab.evaluation.score import score_forecast
from seqlab.records import Forecast, Score

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["compare"]


def compare(
    fitted: "Fitted", baselines: Iterable[str] = tuple(BASELINES), *, limit: int = 500
) -> Iterator[tuple[Forecast, tuple[Score, ...]]]:
    """Forecast and scores of the network, then of each baseline, the cheapest first, as soon as each is ready.

    All forecast from the same origins of the test part. A baseline is fitted once to the training and validation part in
    the data's own units and then follows the test part's values; the network keeps its weights.

    Args:
        fitted: the network with its data.
        baselines: keys of ``seqlab.BASELINES``.
        limit: at most so many origins; see :func:`seqlab.evaluation.origins.test_origins`.

    Yields:
        The forecasts with notes and seconds, and one score per key of ``METRICS``.

    Raises:
        UnknownKeyError: there is no such baseline; raised before anything is computed.
    """
    keys = by_cost(baselines)
    return _compare(fitted, keys, limit)


def _compare(fitted: "Fitted", keys: tuple[str, ...], limit: int) -> Iterator[tuple[Forecast, tuple[Score, ...]]]:
    prepared = fitted.prepared
    origins = test_origins(prepared, limit)
    forecast = forecast_fitted(fitted, origins)
    yield forecast, score_forecast(forecast, prepared)
    for key in keys:
        forecast = forecast_baseline(key, prepared, origins)
        yield forecast, score_forecast(forecast, prepared)
