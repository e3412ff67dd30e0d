import numpy as np

from seqlab.figures.length_accuracy import LengthCurve, _length_info, plot_length_accuracy

CURVE = LengthCurve(name="LSTM", length=np.array([20, 10, 40]), right=np.array([5, 10, 0]), count=np.array([10, 10, 0]))


def test_lengths_are_sorted_and_those_without_sequences_left_out():
    (info,) = _length_info([CURVE])
    assert info.length.tolist() == [10, 20]
    assert info.share.tolist() == [1.0, 0.5]
    np.testing.assert_allclose(info.low, [0.7225, 0.2366], atol=1e-4)


def test_picture_marks_the_training_length_and_chance():
    figure = plot_length_accuracy([CURVE], trained=15, chance=0.5)
    assert [note.text for note in figure.layout.annotations] == ["longest in training", "guessing: 50 %"]
    assert figure.data[-1].y.tolist() == [1.0, 0.5]
    assert "no sequence" in plot_length_accuracy([]).layout.annotations[0].text
