import numpy as np

from seqlab.figures.ledger import (
    LedgerInfo,
    StepInfo,
    add_up,
    drawn_rows,
    ledger_cells,
    plot_content_by_age,
    plot_step_content,
    plot_step_units,
    plot_unit_ledger,
)
from seqlab.figures.palette import ABOVE, BELOW, STATE_SCALE

LABELS = [f"step {step + 1}, <b>{step}</b>" for step in range(4)]
CONTENT = np.array([[0.5, 0.0, 0.0, 0.0], [0.4, -0.2, 0.0, 0.0], [0.2, -0.1, 0.7, 0.0], [0.1, 0.0, 0.3, 0.6]])


def _whole(**changes):
    steps = np.arange(4)
    given = {"content": CONTENT, "rows": steps, "columns": np.stack([steps, steps], axis=1), "labels": LABELS, "state": "c"}
    return LedgerInfo(**{**given, "unit": 7, "step": 2, **changes})


def _step(**changes):
    given = {"content": np.array([[0.2, -0.1, 0.7, 0.0], [0.0, 0.3, 0.1, 0.0]]), "units": np.array([7, 2]), "unit": 7}
    return StepInfo(**{**given, "series": np.arange(4.0), "series_name": "a & b", "labels": LABELS, "state": "c", "step": 2, **changes})


def test_the_future_is_empty_and_not_zero():
    cells = ledger_cells(_whole())
    assert np.isnan(cells[np.triu_indices(4, 1)]).all()
    assert cells[3, 1] == 0.0
    assert np.isnan(ledger_cells(_whole(content=CONTENT.T, backward=True))[np.tril_indices(4, -1)]).all()
    pooled = _whole(content=CONTENT[1::2, 1::2], rows=np.array([1, 3]), columns=np.array([[0, 1], [2, 3]]))
    assert np.isnan(ledger_cells(pooled)).tolist() == [[False, True], [False, False]]


def test_a_unit_over_the_window_with_its_cursor():
    figure = plot_unit_ledger(_whole())
    assert list(figure.data[0].x) == list(figure.data[0].y) == [1, 2, 3, 4]
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-0.8, 0.8)
    assert tuple(figure.data[0].colorscale) == STATE_SCALE
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].y1) == (2.5, 3.5)
    assert "&lt;b&gt;" in figure.data[0].customdata[0][0]


def test_long_ledgers_begin_at_the_cursor():
    figure = plot_unit_ledger(_whole(shown=(1, 2)))
    assert figure.layout.xaxis.range == (1.5, 3.5)
    assert figure.layout.yaxis.range == (3.5, 1.5)
    assert plot_step_content(_step(shown=(1, 2))).layout.xaxis.range == (1.5, 3.5)
    assert plot_step_units(_step(shown=(1, 2))).layout.xaxis.range == (1.5, 3.5)
    assert plot_content_by_age(np.ones((2, 200)), state="c", shown=120).layout.xaxis.range == (-1, 120)


def test_a_step_taken_apart():
    series, bars = plot_step_content(_step()).data
    np.testing.assert_allclose(bars.y, [0.2, -0.1, 0.7, 0.0], rtol=1e-6)
    assert list(bars.marker.color) == [ABOVE, BELOW, ABOVE, ABOVE]
    assert series.y.tolist() == [0, 1, 2, 3]
    rows = plot_step_units(_step())
    assert list(rows.data[0].y) == ["7", "2"]
    assert rows.layout.shapes[0].y0 == -0.5


def test_of_a_large_layer_the_picked_unit_is_drawn_too():
    units = np.arange(200)[::-1]
    large = {"units": units, "content": units[:, None] * np.ones((1, 4))}
    for unit, rows in ((190, [*range(128)]), (72, [*range(128)]), (71, [*range(127), 128]), (3, [*range(127), 196])):
        info = _step(**large, unit=unit)
        assert drawn_rows(info).tolist() == rows
        figure = plot_step_units(info)
        (frame,) = figure.layout.shapes
        framed = figure.data[0].y[int(frame.y0 + 0.5)]
        assert framed == str(unit)
        assert len(figure.data[0].y) == 128
        assert figure.data[0].z[int(frame.y0 + 0.5)].tolist() == [unit] * 4
    assert drawn_rows(_step()).tolist() == [0, 1]


def test_sums_lose_nothing():
    values = np.random.default_rng(0).normal(size=(3, 1_001))
    sums, steps = add_up(values, 100)
    assert sums.shape == (3, 91)
    np.testing.assert_allclose(sums.sum(axis=1), values.sum(axis=1))
    assert steps[-1].tolist() == [990, 1_000]
    same, ones = add_up(values, 2_000)
    np.testing.assert_array_equal(same, values)
    assert (ones[:, 0] == ones[:, 1]).all()


def test_age_of_content():
    figure = plot_content_by_age(np.array([[0.5, -0.3], [0.1, 0.0]]), state="c")
    np.testing.assert_allclose(figure.data[-1].y, [0.5, 0.3])
    np.testing.assert_allclose(figure.data[1].y, [0.3, 0.15])
    np.testing.assert_allclose(figure.data[0].y, [0.14, 0.03, 0.27, 0.46], rtol=1e-6)  # the 10th percentile, and back along the 90th
    one = plot_content_by_age(np.array([[0.5]]), state="c")
    assert len(one.data) == 1
    assert (one.layout.xaxis.range, one.layout.xaxis.dtick) == ((-0.5, 0.5), 1)  # no "−1, −1, 0, 1, 1"


def test_nothing_in_it_is_said():
    empty = [
        plot_unit_ledger(_whole(content=np.zeros((4, 4)))),
        plot_step_content(_step(content=np.zeros((2, 4)))),
        plot_step_content(_step(unit=99)),
        plot_step_units(_step(content=np.zeros((2, 4)))),
        plot_content_by_age(np.zeros((2, 3)), state="c"),
    ]
    for figure in empty:
        assert not figure.data
        assert "nothing" in figure.layout.annotations[0].text


def test_one_step_is_no_error():
    one = {"content": np.array([[0.5]]), "labels": LABELS[:1], "step": 0}
    assert plot_unit_ledger(_whole(rows=np.array([0]), columns=np.array([[0, 0]]), **one)).data
    assert plot_step_content(_step(units=np.array([7]), series=np.array([np.nan]), **one)).data
    assert plot_step_units(_step(units=np.array([7]), **one)).data
