import numpy as np

from seqlab.figures.saturation import TriangleInfo, plot_triangle


def _info(**changes):
    given = {"left": np.array([0.1, 0.0, 0.5]), "right": np.array([0.2, 0.01, 0.5])}
    start = {"start_left": np.zeros(3), "start_right": np.array([0.0, 0.0, 0.1])}
    return TriangleInfo(**{"name": "f", "label": "Forget gate", "unit": 2, **given, **start, **changes})


def test_dots_are_units_before_and_after():
    triangle, arrows, before, after, picked = plot_triangle(_info()).data
    assert list(zip(triangle.x, triangle.y, strict=True)) == [(0, 0), (1, 0), (0, 1), (0, 0)]
    assert before.x.tolist() == [0, 0, 0.1]
    assert (after.x.tolist(), after.y.tolist()) == ([0.2, 0.01], [0.1, 0.0])
    assert (picked.x.tolist(), picked.y.tolist(), picked.name) == ([0.5], [0.5], "unit 2")
    assert picked.customdata[0].tolist() == [2, 50, 50]
    np.testing.assert_array_equal(arrows.x[6:8], [0.1, 0.5])
    assert np.isnan(arrows.x[2::3]).all()


def test_axes_say_what_they_count():
    layout = plot_triangle(_info()).layout
    assert layout.xaxis.title.text == "open: share of steps above 0.9"
    assert layout.yaxis.title.text == "shut: share of steps below 0.1"
    corners = {(item.x, item.y): item.text for item in layout.annotations}
    assert corners[0, 1] == "always shut"


def test_no_units_is_said():
    none = np.zeros(0)
    figure = plot_triangle(_info(left=none, right=none, start_left=none, start_right=none))
    assert "no units" in figure.layout.annotations[0].text
