"""Vector autoregression against direct statsmodels calls."""

import numpy as np
import pytest
from statsmodels.tsa.api import VAR

from seqlab.baselines.plan import FitPlan
from seqlab.baselines.seasonal import adjusted
from seqlab.baselines.var import fit_var
from seqlab.data.catalog import load_dataset
from seqlab.errors import DataError

MACRO = load_dataset("macro_us").frame[["realgdp", "realcons", "unemp"]].to_numpy()
TRAFFIC = load_dataset("metro_traffic").frame[["traffic_volume", "temp_c"]].dropna().to_numpy()[:500]


def test_forecasts_and_follows_like_statsmodels() -> None:
    model = fit_var(MACRO[:180], 1)
    direct = VAR(MACRO[:180]).fit(maxlags=19, ic="aic")
    assert model.notes == (f"VAR({direct.k_ar}), chosen by AIC among 1 to 19 lags.",)
    np.testing.assert_allclose(model.forecast(9), direct.forecast(MACRO[180 - direct.k_ar : 180], 9), rtol=1e-8)
    np.testing.assert_allclose(model.deviation(5), np.sqrt([np.diag(one) for one in direct.forecast_cov(5)]), rtol=1e-8)
    model.update(MACRO[180:190])
    np.testing.assert_allclose(model.forecast(9), direct.forecast(MACRO[190 - direct.k_ar : 190], 9), rtol=1e-8)


def test_season_of_each_target_is_taken_out() -> None:
    plan = FitPlan(seconds=0.0)
    model = fit_var(TRAFFIC[:480], 24, plan)
    figures, rests = zip(*(adjusted(column, 24, longest=1)[:2] for column in TRAFFIC[:480].T), strict=True)
    rest = np.column_stack(rests)
    expected = VAR(rest).fit(1).forecast(rest[-1:], 12) + np.column_stack([figure.ahead(12) for figure in figures])
    np.testing.assert_allclose(model.forecast(12), expected, rtol=1e-8)
    assert "VAR(1): the 0 s were over before a number of lags could be chosen." in model.notes


def test_a_missing_value_counts_as_forecast() -> None:
    plain, told = (fit_var(MACRO[:150], 1, FitPlan(seconds=0.0)) for _ in range(2))
    row = MACRO[150].copy()
    row[1] = plain.forecast(1)[0, 1]
    told.update(row[None])
    row[1] = np.nan
    plain.update(row[None])
    np.testing.assert_array_equal(plain.forecast(4), told.forecast(4))


def test_a_single_target_is_refused() -> None:
    with pytest.raises(DataError, match="at least two targets"):
        fit_var(MACRO[:, :1], 1)
    with pytest.raises(DataError, match="same targets"):
        fit_var(MACRO, 1, FitPlan(seconds=0.0)).update(MACRO[:3, :2])
