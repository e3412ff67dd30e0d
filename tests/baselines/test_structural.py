"""Unobserved components: the form with the best AICc, long seasons, time."""

import numpy as np
import pytest
from statsmodels.tsa.statespace.structural import UnobservedComponents

from seqlab.baselines.plan import FitPlan
from seqlab.baselines.structural import FORMS, fit_unobserved_components
from seqlab.data.catalog import load_dataset

SUNSPOTS = load_dataset("sunspots").frame["sunspots"].to_numpy()[-80:]


@pytest.mark.filterwarnings("ignore")
def test_form_with_the_best_aicc_is_taken() -> None:
    fits = {
        form: UnobservedComponents(SUNSPOTS, level=form.level, autoregressive=form.lags or None, loglikelihood_burn=2).fit(disp=False)
        for form in FORMS
    }
    best = min(FORMS, key=lambda form: fits[form].aicc)
    model = fit_unobserved_components(SUNSPOTS, 1)
    assert model.notes[0].lower() == f"{best.words}; chosen by aicc among 4 forms.".lower()
    np.testing.assert_allclose(model.forecast(12), fits[best].forecast(12), rtol=1e-8)
    np.testing.assert_allclose(model.deviation(12), fits[best].get_forecast(12).se_mean, rtol=1e-8)


def test_missing_values_stay_missing() -> None:
    y = SUNSPOTS[:25].copy()  # few values: one form
    y[[7, 12]] = np.nan
    direct = UnobservedComponents(y, level="lldtrend").fit(disp=False)
    np.testing.assert_allclose(fit_unobserved_components(y, 1).forecast(5), direct.forecast(5), rtol=1e-8)


def test_time_ends_the_search_and_is_said() -> None:
    said: list[str] = []
    notes = fit_unobserved_components(SUNSPOTS, 30, FitPlan(seasons=(5,), seconds=0.0, say=said.append)).notes
    assert notes[0] == (
        "A level that wanders and a fixed slope, a season of 5 steps, 3 harmonics of a season of 30 steps; the only form tried."
    )
    assert "The time of 0 s was up after 1 of 4 forms." in notes
    assert "Its fit was cut short by the time: the variances are those of its last iteration." in notes
    assert said == ["Unobserved components: 1 of 4 forms tried"]
