"""The curves of a small cell."""

import numpy as np

from seqlab.figures.hand_cell import HandLine, HandPanel, plot_hand


def test_a_panel_each_and_one_strong_line_per_value() -> None:
    values = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    panels = [
        HandPanel(title="Input", lines=(HandLine(name="x", values=values[:, :1]),)),
        HandPanel(title="Gates", lines=(HandLine(name="i", values=values), HandLine(name="f", values=values)), low=0.0, high=1.0),
        HandPanel(title="Candidate", lines=()),
        HandPanel(title="State", lines=(HandLine(name="c", values=np.zeros((4, 2))),), first=0),
    ]
    figure = plot_hand(panels, unit=1, step=2)
    assert len(figure.data) == 1 + 4 + 2
    strong = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert len(strong) == 4
    np.testing.assert_array_equal(strong[1].y, values[:, 1])
    assert list(strong[-1].x) == [0, 1, 2, 3]
    assert [shape.x0 for shape in figure.layout.shapes] == [3] * 3
    assert len(figure.layout.annotations) == 3


def test_nothing_or_something_infinite_gives_a_titled_empty_figure() -> None:
    for panels in ([], [HandPanel(title="State", lines=(HandLine(name="c", values=np.full((2, 1), np.inf)),))]):
        assert "not a finite number" in plot_hand(panels, unit=0, step=0).layout.annotations[0].text
