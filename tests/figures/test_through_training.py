"""The story of a training: its numbers exactly, and what it draws when there is little or nothing to draw."""

import itertools

import numpy as np
import pytest

from seqlab.figures.through_training import START, Curve, StoryInfo, StoryRow, log_positions, plot_story, step_ticks, unit_curves

STEPS = np.array([0.0, 1.0, 10.0, 100.0])


def story(*rows, steps=STEPS, current=10, kept=None):
    return StoryInfo(rows=rows, steps=steps.astype(np.int64), current=current, kept=kept)


def row(values, **more):
    return StoryRow(title="loss", curves=[Curve(name="loss", steps=STEPS, values=np.array(values), color="#123456")], **more)


def test_step_0_has_a_place_on_the_logarithmic_axis():
    assert log_positions([0, 1, 100]).tolist() == [START, 1, 100]
    assert step_ticks(99) == ([START, 1.0, 10.0], ["0", "1", "10"])
    assert step_ticks(0) == ([START, 1.0], ["0", "1"])
    assert step_ticks(25_000)[1][-1] == "10,000"


def test_every_unit_has_a_line_and_the_picked_one_its_own():
    values = np.array([[1.0, 2.0, 3.0], [4.0, np.inf, 6.0]])
    others, picked = unit_curves([0, 5], values, 1)
    np.testing.assert_array_equal(others.values, [1, 4, np.nan, 3, 6, np.nan])
    np.testing.assert_array_equal(others.steps, [0, 5, np.nan, 0, 5, np.nan])
    assert list(others.labels) == ["unit 0"] * 3 + ["unit 2"] * 3
    np.testing.assert_array_equal(picked.values, [2, np.nan])
    assert len(unit_curves([0, 5], values[:, :1], 0)) == 1


def test_a_logarithmic_row_leaves_out_what_it_cannot_show():
    figure = plot_story(story(row([1.0, 0.0, -1.0, 0.1], log=True), row([0.0, 0.5, 1.0, 1.0], share=True)))
    np.testing.assert_array_equal(figure.data[0].y, [1, np.nan, np.nan, 0.1])
    assert figure.data[1].yaxis == "y2"
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis2.range == (-0.04, 1.04)
    assert figure.layout.xaxis.type == "log"


def test_a_narrow_logarithmic_row_names_1_2_and_5_and_a_wide_one_powers_of_ten():
    narrow, wide = (plot_story(story(row(values, log=True))).layout.yaxis for values in ([0.5, 0.4, 0.3, 0.2], [1.0, 1e-3, 1e-6, 1e-9]))
    assert {"0.2", "0.5", "1"} <= set(narrow.ticktext)
    assert (wide.dtick, wide.exponentformat) == (3, "power")
    assert plot_story(story(row([2.0] * 4, log=True))).layout.yaxis.ticktext


def test_the_rows_lie_below_each_other_without_overlap():
    rows = [row([1.0, 2.0, 3.0, 4.0]) for _ in range(4)]
    layout = plot_story(story(*rows)).layout
    domains = [layout[f"yaxis{'' if number == 1 else number}"].domain for number in range(1, 5)]
    for above, below in itertools.pairwise(domains):
        assert above[0] > below[1]
    assert domains[-1][0] == pytest.approx(0, abs=1e-9)


def test_the_moment_and_the_kept_weights_are_marked():
    figure = plot_story(story(row([1.0, 2.0, 3.0, 4.0]), current=0, kept=100))
    marks = [shape for shape in figure.layout.shapes if shape.layer != "below"]
    assert [(mark.x0, mark.line.dash) for mark in marks] == [(START, "solid"), (100, "dot")]
    same = plot_story(story(row([1.0, 2.0, 3.0, 4.0]), current=100, kept=100))
    assert len([shape for shape in same.layout.shapes if shape.layer != "below"]) == 1


def test_a_level_is_drawn_across_the_row():
    figure = plot_story(story(row([1.0, 2.0, 3.0, 4.0], log=True, level=36.0, level_label="a <b>lag</b>")))
    assert list(figure.data[-1].y) == [36, 36]
    assert figure.data[-1].name == "a &lt;b&gt;lag&lt;/b&gt;"


def test_nothing_to_draw_says_so():
    nothing = [story(), story(row([np.nan] * 4)), story(row([1.0] * 4), steps=np.array([]))]
    for info in nothing:
        figure = plot_story(info)
        assert not figure.data
        assert "no snapshot was kept" in figure.layout.annotations[0].text


def test_one_moment_is_a_dot():
    figure = plot_story(story(row([1.0, np.nan, np.nan, np.nan])))
    assert "markers" in figure.data[0].mode
    assert figure.data[0].marker.size[0] > 0


def test_one_moment_of_many_units_is_a_dot_for_each():
    curves = unit_curves([0], np.arange(1.0, 17.0)[None, :], 3)
    others, picked = plot_story(story(StoryRow(title="memory", curves=curves), steps=STEPS[:1])).data
    for trace in (others, picked):
        assert "markers" in trace.mode
        assert (trace.marker.size[np.isfinite(trace.y)] > 0).all()
    assert np.isfinite(others.y).sum() == 15


def test_only_what_no_line_shows_gets_a_dot():
    (line,) = plot_story(story(row([1.0, 2.0, 3.0, 4.0]))).data
    assert line.mode == "lines"
    values = np.array([[1.0, 5.0], [np.inf, 5.0], [np.inf, 5.0], [np.inf, 5.0]])
    others = plot_story(story(StoryRow(title="memory", curves=unit_curves(STEPS, np.hstack([values, values]), 3)))).data[0]
    assert others.marker.size.tolist() == [6, 0, 0, 0, 0, *[0] * 5, 6, 0, 0, 0, 0]
