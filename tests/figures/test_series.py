import dataclasses

import numpy as np
import pandas as pd

from seqlab.figures.series import _series_info, plot_series
from seqlab.records import SeriesPicture


def test_numbers(picture):
    info = _series_info(picture)
    assert info.y.tolist() == list(range(10))
    assert info.y.dtype == np.float32
    assert not info.decimated
    days = [(name, str(first)[:10], str(last)[:10], count) for name, first, last, count in info.parts]
    assert days == [
        ("train", "2020-01-01", "2020-06-01", 5),
        ("validation", "2020-06-01", "2020-08-01", 2),
        ("test", "2020-08-01", "2020-10-01", 3),
    ]


def test_long_series_are_thinned():
    picture = SeriesPicture(name="x", index=pd.RangeIndex(20_000), values=np.sin(np.arange(20_000)))
    info = _series_info(picture)
    assert info.decimated
    assert len(info.x) == len(info.y) <= 4_000
    assert info.parts == ()


def test_picture_has_a_shade_per_part_and_a_line_per_series(picture):
    figure = plot_series([picture, dataclasses.replace(picture, name="<b>other</b>")])
    assert len(figure.data) == 2
    assert len(figure.layout.shapes) == 6
    assert [shape.name for shape in figure.layout.shapes if shape.showlegend] == ["train (5 rows)", "validation (2 rows)", "test (3 rows)"]
    assert figure.data[1].name == "&lt;b&gt;other&lt;/b&gt;"
    assert figure.layout.title.text is None


def test_nothing_to_draw_says_so(picture):
    for pictures in ([], [dataclasses.replace(picture, values=np.full(10, np.nan))]):
        figure = plot_series(pictures)
        assert not figure.data
        assert "no value" in figure.layout.annotations[0].text
