"""The pictures of gradient flow: their numbers exactly, and what they draw when there is little or nothing to draw."""

import numpy as np
import pytest

from seqlab.figures.gradient_flow import (
    DECADES,
    cell_color,
    flow_line,
    plot_gradient_flow,
    plot_gradient_terms,
    plot_jacobian_products,
    term_map,
)
from seqlab.figures.palette import MISSING

NORMS = np.array([[0.01, 0.1, 1.0], [0.02, 0.2, 2.0], [0.6, 0.9, 3.0]])


def test_shares_are_of_each_windows_own_last_step():
    line = flow_line("h", NORMS, last=2, share=True, color="#3B82C4")
    np.testing.assert_allclose(line.middle, [0.01, 0.1, 1.0])
    np.testing.assert_allclose(line.window, NORMS[0])
    np.testing.assert_allclose(line.high, np.quantile([[0.01, 0.1, 1], [0.01, 0.1, 1], [0.2, 0.3, 1]], 0.9, axis=0))
    assert line.windows == 3
    assert line.band


def test_absolute_values_are_left_alone():
    line = flow_line("h", NORMS, last=2, share=False, color="#3B82C4")
    np.testing.assert_allclose(line.middle, [0.02, 0.2, 2.0])
    np.testing.assert_allclose(line.low, np.quantile(NORMS, 0.1, axis=0))


def test_a_backward_direction_ends_at_the_first_step_and_a_part_is_measured_by_the_whole():
    np.testing.assert_allclose(flow_line("h", NORMS[:, ::-1], last=0, share=True, color="#3B82C4").middle, [1.0, 0.1, 0.01])
    np.testing.assert_allclose(flow_line("h", NORMS / 2, of=NORMS, last=2, share=True, color="#3B82C4").middle, [0.005, 0.05, 0.5])


def test_a_window_without_a_loss_is_left_out_and_no_gradient_has_no_share():
    with_nan = np.vstack([NORMS, np.full((1, 3), np.nan), np.zeros((1, 3))])
    line = flow_line("h", with_nan, last=2, share=True, color="#3B82C4")
    assert line.windows == 3
    np.testing.assert_allclose(line.middle, [0.01, 0.1, 1.0])
    assert not flow_line("h", NORMS[:1], last=2, share=True, color="#3B82C4").band


def _lines(*names):
    return [flow_line(name, NORMS, last=2, share=True, color=cell_color(name), dash="dash") for name in names]


def test_this_window_is_drawn_forward_in_time_and_lies_within_the_axis():
    """Its gradients may be larger and smaller than those of nine tenths of the windows."""
    norms = np.vstack([np.array([[1e-3, 0.1, 50.0]]), np.tile([[0.01, 0.1, 1.0]], (30, 1))])
    figure = plot_gradient_flow([flow_line("h", norms, last=2, share=False, color="#3B82C4")], last=2, share=False)
    band, window, middle = figure.data
    np.testing.assert_array_equal(window.y, [1e-3, 0.1, 50])
    np.testing.assert_array_equal(middle.y, [0.01, 0.1, 1])
    assert max(band.y) == 1
    low, high = figure.layout.yaxis.range
    assert low < np.log10(1e-3)
    assert np.log10(50) < high


def test_a_window_without_a_loss_does_not_move_the_axis():
    without = flow_line("h", np.vstack([np.full((1, 3), np.nan), NORMS]), last=2, share=True, color="#3B82C4")
    others = flow_line("h", NORMS, last=2, share=True, color="#3B82C4")
    axes = [plot_gradient_flow([line], last=2, share=True).layout.yaxis.range for line in (without, others)]
    assert axes[0] == axes[1]


def test_the_picture_has_a_logarithmic_axis_and_a_cursor():
    figure = plot_gradient_flow(_lines("lstm", "<b>gru</b>"), last=2, share=True, step=1)
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.xaxis.title.text == "step of the window"
    assert [item.name for item in figure.data if item.name] == ["lstm", "&lt;b&gt;gru&lt;/b&gt;"]
    assert figure.layout.shapes[0].x0 == 2
    assert figure.data[-1].x.tolist() == [1, 2, 3]
    assert figure.data[-1].customdata.tolist() == [2, 1, 0]
    assert "24 steps of the data each" in plot_gradient_flow(_lines("gru"), last=2, share=True, segment_length=24).layout.xaxis.title.text


