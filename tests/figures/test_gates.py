import dataclasses

import numpy as np
import pytest

from seqlab.figures.gate_numbers import GatePanel, gate_info, round_limit
from seqlab.figures.gates import plot_gates
from seqlab.figures.palette import GATE_SCALE, STATE_SCALE

PANELS = (
    GatePanel(name="c", label="Cell state", low=None, high=None),
    GatePanel(name="g", label="Candidate", low=-1.0, high=1.0),
    GatePanel(name="f", label="Forget gate", low=0.0, high=1.0),
)
CHOICE = {"sample": 0, "layer": 0, "direction": "forward", "unit": 1}
ORDER = np.array([1, 2, 0])


@pytest.mark.parametrize(("top", "limit"), [(0.0, 0.1), (0.12, 0.15), (0.5, 0.5), (3.1, 4.0), (7.0, 8.0), (1.0, 1.0), (240.0, 250.0)])
def test_limits_are_round(top, limit):
    assert round_limit(np.array([-top, top / 2, np.nan])) == limit


def test_numbers_of_one_window(trace):
    info = gate_info(trace, PANELS, order=ORDER, **CHOICE)
    assert [panel.panel.name for panel in info.panels] == ["f", "g", "c"]
    assert [(panel.low, panel.high) for panel in info.panels] == [(0.0, 1.0), (-1.0, 1.0), (-10.0, 10.0)]
    assert info.steps.tolist() == [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]
    assert (info.pooled, info.windows, info.hidden_size) == (1, 2, 3)
    cell = info.panels[2]
    np.testing.assert_allclose(cell.values[0], np.arange(6) * 2 / 3, rtol=1e-6)
    np.testing.assert_allclose(cell.line, cell.values[0])
    np.testing.assert_allclose(cell.band_low, np.arange(6) * 2 / 3 * 1.1, rtol=1e-6)
    np.testing.assert_allclose(cell.band_high, np.arange(6) * 2 / 3 * 1.9, rtol=1e-6)


def test_limits_do_not_change_with_the_window(trace):
    limits = [gate_info(trace, PANELS, order=ORDER, **{**CHOICE, "sample": sample}).panels[2].high for sample in (0, 1)]
    assert limits[0] == limits[1]


def test_long_windows_show_means_and_large_layers_their_first_units(trace):
    info = gate_info(trace, PANELS, order=ORDER, max_columns=4, max_units=2, **CHOICE)
    assert info.pooled == 2
    assert info.steps.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert info.units.tolist() == [1, 2]
    np.testing.assert_allclose(info.panels[2].values[0], np.array([0.5, 2.5, 4.5]) * 2 / 3, rtol=1e-6)


def test_a_column_per_segment(trace):
    info = gate_info(dataclasses.replace(trace, segment_length=24), PANELS, order=ORDER, **CHOICE)
    assert info.steps[:2].tolist() == [[0, 23], [24, 47]]


def test_picture_shares_one_axis_and_fixes_the_colours(trace, picture, forecast):
    figure = plot_gates(trace, PANELS, order=ORDER, series=picture, first_row=2, forecast=forecast, **CHOICE)
    maps = [item for item in figure.data if item.type == "heatmap"]
    assert [(item.zmin, item.zmax) for item in maps] == [(0.0, 1.0), (-1.0, 1.0), (-10.0, 10.0)]
    assert tuple(maps[0].colorscale) == GATE_SCALE
    assert tuple(maps[1].colorscale) == tuple(maps[2].colorscale) == STATE_SCALE
    assert list(maps[0].y) == ["1", "2", "0"]
    assert str(maps[0].x[0])[:10] == "2020-03-01"
    assert len({axis.matches for axis in figure.select_xaxes()} - {None}) == 1
    lines = [item for item in figure.data if item.type == "scatter" and item.name == "LSTM 4"]
    assert str(lines[0].x[0])[:10] == "2020-09-01"


def test_the_frame_of_the_unit_encloses_its_cells(trace, picture):
    figure = plot_gates(trace, PANELS, order=ORDER, series=picture, first_row=2, **CHOICE)
    frame = next(shape for shape in figure.layout.shapes if shape.line.width == 2)
    columns = next(item for item in figure.data if item.type == "heatmap").x
    before, after = columns[0] - (columns[1] - columns[0]) / 2, columns[-1] + (columns[-1] - columns[-2]) / 2
    assert (np.datetime64(frame.x0), np.datetime64(frame.x1)) == (before, after)
    assert (frame.y0, frame.y1) == (-0.5, 0.5)


def test_missing_values_get_a_ground_of_their_own(trace, picture):
    gaps = {key: values.copy() for key, values in trace.gates.items()}
    plain = len(plot_gates(trace, PANELS, order=ORDER, series=picture, first_row=2, **CHOICE).layout.shapes)
    for values in gaps.values():
        values[0, 3] = np.nan
    figure = plot_gates(dataclasses.replace(trace, gates=gaps), PANELS, order=ORDER, series=picture, first_row=2, **CHOICE)
    assert len(figure.layout.shapes) == plain + len(PANELS)


def test_a_single_step_and_no_gate_are_no_error(trace, picture):
    one = dataclasses.replace(trace, gates={key: values[:, :1] for key, values in trace.gates.items()})
    for length in (1, 4):
        short = dataclasses.replace(one, segment_length=length)
        assert plot_gates(short, PANELS, order=ORDER, series=picture, first_row=2, **CHOICE).data
    assert "no gate" in plot_gates(trace, (), order=ORDER, series=picture, first_row=2, **CHOICE).layout.annotations[0].text
