import dataclasses

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.stattools import acf, pacf

from seqlab.errors import ConfigError
from seqlab.evaluation.residual_shape import by_phase, normal_fit
from seqlab.evaluation.residuals import autocorrelation, bias, residuals_of
from seqlab.evaluation.significance import cosine_test
from seqlab.records import Forecast

ROWS = np.arange(100, 340)


def forecast(values, origins=ROWS, horizon=2):
    """Forecasts of 0 whose residuals ``horizon`` steps ahead are moving sums of ``values``."""
    y_true = np.stack([np.convolve(values, np.ones(step))[: len(values)] for step in range(1, horizon + 1)], axis=1)[..., None]
    return Forecast(model="m", targets=("y",), origins=origins, y_pred=np.zeros_like(y_true), y_true=y_true)


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(0.3, 2.0, len(ROWS))


def test_correlations_are_those_of_statsmodels(noise):
    found = autocorrelation(residuals_of(forecast(noise)), season_length=12)
    shown = len(found.lags)
    np.testing.assert_allclose(found.acf, acf(noise, nlags=shown)[1:])
    np.testing.assert_allclose(found.pacf, pacf(noise, nlags=shown, method="ldb")[1:], atol=1e-10)
    table = acorr_ljungbox(noise, lags=[24])
    assert (found.tested, found.ljung_box, found.p_value) == (24, table.lb_stat.iloc[0], table.lb_pvalue.iloc[0])
    assert found.bound == pytest.approx(1.96 / np.sqrt(len(noise)), rel=1e-4)


def test_a_hole_costs_only_its_pairs(noise):
    holed = noise.copy()
    holed[[50, 51]] = np.nan
    found = autocorrelation(residuals_of(forecast(holed)))
    np.testing.assert_allclose(found.acf, autocorrelation(residuals_of(forecast(noise))).acf, atol=0.05)
    assert found.p_value > 0.01


def test_overlapping_forecasts_are_not_tested(noise):
    found = autocorrelation(residuals_of(forecast(noise), step=2))
    assert found.acf[0] == pytest.approx(0.5, abs=0.15)
    assert "related up to lag 1" in found.ljung_box_reason
    apart = residuals_of(forecast(noise, origins=2 * ROWS), step=2)
    assert (apart.overlap, apart.lag, autocorrelation(apart).ljung_box_reason) == (0, "2 rows", "")


def test_uneven_origins_have_no_lags(noise):
    rounded = residuals_of(forecast(noise, origins=np.rint(1.5 * ROWS).astype(int)))
    assert rounded.lag == "1 or 2 rows"
    uneven = ROWS.copy()
    uneven[100:] += 30
    assert "1 to 31 rows apart" in autocorrelation(residuals_of(forecast(noise, origins=uneven))).reason


def test_bias(noise):
    assert bias(residuals_of(forecast(noise + 1))).p_value < 0.001
    assert bias(residuals_of(forecast(noise - noise.mean()))).p_value > 0.99
    assert (
        bias(residuals_of(forecast(noise[:20], origins=ROWS[:20]), step=2)).p_value
        == cosine_test(forecast(noise[:20]).y_true[:, 1, 0], 2).p_value
    )


def test_shape_is_that_of_scipy(noise):
    fit = normal_fit(residuals_of(forecast(noise)))
    assert np.sum(fit.density * np.diff(fit.edges)) == pytest.approx(1)
    (quantiles, ordered), _ = stats.probplot(noise)
    np.testing.assert_array_equal(fit.ordered, ordered)
    np.testing.assert_allclose((fit.expected - fit.mean) / fit.deviation, quantiles)
    assert fit.kurtosis == stats.kurtosis(noise)


def test_by_phase(noise):
    holed = noise.copy()
    holed[ROWS % 4 == 1] = np.nan
    spread = by_phase(residuals_of(forecast(holed)), ROWS % 4)
    assert spread.phases.tolist() == [0, 2, 3]
    assert spread.quantiles[1, 2] == pytest.approx(np.median(noise[ROWS % 4 == 2]))
    assert spread.count.tolist() == [60, 60, 60]


def test_what_cannot_be_computed_says_why(noise):
    wild = dataclasses.replace(forecast(noise), y_pred=np.full((len(ROWS), 2, 1), np.inf))
    for broken, words in [
        (wild, "not finite"),
        (forecast(noise[:5], ROWS[:5]), "There are 5 residuals"),
        (forecast(np.ones(240)), "the same"),
    ]:
        residuals = residuals_of(broken)
        for outcome in (autocorrelation(residuals), bias(residuals), normal_fit(residuals)):
            assert words in outcome.reason
    with pytest.raises(ConfigError, match="There are steps 1 to 2"):
        residuals_of(forecast(noise), step=3)
