import numpy as np

from seqlab.figures.data_counts import class_bars, histogram_bins, plot_class_counts, plot_histogram


def test_every_length_is_counted_once():
    lengths = {"train": [2, 2, 9], "validation": [], "test": [500]}
    figure = plot_histogram(lengths, label="length")
    assert sum(int(np.sum(bar.y)) for bar in figure.data) == 4
    assert len(histogram_bins([2, 500], whole=True)) <= 62


def test_rare_classes_are_left_out_and_said():
    names = [f"<c{number}>" for number in range(40)]
    counts = {"train": list(range(40)), "test": [0] * 40}
    bars = class_bars(names, counts)
    assert bars.names[0] == "<c39>"
    assert bars.left_out == 14
    figure = plot_class_counts(names, counts)
    assert "14 rarer" in figure.layout.xaxis.title.text
    assert figure.layout.yaxis.ticktext[0] == "&lt;c39&gt;"


def test_nothing_is_an_empty_picture():
    assert not plot_class_counts([], {"train": []}).data
    assert not plot_histogram({"train": []}, label="length").data
    assert len(plot_histogram({"train": [0.5, 0.5]}, label="sum", whole=False).data) == 1
