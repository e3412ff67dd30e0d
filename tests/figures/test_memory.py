import numpy as np
import pytest

from seqlab.figures.memory import TimescaleInfo, log_range, plot_predicted_timescales, plot_timescales


def _info(timescale=(2.0, 8.0, np.inf, 4.0), **changes):
    tau = np.array(timescale)
    given = {"timescale": tau, "half_life": 0.693 * tau, "horizon": 3 * tau, "low": 0.5 * tau, "high": 2 * tau, "unit": 3}
    return TimescaleInfo(**{**given, "marks": {"season": 12.0, "<i>": 36.0}, **changes})


def test_units_stand_in_the_order_of_their_memory():
    figure = plot_timescales(_info())
    half, tau, horizon = figure.data
    assert tau.x.tolist() == [8, 4, 2]  # the endless one cannot stand on a logarithmic axis
    assert list(tau.customdata) == ["1", "3", "0"]
    np.testing.assert_allclose(half.x / tau.x, 0.693)
    np.testing.assert_allclose(horizon.x / tau.x, 3)
    assert tau.error_x.array.tolist() == [8, 4, 2]
    assert tau.error_x.arrayminus.tolist() == [4, 2, 1]
    frame = next(shape for shape in figure.layout.shapes if shape.y0 == 0.5)
    assert frame.y1 == 1.5


def test_the_tasks_own_lags_are_lines_within_the_axis():
    figure = plot_timescales(_info())
    lines = [shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1]
    assert lines == [12, 36]
    low, high = figure.layout.xaxis.range
    assert low < 0
    assert high > np.log10(36)
    assert [item.text for item in figure.layout.annotations] == ["season: 12", "&lt;i&gt;: 36"]
    assert {1, 2, 5, 10, 20} <= set(figure.layout.xaxis.tickvals)


def test_predicted_and_measured_share_one_scale():
    figure = plot_predicted_timescales(_info(predicted=np.array([1.0, 8.0, 3.0, np.inf])))
    diagonal, units = figure.data
    assert units.x.tolist() == [1, 8]
    assert units.y.tolist() == [2, 8]
    assert units.name == "units"
    assert tuple(diagonal.x) == tuple(diagonal.y)
    assert figure.layout.xaxis.range == figure.layout.yaxis.range


def test_the_picked_unit_has_its_own_colour_in_the_legend():
    _, units, picked = plot_predicted_timescales(_info(predicted=np.array([1.0, 8.0, 3.0, 5.0]))).data
    assert units.x.tolist() == [1, 8]
    assert (picked.name, picked.x.tolist(), picked.y.tolist()) == ("unit 3", [5], [4])
    assert picked.marker.color != units.marker.color


def test_nothing_to_show_is_said():
    assert "no unit ever forgets" in plot_timescales(_info([np.inf])).layout.annotations[0].text
    assert "not a number, so nothing could be measured" in plot_timescales(_info([np.nan, np.nan])).layout.annotations[0].text
    assert (
        "of 1 unit the gate is not a number, the others never forget" in plot_timescales(_info([np.nan, np.inf])).layout.annotations[0].text
    )
    assert "no gate with a bias" in plot_predicted_timescales(_info()).layout.annotations[0].text


@pytest.mark.parametrize("tau", [[3.0], [1e-3, 1e6], np.geomspace(1, 1000, 512)])
def test_any_number_and_size_of_units(tau):
    figure = plot_timescales(_info(tau))
    assert len(figure.data[1].x) == min(len(tau), 128)
    assert len(figure.layout.yaxis.tickvals) <= 32
    assert log_range(np.array(tau))[0] < log_range(np.array(tau))[1]


def test_a_unit_that_never_forgets_in_some_windows_has_no_bar_beyond():
    figure = plot_timescales(_info([2.0], high=np.array([np.inf])))
    assert figure.data[1].error_x.array.tolist() == [0]
