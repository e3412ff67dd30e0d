import numpy as np

from seqlab.figures.class_probability import mind_info, plot_class_probability

CLASSES = list("abcdefgh")


def read(*leaders):
    probability = np.full((len(leaders), 8), 0.02)
    probability[np.arange(len(leaders)), leaders] = 0.86
    return probability


def test_the_step_from_which_the_final_answer_leads_without_a_break():
    info = mind_info(read(1, 3, 1, 3, 3), CLASSES)
    assert (info.final, info.settled) == ("d", 3)
    assert mind_info(read(3, 3), CLASSES).settled == 0


def test_final_true_and_once_leading_classes_have_lines_and_the_rest_is_summed():
    info = mind_info(read(7, 1, 3), CLASSES, true="g")
    assert info.names[:2] == ("d", "g")
    assert {"h", "b"} <= set(info.names)
    assert len(info.names) == 5
    assert info.others == 3
    np.testing.assert_allclose(info.lines.sum(axis=0) + info.rest, 1.0)


def test_picture_names_the_words_and_marks_the_decision():
    figure = plot_class_probability(read(1, 3, 3), CLASSES, labels=["a", "a", "<b>"], true="d", unit="word")
    assert figure.layout.xaxis.labelalias["3"] == "&lt;b&gt;"
    assert figure.layout.shapes[0].x0 == 1
    assert figure.layout.annotations[0].text == "settled on d"
    assert figure.data[0].name == "<b>d</b> (true)"
    assert "no step" in plot_class_probability(np.empty((0, 2)), ["a", "b"]).layout.annotations[0].text
