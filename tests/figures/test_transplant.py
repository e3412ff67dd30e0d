import dataclasses

import numpy as np
import pytest

from seqlab.figures.transplant import FlipInfo, flip_range, plot_flip, plot_transplant


@pytest.fixture
def info():
    return FlipInfo(
        places=np.arange(3),
        scores=np.array([0.0, 0.4, 1.0]),
        others=np.array([[0.0, 0.2, 1.0], [0.1, 0.6, 1.0]]),
        by_horizon=np.array([[0.0, 0.1], [0.3, 0.5], [1.0, 1.0]]),
        cursor=np.int64(1),
    )


def test_the_curve_the_other_donors_and_single_steps_ahead(info):
    figure = plot_flip(info)
    named = {item.name: item for item in figure.data}
    np.testing.assert_allclose(named["whole forecast"].y, [0.0, 0.4, 1.0], rtol=1e-6)
    band = named["middle 80 % of 2 other donors"]
    np.testing.assert_allclose(band.y[:3], [0.01, 0.24, 1.0], rtol=1e-6)
    assert named["1 step ahead"].visible == named["2 steps ahead"].visible == "legendonly"
    np.testing.assert_allclose(named["2 steps ahead"].y, [0.1, 0.5, 1.0], rtol=1e-6)
    assert {shape.y0 for shape in figure.layout.shapes} >= {0.0, 1.0}
    ticks = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    assert (ticks[0], ticks[1]) == ("0: A", "1: B")
    assert all(float(text.split(":")[0].replace("−", "-")) == value for value, text in ticks.items())


def test_a_horizon_of_one_has_no_single_steps_and_one_donor_no_band(info):
    alone = dataclasses.replace(info, others=np.zeros((0, 3)), by_horizon=info.by_horizon[:, :1])
    assert [item.name for item in plot_flip(alone).data] == ["whole forecast"]


def test_donors_without_any_score_draw_no_band(info):
    nothing = dataclasses.replace(info, others=np.full((2, 3), np.nan))
    assert "middle" not in " ".join(item.name for item in plot_flip(nothing).data)


@pytest.mark.parametrize(
    ("scores", "limits"),
    [([0.0, 1.0], (-0.1, 1.1)), ([-0.5, 0.2], (-0.6, 1.1)), ([-7.0, 7.0], (-1.05, 2.05)), ([np.nan, np.nan], (-0.1, 1.1))],
)
def test_limits_hold_zero_and_one_and_no_outlier(scores, limits):
    np.testing.assert_allclose(flip_range(np.array(scores)), limits)


def test_no_score_at_all_gives_a_titled_empty_figure(info):
    figure = plot_flip(dataclasses.replace(info, scores=np.full(3, np.nan)))
    assert "same forecast" in figure.layout.annotations[0].text


def test_the_three_forecasts(info):
    values = np.array([1.0, 2.0])
    figure = plot_transplant(
        values, values + 1, values + 2, np.array([np.nan, 5.0]), unit="<i>cars</i>", labels=["May", "June"], donor_name="B"
    )
    assert [item.name for item in figure.data] == ["truth after A", "A", "B", "A with B's state"]
    np.testing.assert_array_equal(figure.data[3].y, [3.0, 4.0])
    np.testing.assert_array_equal(figure.data[0].x, [1, 2])
    assert figure.layout.yaxis.title.text == "&lt;i&gt;cars&lt;/i&gt;"


def test_no_step_ahead_gives_a_titled_empty_figure():
    none = np.zeros(0)
    assert "forecasts no step" in plot_transplant(none, none, none, none, unit="y", labels=[], donor_name="B").layout.annotations[0].text
