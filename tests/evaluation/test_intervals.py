"""Bands from earlier errors: the ranks, that no error is used before it is known, and the coverage they promise."""

from statistics import NormalDist

import numpy as np
import pytest

from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.evaluation.conformal import RATE
from seqlab.evaluation.interval_table import INTERVAL_METHODS
from seqlab.evaluation.intervals import interval_of, probabilistic_scores, quantiles_of
from seqlab.evaluation.metric_table import PROBABILISTIC_METRICS
from seqlab.records import Forecast

CONFORMAL = ("split", "rolling", "adaptive")


def forecast_of(errors: np.ndarray, first: int = 0, apart: int = 1, deviation: np.ndarray | None = None) -> Forecast:
    """Forecasts of 0 with these errors, (origin, horizon, target)."""
    return Forecast(
        model="m",
        targets=tuple(str(number) for number in range(errors.shape[2])),
        origins=first + apart * np.arange(len(errors)),
        y_pred=np.zeros_like(errors),
        y_true=errors,
        deviation=deviation,
    )


def noise(count: int, horizon: int = 3, targets: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(4, size=(count, horizon, targets)) * np.arange(1, horizon + 1)[:, None]


BEFORE = forecast_of(noise(60))
AFTER = forecast_of(noise(300, seed=1), first=70)


def test_split_takes_the_rank_that_holds_a_new_error() -> None:
    band = interval_of(AFTER, BEFORE, 0.9, "split")
    for step in range(3):
        for target in range(2):
            errors = np.sort(np.abs(BEFORE.y_true[:, step, target]))
            assert (band.upper[:, step, target] == errors[55 - 1]).all()  # ⌈61 · 0.9⌉ = 55
    np.testing.assert_array_equal(band.lower, -band.upper)


@pytest.mark.parametrize("rate", [0.0, RATE])
def test_rolling_and_adaptive_step_by_step(rate: float) -> None:
    """Written anew and slowly: at origin t only errors whose target lies before t, the newest 60 of them."""
    band = interval_of(AFTER, BEFORE, 0.9, "adaptive" if rate else "rolling")
    known = [(int(o) + 3, abs(e)) for o, e in zip(BEFORE.origins, BEFORE.y_true[:, 2, 1], strict=True)]
    own = [(int(o) + 3, abs(e)) for o, e in zip(AFTER.origins, AFTER.y_true[:, 2, 1], strict=True)]
    outside, reached, fed = 0.1, [], 0
    for origin in AFTER.origins:
        usable = [error for row, error in known + own if row <= origin][-60:]
        while own[fed][0] <= origin:
            outside += rate * (0.1 - (own[fed][1] > reached[fed]))
            fed += 1
        rank = int(np.clip(np.ceil(np.round(61 * (1 - outside), 9)), 1, 60))
        reached.append(sorted(usable)[rank - 1])
    np.testing.assert_array_equal(band.upper[:, 2, 1], reached)


@pytest.mark.parametrize("method", CONFORMAL)
def test_what_is_not_known_yet_changes_nothing(method: str) -> None:
    later = AFTER.y_true.copy()
    origin = 40
    for step in range(3):
        later[np.flatnonzero(AFTER.origins + step >= AFTER.origins[origin]), step] = 1e6
    changed = forecast_of(later, first=70)
    np.testing.assert_array_equal(
        interval_of(changed, BEFORE, 0.8, method).upper[: origin + 1], interval_of(AFTER, BEFORE, 0.8, method).upper[: origin + 1]
    )
    np.testing.assert_array_equal(
        quantiles_of(changed, BEFORE, method=method)[0][: origin + 1], quantiles_of(AFTER, BEFORE, method=method)[0][: origin + 1]
    )


@pytest.mark.parametrize("level", [0.5, 0.9])
@pytest.mark.parametrize("method", CONFORMAL)
def test_exchangeable_errors_are_covered_as_promised(method: str, level: float) -> None:
    before, after = forecast_of(noise(99, 1, 40, seed=3)), forecast_of(noise(150, 1, 40, seed=4), first=400)
    scores = probabilistic_scores(after, before, level, method, np.arange(9.0)[:, None].repeat(40, 1), 1)
    assert [one.metric for one in scores[:5]] == list(PROBABILISTIC_METRICS)
    assert np.mean([one.value for one in scores if one.metric == "coverage"]) == pytest.approx(level, abs=0.03)


def test_adaptive_keeps_its_promise_when_the_errors_double() -> None:
    before, after = forecast_of(noise(300, 1, 1)), forecast_of(2.5 * noise(600, 1, 1, seed=5), first=300)
    found = {method: probabilistic_scores(after, before, 0.9, method, np.arange(9.0)[:, None], 1)[0].value for method in CONFORMAL}
    assert found["split"] < 0.7
    assert found["adaptive"] == pytest.approx(0.9, abs=0.03)


def test_quantiles_of_errors_are_numpys_weibull_ones_and_of_a_normal_its_own() -> None:
    quantiles, reason = quantiles_of(AFTER, BEFORE, (0.1, 0.5, 0.85), "split")
    assert not reason
    expected = np.quantile(BEFORE.y_true, (0.1, 0.5, 0.85), axis=0, method="weibull")
    np.testing.assert_allclose(quantiles[7], np.moveaxis(expected, 0, -1), rtol=1e-12)
    deviation = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    own = forecast_of(AFTER.y_true, deviation=deviation)
    np.testing.assert_allclose(quantiles_of(own, None, (0.2,), "normal")[0][0, ..., 0], deviation * NormalDist().inv_cdf(0.2))
    np.testing.assert_allclose(interval_of(own, None, 0.95, "normal").upper[0], 1.959964 * deviation, rtol=1e-6)


def test_too_few_errors_are_said_and_never_a_band() -> None:
    few = forecast_of(noise(18))
    assert "needs at least 19 errors from the validation part; there are 18" in interval_of(AFTER, few, 0.95).reason
    assert not interval_of(AFTER, few, 0.9).reason
    for score in probabilistic_scores(AFTER, few, 0.95, "adaptive", np.arange(9.0)[:, None].repeat(2, 1), 1):
        assert np.isnan(score.value) == bool(score.reason) == (score.metric in ("coverage", "mean_width", "msis"))
    gaps = few.y_true.copy()
    gaps[:15, 1, 0] = np.nan
    band = interval_of(AFTER, forecast_of(gaps), 0.8, "split")
    assert "there are 3 to 18, by step" in band.reason
    assert np.isnan(band.upper[:, 1, 0]).all()
    assert np.isfinite(band.upper[:, [0, 2]]).all()


@pytest.mark.parametrize(
    ("calibration", "method", "words"),
    [
        (None, "split", "no forecasts of the validation part"),
        (BEFORE, "normal", "no formula for its own errors"),
        (forecast_of(np.full((60, 3, 2), np.inf)), "rolling", "needs at least"),
    ],
)
def test_what_cannot_be_drawn_says_why(calibration: Forecast | None, method: str, words: str) -> None:
    if calibration is not None and method == "rolling":
        calibration = Forecast(model="m", targets=("0", "1"), origins=BEFORE.origins, y_pred=calibration.y_true, y_true=BEFORE.y_true)
        words = "not finite numbers"
    band = interval_of(AFTER, calibration, 0.9, method)
    assert words in band.reason
    assert np.isnan(band.lower).all()
    assert all(one.reason for one in probabilistic_scores(AFTER, calibration, 0.9, method, np.arange(9.0)[:, None].repeat(2, 1), 1))


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(ConfigError, match="above 0 and below 1"):
        interval_of(AFTER, BEFORE, 90)
    with pytest.raises(UnknownKeyError, match="interval method"):
        interval_of(AFTER, BEFORE, 0.9, "guess")
    with pytest.raises(DataError, match="same model"):
        interval_of(AFTER, forecast_of(noise(60, horizon=2)), 0.9)
    with pytest.raises(DataError, match="end before it"):
        interval_of(forecast_of(noise(9), first=61), BEFORE, 0.9)
    with pytest.raises(DataError, match="do not ascend"):
        interval_of(forecast_of(noise(9), first=100, apart=-1), BEFORE, 0.9)


def test_every_method_is_described() -> None:
    assert all(entry.key == key and entry.label and entry.sentence.endswith(".") for key, entry in INTERVAL_METHODS.items())
