import dataclasses

import numpy as np

from seqlab.figures.comparison import _comparison_info, plot_error_by_step


def test_errors_leave_unobserved_values_out(forecast):
    y_true = forecast.y_true.copy()
    y_true[0, 0] = np.nan
    y_true[:, 1] = np.nan
    y_pred = forecast.y_pred.copy()
    y_pred[2, 0] += 1.0
    (line,) = _comparison_info([dataclasses.replace(forecast, y_true=y_true, y_pred=y_pred)])
    np.testing.assert_array_equal(line.error, [1.0, np.nan])


def test_picture(forecast):
    figure = plot_error_by_step([forecast, dataclasses.replace(forecast, model="<i>naive</i>")], unit="$")
    assert [line.name for line in figure.data] == ["LSTM 4", "&lt;i&gt;naive&lt;/i&gt;"]
    assert figure.data[0].y.tolist() == [0.5, 0.5]
    assert figure.layout.yaxis.title.text == "mean absolute error (&#36;)"


def test_nothing_to_draw_says_so(forecast):
    unseen = dataclasses.replace(forecast, y_true=np.full_like(forecast.y_true, np.nan))
    assert "no forecast" in plot_error_by_step([unseen]).layout.annotations[0].text
