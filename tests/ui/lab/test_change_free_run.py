"""Forecasts that are fed back are those of the chosen column."""

import numpy as np
import pytest

from seqlab.ui.lab import change_free_run


@pytest.mark.parametrize("column", [0, 1])
def test_a_free_run_begins_with_the_forecast_of_the_chosen_column(bench_of, deep_folder, monkeypatch, column):
    drawn, tables = [], []
    monkeypatch.setattr(change_free_run, "plot_change", lambda info, _: drawn.append(info))
    monkeypatch.setattr(change_free_run, "show_figure", lambda *_, **__: None)
    monkeypatch.setattr(change_free_run, "offer", lambda _, __, table, ___: tables.append(table()))
    bench = bench_of(deep_folder, window=2, column=column)
    change_free_run.draw_free_run(bench, [])
    np.testing.assert_allclose(drawn[0].unchanged[:2], bench.forecast.y_pred[0, :, column], rtol=1e-5)
    scaled = bench.fitted.prepared.to_data_units(tables[0]["without"].to_numpy()[:2].reshape(1, 2, 1), [column])[0, :, 0]
    np.testing.assert_allclose(scaled, bench.forecast.y_pred[0, :, column], rtol=1e-5)
