import dataclasses

import numpy as np
import pytest

from seqlab.figures.gate_numbers import GatePanel
from seqlab.figures.palette import GATE_SCALE, STATE_SCALE
from seqlab.figures.sweep import plot_sweep, sweep_info

PANELS = (
    GatePanel(name="i", label="Input gate", low=0.0, high=1.0),
    GatePanel(name="g", label="Candidate", low=-1.0, high=1.0),
    GatePanel(name="o", label="Output gate", low=0.0, high=1.0),
)


@pytest.fixture
def numbers():
    values = {name: np.full((5, 2), level) for name, level in (("i", 0.2), ("g", -0.5), ("o", 0.9))}
    values["i"][4] = 0.6
    delta = np.zeros((3, 2, 3))
    delta[0, 1, 2], delta[1, 1, 2], delta[2] = 0.4, -0.1, np.nan
    return {
        "rows": ["i := 0", "g := mean"],
        "delta": delta,
        "loss": np.array([0.3, 0.1, np.nan]),
        "steps": np.array([[0, 1], [2, 3], [4, 4]]),
        "segment_length": 7,
        "panels": PANELS,
        "values": values,
    }


def test_numbers(numbers):
    info = sweep_info(**numbers)
    assert info.loss == pytest.approx(0.2)
    assert info.windows == 2  # a window of which nothing was observed is no zero
    assert info.share[1, 2] == pytest.approx(200)
    assert info.mean_share[1, 2] == pytest.approx(75)
    assert [[panel.name for panel in group] for group in info.gates] == [["i", "o"], ["g"]]
    np.testing.assert_allclose(info.open["i"], [0.2, 0.2, 0.6])
    assert info.steps.tolist() == [[0, 13], [14, 27], [28, 34]]
    assert info.limit >= 75


def test_small_changes_are_drawn_small(numbers):
    info = sweep_info(**{**numbers, "delta": numbers["delta"] * 1e-6})
    assert info.limit == 1.0  # percent: nothing that small may look strong


def test_picture(numbers, picture):
    figure = plot_sweep(sweep_info(**numbers), index=picture.index, first_row=0)
    maps = figure.data
    assert [tuple(one.y) for one in maps] == [("i", "o"), ("g",), ("i := 0", "g := mean"), ("i := 0", "g := mean")]
    assert tuple(maps[0].colorscale) == GATE_SCALE
    assert all(tuple(one.colorscale) == STATE_SCALE for one in maps[1:])
    assert (maps[1].zmin, maps[1].zmax) == (-1, 1)
    assert maps[2].zmin == -maps[2].zmax == maps[3].zmin
    assert all(len(one.x) == 4 for one in maps)  # edges, as columns may stand for different numbers of steps
    assert "mean of 2 windows" in figure.layout.annotations[-1].text


def test_one_window_has_no_mean_and_an_empty_sweep_says_so(numbers, picture):
    one = {**numbers, "delta": numbers["delta"][:1], "loss": numbers["loss"][:1]}
    info = sweep_info(**one)
    assert len(plot_sweep(info, index=picture.index, first_row=0).data) == 3
    empty = plot_sweep(dataclasses.replace(info, rows=()), index=picture.index, first_row=0)
    assert "nothing to force" in empty.layout.annotations[0].text


def test_a_window_that_was_not_observed_is_grey_and_not_zero(numbers, picture):
    info = sweep_info(**{**numbers, "delta": numbers["delta"][::-1], "loss": numbers["loss"][::-1]})
    figure = plot_sweep(info, index=picture.index, first_row=0)
    assert np.isnan(figure.data[2].z).all()
    assert any(shape.type == "rect" for shape in figure.layout.shapes)
