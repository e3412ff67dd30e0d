import numpy as np
import pandas as pd
import pytest

from seqlab.figures.intervention import change_info, plot_change
from seqlab.records import SeriesPicture


@pytest.fixture
def info(picture):
    return change_info(
        picture,
        first_row=2,
        context=4,
        unchanged=[6.5, 7.5, 8.5, 9.5, 10.5],
        changed=[6.0, 7.0, 8.0, 9.0, 10.0],
        moved=[0.0, 0.1, 0.2, 0.1],
        moved_at=[0, 1, 2, 3],
        usual=[0.0, 0.1, 0.1, 0.1],
        steps=[(1, 2)],
    )


def test_numbers(info):
    assert info.rows.tolist() == list(range(2, 11))
    np.testing.assert_array_equal(info.truth, [2, 3, 4, 5, 6, 7, 8, 9, np.nan])  # beyond the data nothing was observed
    assert info.forecast_rows.tolist() == [6, 7, 8, 9, 10]
    assert info.moved_rows.tolist() == [2, 3, 4, 5]
    assert info.bands == ((3, 4),)
    assert info.starts == (6,)


def test_forecasts_that_follow_each_other_begin_every_horizon(picture):
    info = change_info(picture, first_row=0, context=2, unchanged=range(6), changed=range(6), moved=[0], moved_at=[1], horizon=2)
    assert info.starts == (2, 4, 6)
    assert info.usual is None


def test_picture_has_three_lines_above_and_the_moves_below(info, picture):
    figure = plot_change(info, picture)
    assert [line.yaxis for line in figure.data] == ["y", "y", "y", "y2", "y2"]
    np.testing.assert_array_equal(figure.data[1].y, info.unchanged)
    np.testing.assert_array_equal(figure.data[2].y, info.changed)
    np.testing.assert_array_equal(figure.data[3].y, info.usual)
    np.testing.assert_array_equal(figure.data[4].y, info.moved)
    # a row of the data is a month
    assert [str(line.x[0])[:7] for line in figure.data] == ["2020-03", "2020-07", "2020-07", "2020-03", "2020-03"]
    assert [str(line.x[-1])[:7] for line in figure.data] == ["2020-11", "2020-11", "2020-11", "2020-06", "2020-06"]
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert {(band.x0, band.x1) for band in bands} == {("2020-04-01T00:00:00", "2020-06-01T00:00:00")}


def test_rows_without_dates_and_a_name_that_looks_like_markup():
    series = SeriesPicture(name="<b>x</b>", index=pd.RangeIndex(8), values=np.arange(8.0))
    info = change_info(series, first_row=0, context=6, unchanged=[1.0], changed=[1.0], moved=[0.0], moved_at=[5])
    figure = plot_change(info, series)
    assert figure.layout.yaxis.title.text == "&lt;b&gt;x&lt;/b&gt;"
    assert figure.data[1].mode == "markers"
    assert figure.layout.yaxis2.range == (-0.05, 1)  # nothing moved: a flat line, not an empty axis around 0


def test_no_forecast_is_an_empty_picture(picture):
    info = change_info(picture, first_row=0, context=4, unchanged=[], changed=[], moved=[], moved_at=[])
    assert "no forecast" in plot_change(info, picture).layout.annotations[0].text
