import numpy as np

from seqlab.figures.confusion import confusion_info, plot_confusion
from seqlab.records import ClassPrediction


def answers(true, said, classes=("a", "<b>", "c")):
    column = [np.array(values, dtype=np.int64)[:, None] for values in (true, said)]
    return ClassPrediction(model="m", classes=classes, samples=np.arange(len(true)), y_true=column[0], y_pred=column[1])


def test_numbers_count_pairs_and_leave_out_what_has_no_right_class():
    info = confusion_info(answers([0, 0, 1, -1, 1, 0], [0, 1, 1, 0, -1, 0]))
    assert info.classes == ("a", "<b>")
    assert info.said == ("a", "<b>", "no answer")
    assert info.count.tolist() == [[2, 1, 0], [0, 1, 1]]
    np.testing.assert_allclose(info.share, [[2 / 3, 1 / 3, 0], [0, 0.5, 0.5]])


def test_a_class_that_is_said_but_never_true_has_no_share():
    info = confusion_info(answers([0, 0], [0, 2]))
    assert info.numbers == (0, 2)
    assert np.isnan(info.share[1]).all()


def test_a_click_on_a_cell_tells_both_classes():
    figure = plot_confusion(answers([0, 0, 2, 1], [0, 2, 0, -1]), show="share")
    cells = figure.data[1]
    clicked = dict(zip(zip(cells.y, cells.x, strict=True), map(tuple, cells.customdata), strict=True))
    assert (clicked[0, 2], clicked[2, 0], clicked[1, 3]) == ((0, 2), (2, 0), (1, -1))
    assert cells.text[:3] == ("50 %", "", "50 %")
    assert "&lt;b&gt;" in figure.layout.xaxis.ticktext
    assert figure.data[0].z[0].tolist()[2] == -0.5


def test_many_classes_have_no_numbers_in_the_cells_but_all_names():
    numbers = list(range(26))
    figure = plot_confusion(answers(numbers, numbers, tuple(f"language {number}" for number in numbers)))
    assert set(figure.data[1].text) == {""}
    assert len(figure.layout.xaxis.ticktext) == len(figure.layout.yaxis.ticktext) == 26


def test_nothing_to_count_says_so():
    assert "no sequence" in plot_confusion(answers([-1], [0])).layout.annotations[0].text
