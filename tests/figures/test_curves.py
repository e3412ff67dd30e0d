import numpy as np

from seqlab.figures.curves import RateCurve, _curve_info, plot_precision_recall, plot_roc

CURVE = RateCurve(
    name="<i>LSTM</i>",
    x=np.array([0.0, 0.0, 1.0]),
    y=np.array([0.0, 1.0, 1.0]),
    threshold=np.array([np.inf, 0.5, 0.0]),
    area=1.0,
    chance=0.25,
)


def test_thinning_keeps_both_ends_and_the_corner():
    x = np.concatenate([np.zeros(1000), np.linspace(0, 1, 1000)])
    y = np.concatenate([np.linspace(0, 1, 1000), np.ones(1000)])
    (thin,) = _curve_info([RateCurve(name="m", x=x, y=y, threshold=np.linspace(1, 0, 2000))], max_points=50)
    assert len(thin.x) <= 52
    assert (thin.x[0], thin.y[0], thin.x[-1], thin.y[-1]) == (0, 0, 1, 1)
    assert (thin.x + 1 - thin.y).min() < 0.05


def test_roc_has_the_line_of_a_guess_and_the_area():
    figure = plot_roc([CURVE])
    assert [line.name for line in figure.data] == ["guessing", "&lt;i&gt;LSTM&lt;/i&gt; (area 1.000)"]
    assert figure.data[1].customdata[0] == "never yes"


def test_precision_of_a_guess_is_drawn_where_all_share_it():
    assert plot_precision_recall([CURVE]).data[0].y == (0.25, 0.25)
    other = RateCurve(name="b", x=CURVE.x, y=CURVE.y, threshold=CURVE.threshold, chance=0.5)
    assert len(plot_precision_recall([CURVE, other]).data) == 2


def test_nothing_to_draw_says_so():
    nothing = RateCurve(name="m", x=np.array([np.nan]), y=np.array([0.5]), threshold=np.array([0.5]))
    assert "probabilities" in plot_roc([nothing]).layout.annotations[0].text
    assert "probabilities" in plot_precision_recall([]).layout.annotations[0].text
