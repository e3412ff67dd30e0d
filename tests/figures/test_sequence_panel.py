import numpy as np

from seqlab.figures.sequence_panel import SequenceView, _sequence_info, plot_sequence_images, plot_sequences

SHORT = np.array([[1.0, 2.0], [3.0, np.nan], [np.nan, np.nan]])


def test_empty_steps_at_the_end_are_cut_off():
    (view,), low, high = _sequence_info([SequenceView(title="a", values=SHORT), SequenceView(title="b", values=np.full((2, 2), np.nan))])
    assert view.values.shape == (2, 2)
    assert (low, high) == (1.0, 3.0)


def test_few_features_are_lines_and_many_a_map():
    views = [SequenceView(title="<b>", values=SHORT), SequenceView(title="c", values=np.ones((5, 2)))]
    figure = plot_sequences(views, ["x", "y"])
    assert [(line.type, len(line.x)) for line in figure.data] == [("scatter", 2), ("scatter", 2), ("scatter", 5), ("scatter", 5)]
    assert [note.text for note in figure.layout.annotations] == ["&lt;b&gt;", "c"]
    many = plot_sequences([SequenceView(title="a", values=np.ones((5, 12)))], [f"f{number}" for number in range(12)])
    assert many.data[0].z.shape == (12, 5)
    assert "no sequence" in plot_sequences([], ["x"]).layout.annotations[0].text


def test_images_share_their_colours():
    digits = [SequenceView(title=str(number), values=np.full((8, 8), float(number))) for number in range(7)]
    figure = plot_sequence_images(digits)
    assert {(image.zmin, image.zmax) for image in figure.data} == {(0.0, 6.0)}
    assert len(figure.data) == 7
