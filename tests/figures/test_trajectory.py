import dataclasses

import numpy as np
import pandas as pd
import pytest

from seqlab.figures.axis import positions
from seqlab.figures.trajectory import TrajectoryInfo, faint_paths, faint_windows, plot_components, plot_trajectory, stretched


@pytest.fixture
def info():
    """Three windows, four steps, three components; the first window goes along 0, 1, 2, 3 in the first component."""
    steps = np.arange(4.0)
    first = np.stack([steps, steps**2, np.zeros(4)], axis=1)
    return TrajectoryInfo(
        projections=np.stack([first, first + 1, first - 1]),
        share=np.array([0.6, 0.3, 0.0]),
        labels=["a <b>", "b", "c", "d"],
        places=positions(pd.date_range("2020-01-01", periods=4, freq="MS")),
        season_length=12,
        step=2,
    )


def test_the_first_window_is_bold_and_the_others_faint(info):
    figure = plot_trajectory(info)
    others, path = figure.data[:2]
    assert np.isnan(others.x[4])
    np.testing.assert_array_equal(others.x[:4], [1, 2, 3, 4])
    np.testing.assert_array_equal(path.x, [0, 1, 2, 3])
    np.testing.assert_array_equal(path.y, [0, 1, 4, 9])
    np.testing.assert_array_equal(path.marker.color, [1, 2, 3, 4])
    assert path.customdata[0] == "a &lt;b&gt;"


def test_axes_say_how_much_is_seen(info):
    figure = plot_trajectory(info, across=0, up=1)
    assert figure.layout.xaxis.title.text == "component 1 (60 % of the spread)"
    assert figure.layout.yaxis.title.text == "component 2 (30 % of the spread)"
    assert figure.layout.yaxis.scaleanchor == "x"
    assert plot_trajectory(info, across=1, up=2).layout.xaxis.title.text.startswith("component 2")


def test_a_flat_path_is_stretched(info):
    flat = dataclasses.replace(info, share=np.array([0.99, 0.01, 0.0]))
    assert stretched(flat, 0, 1)
    assert stretched(flat, 1, 0)
    assert plot_trajectory(flat).layout.yaxis.scaleanchor is None
    assert not stretched(info, 0, 1)


def test_cursor_first_and_last_step_are_marked(info):
    marks = {item.name: (item.x[0], item.y[0]) for item in plot_trajectory(info).data[2:]}
    assert marks == {"first step": (0, 0), "last step": (3, 9), "cursor": (2, 4)}


def test_colours_follow_the_season(info):
    path = plot_trajectory(dataclasses.replace(info, phase=np.array([10, 11, 0, 1]))).data[1]
    assert path.marker.color.tolist() == [11, 12, 1, 2]
    assert (path.marker.cmin, path.marker.cmax) == (1, 13)
    assert path.marker.colorscale[0][1] == path.marker.colorscale[-1][1], "the season ends where it begins"


def test_too_many_points_leave_windows_out():
    many = np.arange(24.0).reshape(6, 2, 2)
    assert len(faint_paths(many, 0, 1, most=4)[0]) == 2 * 3
    assert len(faint_paths(many, 0, 1)[0]) == 5 * 3
    assert len(faint_paths(many[:1], 0, 1)[0]) == 0
    x, _ = faint_paths(many, 0, 1, most=4)
    np.testing.assert_array_equal(x, [4, 6, np.nan, 16, 18, np.nan])  # the second and the fifth window
    assert list(faint_windows(6, 2, most=4)) == [1, 4]
    assert len(faint_windows(65, 960)) == 16


def test_components_over_time_leave_out_those_there_are_not(info):
    figure = plot_components(info)
    assert [item.name for item in figure.data if item.name] == ["1: 60 %", "2: 30 %"]
    assert str(figure.data[1].x[0])[:10] == "2020-01-01"
    np.testing.assert_array_equal(figure.data[1].y, [0, 1, 2, 3])
    for band, middle in ((figure.data[0], np.arange(4.0)), (figure.data[2], np.arange(4.0) ** 2)):  # windows at -1, 0 and 1 around it
        np.testing.assert_allclose(band.y, np.concatenate([middle - 0.8, (middle + 0.8)[::-1]]), rtol=1e-6)
    assert figure.layout.shapes[0].x0 == "2020-03-01T00:00:00"


def test_one_window_and_one_step_are_no_error(info):
    alone = dataclasses.replace(info, projections=info.projections[:1, :1], labels=["a"], places=info.places[:1], step=0)
    assert [item.name for item in plot_trajectory(alone).data] == ["this window", "first step", "last step", "cursor"]
    assert plot_components(alone).data


def test_a_state_that_stands_still_gives_a_titled_empty_figure(info):
    still = dataclasses.replace(info, share=np.zeros(3))
    for figure in (plot_trajectory(still), plot_components(still)):
        assert "never moves" in figure.layout.annotations[0].text


def test_few_steps_have_whole_ticks(info):
    few = dataclasses.replace(info, projections=info.projections[:, :5], phase=None)
    bars = [trace.marker.colorbar for trace in plot_trajectory(few).data if trace.mode != "lines"]
    assert 1 in {bar.dtick for bar in bars}
