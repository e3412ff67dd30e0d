"""Following new values against statsmodels' own append, and fits that are cut short."""

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from seqlab.baselines.plan import Budget, FitPlan, OutOfTimeError
from seqlab.baselines.statespace import FilteredState, fit_within
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "model",
    [
        SARIMAX(AIRLINE[:120], order=(1, 1, 1), seasonal_order=(0, 1, 0, 12)),
        SARIMAX(AIRLINE[:120], order=(1, 0, 0), seasonal_order=(0, 1, 0, 12), trend="c"),
        UnobservedComponents(AIRLINE[:120], level="lltrend", seasonal=12),
        UnobservedComponents(AIRLINE[:120], level="llevel", autoregressive=1, freq_seasonal=[{"period": 12, "harmonics": 2}]),
    ],
    ids=["arima", "constant", "season", "harmonics"],
)
def test_follows_like_statsmodels(model: object) -> None:
    results = model.smooth(model.start_params)
    state = FilteredState(results)
    new = AIRLINE[120:137].copy()
    new[[2, 9]] = np.nan
    state.update(new[:4])
    state.update(new[4:])
    expected = results.append(new, refit=False).get_forecast(20)
    np.testing.assert_allclose(state.forecast(20), expected.predicted_mean, rtol=1e-8)
    np.testing.assert_allclose(state.deviation(20), expected.se_mean, rtol=1e-8)


def test_a_fit_ends_with_its_time_and_keeps_the_iteration_it_reached() -> None:
    class Iterations(Budget):
        looks = 0

        def check(self, *_: object) -> None:
            self.looks += 1
            if self.looks == 4:
                raise OutOfTimeError

    model = UnobservedComponents(AIRLINE, level="lltrend", seasonal=4)
    cut, ended = fit_within(model, Iterations(60, lambda _: None))
    assert not ended
    whole, ended = fit_within(model, FitPlan().start())
    assert ended
    assert model.loglike(model.start_params) < cut.llf <= whole.llf
    np.testing.assert_allclose(whole.params, model.fit(disp=False).params)
    assert fit_within(model, FitPlan(seconds=0.0).start())[0].params.tolist() == list(model.start_params)


def test_matrices_that_change_are_refused() -> None:
    model = SARIMAX(AIRLINE, order=(1, 0, 0), exog=np.arange(AIRLINE.size))
    with pytest.raises(ValueError, match="change over time"):
        FilteredState(model.filter(model.start_params))
