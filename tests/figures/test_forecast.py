import dataclasses

import numpy as np

from seqlab.figures.forecast import chain_origins, forecast_info, plot_forecast


def test_numbers_of_two_origins_with_a_break_between(picture, forecast):
    info = forecast_info([forecast], picture, (6, 8), context_length=3, target=0)
    assert info.rows.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert info.truth.tolist() == [3, 4, 5, 6, 7, 8, 9]
    ((name, rows, values),) = info.lines
    assert name == "LSTM 4"
    assert rows.tolist() == [6, 7, 7, 8, 9]
    np.testing.assert_array_equal(values, [6.5, 7.5, np.nan, 8.5, 9.5])
    assert info.first_steps == (6, 8)


def test_an_origin_a_model_lacks_is_left_out_and_truth_ends_with_the_data(picture, forecast):
    late = dataclasses.replace(forecast, model="late", origins=np.array([7, 8, 9]))
    info = forecast_info([forecast, late], picture, (9,), context_length=20, target=0)
    assert [name for name, _, _ in info.lines] == ["late"]
    assert info.rows[0] == 0
    assert np.isnan(info.truth[-1])


def test_chained_origins_do_not_overlap_and_end_as_late_as_possible(forecast):
    assert chain_origins(forecast) == (6, 8)


def test_picture(picture, forecast):
    other = dataclasses.replace(forecast, model="$naive$")
    figure = plot_forecast([forecast, other], series=picture, origins=[8], context_length=4, hidden=["$naive$"])
    assert [line.name for line in figure.data] == ["truth", "LSTM 4", "&#36;naive&#36;"]
    assert figure.data[2].visible == "legendonly"
    assert figure.data[1].line.dash == "solid"
    assert str(figure.data[1].x[0])[:10] == "2020-09-01"


def test_a_horizon_of_one_is_a_dot(picture, forecast):
    single = dataclasses.replace(forecast, y_pred=forecast.y_pred[:, :1], y_true=forecast.y_true[:, :1])
    assert plot_forecast([single], series=picture, origins=[8], context_length=4).data[1].mode == "markers"


def test_nothing_to_draw_says_so(picture, forecast):
    assert "no forecast yet" in plot_forecast([], series=picture, origins=[1], context_length=4).layout.annotations[0].text
    assert "from here" in plot_forecast([forecast], series=picture, origins=[2], context_length=2).layout.annotations[0].text
