import dataclasses

import numpy as np

from seqlab.figures.palette import GATE_SCALE, STATE_SCALE
from seqlab.figures.search import SpanInfo, plot_span

INFO = SpanInfo(
    series=np.array([1.0, np.nan, 3.0, 4.0]),
    series_name="<b>sales</b>",
    values=np.arange(8.0).reshape(2, 4) / 8,
    units=np.array([5, 1]),
    matched=np.array([False, True]),
    first=1,
    last=2,
    offset=10,
    labels=[f"step {step}" for step in range(11, 15)],
    gate="h",
    low=-1.0,
    high=1.0,
)


def test_the_span_is_shaded_and_its_matching_units_framed():
    figure = plot_span(INFO)
    series, cells = figure.data
    assert series.x.tolist() == cells.x.tolist() == [11, 12, 13, 14]
    assert list(cells.y) == ["5", "1"]
    shade, frame = figure.layout.shapes
    assert (shade.x0, shade.x1) == (frame.x0, frame.x1) == (11.5, 13.5)
    assert (frame.y0, frame.y1) == (0.5, 1.5)
    assert figure.layout.yaxis.title.text == "&lt;b&gt;sales&lt;/b&gt;"


def test_matching_neighbours_share_a_frame():
    _, frame = plot_span(dataclasses.replace(INFO, matched=np.array([True, True]))).layout.shapes
    assert (frame.y0, frame.y1) == (-0.5, 1.5)
    assert frame.xref == "x2"


def test_gates_and_states_have_their_own_colours():
    assert tuple(plot_span(INFO).data[1].colorscale) == STATE_SCALE
    assert tuple(plot_span(dataclasses.replace(INFO, low=0.0)).data[1].colorscale) == GATE_SCALE
    assert plot_span(INFO, small=True).data[1].showscale is False


def test_no_units_is_said():
    empty = dataclasses.replace(INFO, values=np.zeros((0, 4)), units=np.zeros(0, dtype=int), matched=np.zeros(0, dtype=bool))
    assert "no unit" in plot_span(empty).layout.annotations[0].text
