import numpy as np

from seqlab.figures.calibration import Reliability, _calibration_info, plot_calibration


def model(right, count):
    return Reliability(name="m", probability=np.array([0.6, np.nan, 0.9]), right=np.array(right), count=np.array(count), error=0.05)


def test_empty_bins_are_left_out_and_shares_are_bounded():
    (info,) = _calibration_info([model([0.5, np.nan, 1.0], [10, 0, 3])])
    assert info.count.tolist() == [10, 3]
    np.testing.assert_allclose(info.low, [0.2366, 0.4385], atol=1e-4)
    np.testing.assert_allclose(info.high, [0.7634, 1.0], atol=1e-4)


def test_picture_has_the_diagonal_the_shares_and_the_counts():
    figure = plot_calibration([model([0.5, np.nan, 1.0], [10, 0, 3])])
    assert [item.type for item in figure.data] == ["scatter", "scatter", "bar"]
    assert figure.data[1].name == "m (off by 5.0 %)"
    assert figure.data[2].y.tolist() == [10, 3]
    assert figure.layout.xaxis.range[0] == 0.45
    assert "no probabilities" in plot_calibration([]).layout.annotations[0].text
