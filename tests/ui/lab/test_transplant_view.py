"""The transplant of another column, and a donor that follows the window until one is chosen."""

import numpy as np
import pytest

from seqlab.gates.transplant import transplant_state
from seqlab.ui.lab import transplant_view


@pytest.mark.parametrize("column", [0, 1])
def test_forecasts_are_in_the_units_of_the_chosen_column(bench_of, deep_folder, column):
    bench = bench_of(deep_folder, window=2, column=column)
    made = transplant_state(bench.fitted.model, bench.x[0], bench.x[1:2], receiver_future=bench.future[0], donor_futures=bench.future[1:2])
    forecast = transplant_view._in_data_units(bench, made.receiver)
    np.testing.assert_allclose(forecast, bench.forecast.y_pred[0, :, column], rtol=1e-5)
    table = transplant_view._table(bench, made, made.flips(beyond_reference=True))
    np.testing.assert_allclose(table["forecast_a"].to_numpy()[:2], bench.forecast.y_pred[0, :, column], rtol=1e-5)


def test_the_donor_follows_the_window_and_a_chosen_one_stays(open_gates):
    app = open_gates(view="Transplant")
    first = app.selectbox(key="transplant_donor").value
    window = next(number for number in "12345" if number != first)
    other = open_gates(view="Transplant", window=window).selectbox(key="transplant_donor").value
    assert other != first
    app.slider(key="window").set_value(int(window)).run()
    assert app.selectbox(key="transplant_donor").value == other
    chosen = next(number for number in "6789" if number not in {first, other})
    app.selectbox(key="transplant_donor").select(chosen).run()
    app.slider(key="window").set_value(10).run()
    assert not app.error
    assert app.selectbox(key="transplant_donor").value == chosen