def test_zeros_are_gaps_and_the_axis_ends_where_nothing_can_be_told():
    norms = np.array([[0.0, 1e-200, 1e-5, 1.0]])
    figure = plot_gradient_flow([flow_line("h", norms, last=3, share=True, color="#3B82C4")], last=3, share=True)
    assert np.isnan(figure.data[-1].y[0])
    assert figure.layout.yaxis.range[0] > -13


@pytest.mark.parametrize("norms", [np.full((1, 3), np.nan), np.zeros((2, 3))])
def test_nothing_to_draw_is_said(norms):
    figure = plot_gradient_flow([flow_line("h", norms, last=2, share=True, color="#3B82C4")], last=2, share=True)
    assert "no loss" in figure.layout.annotations[0].text
    assert not figure.data
    assert plot_gradient_flow([], last=0, share=True).layout.annotations


def test_terms_are_shares_of_the_largest():
    info = term_map(np.array([[0.001, 0.1], [0.0, 10.0], [np.nan, np.nan]]))
    np.testing.assert_allclose(info.log10, [[-4, -2], [-np.inf, 0], [np.nan, np.nan]])
    assert info.columns.tolist() == [0, 1]


def test_long_windows_keep_their_last_step():
    info = term_map(np.ones((2, 1_001)), max_columns=100)
    assert len(info.columns) <= 100
    assert info.columns[-1] == 1_000


def test_the_map_of_terms():
    norms = np.array([[0.001, 0.1], [0.0, 10.0], [np.nan, np.nan]])
    figure = plot_gradient_terms(norms, last=1, step=0)
    drawn = figure.data[0]
    assert (drawn.zmin, drawn.zmax) == (-DECADES, 0)
    np.testing.assert_allclose(drawn.z[:2], [[-4, -2], [-DECADES, 0]])
    assert np.isnan(drawn.z[2]).all()
    assert drawn.customdata[1, 1].tolist() == [10, 0]
    assert drawn.x.tolist() == [1, 2]
    assert any(shape.fillcolor == MISSING for shape in figure.layout.shapes)
    assert not any(shape.fillcolor == MISSING for shape in plot_gradient_terms(norms[:2], last=1).layout.shapes)
    assert "no loss" in plot_gradient_terms(norms[2:], last=1).layout.annotations[0].text


def test_products_far_outside_of_what_a_number_can_hold():
    lags = np.arange(4)
    figure = plot_jacobian_products([("rnn", "#000000", "solid", lags, np.array([0.0, -150.0, -400.5, -np.inf]))])
    assert figure.data[0].customdata[:3] == ("1", "1.0e-150", "3.2e-401")
    assert np.isnan(figure.data[0].y[3])
    low, high = figure.layout.yaxis.range
    assert -30 < low < 0 < high
    assert "1" in figure.layout.yaxis.ticktext


def test_one_step_has_no_product():
    assert "one step only" in plot_jacobian_products([("rnn", "#000000", "solid", np.arange(1), np.zeros(1))]).layout.annotations[0].text


def test_every_cell_has_a_colour_of_its_own():
    assert len({cell_color(cell) for cell in ("lstm", "gru", "rnn")}) == 3
    assert cell_color("a cell to come").startswith("#")


def test_a_short_axis_has_ticks_between_the_powers_of_ten():
    norms = np.array([[0.3, 0.5, 1.0]])
    axis = plot_gradient_flow([flow_line("h", norms, last=2, share=True, color="#3B82C4")], last=2, share=True).layout.yaxis
    assert {"0.5", "1"} <= set(axis.ticktext)
    stretch = plot_jacobian_products([("rnn", "#000000", "solid", np.arange(5), np.log10([1.0, 0.9, 0.7, 0.6, 0.5]))]).layout
    assert {"0.5", "1"} <= set(stretch.yaxis.ticktext)
    assert stretch.xaxis.dtick == 1  # steps are whole
