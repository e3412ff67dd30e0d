from seqlab.figures.loss import _loss_info, plot_loss
from seqlab.records import EpochRecord


def epoch(number, validation_loss, best):
    return EpochRecord(
        epoch=number, step=number, train_loss=1 / number, validation_loss=validation_loss, learning_rate=0.1, gradient_norm=1.0,
        seconds=1.0, windows_per_second=1.0, best=best,
    )  # fmt: skip


def test_numbers():
    info = _loss_info([epoch(1, 3.0, True), epoch(2, 2.0, True), epoch(3, 2.5, False)])
    assert info.epoch.tolist() == [1, 2, 3]
    assert info.validation.tolist() == [3.0, 2.0, 2.5]
    assert (info.best_epoch, info.best_loss) == (2, 2.0)


def test_picture_marks_the_kept_epoch():
    figure = plot_loss([epoch(1, 3.0, True), epoch(2, 4.0, False)])
    assert [line.name for line in figure.data] == ["training", "validation", "kept weights"]
    assert figure.data[2].x == (1,)
    assert figure.layout.yaxis.type == "log"


def test_a_loss_of_zero_or_none_at_all_is_drawn_without_a_logarithm():
    assert plot_loss([epoch(1, 0.0, True)]).layout.yaxis.type == "linear"
    assert plot_loss([epoch(1, float("nan"), False)]).data[1].name == "validation"
    assert "no epoch" in plot_loss([]).layout.annotations[0].text


def test_levels_are_drawn_and_counted_for_the_axis():
    figure = plot_loss([epoch(1, 3.0, True), epoch(2, 2.0, False)], levels=[(0.167, "always 1"), (float("nan"), "unknown"), (0.0, "<b>")])
    assert [(line.y, line.text[1]) for line in figure.data[3:]] == [((0.167, 0.167), "always 1"), ((0.0, 0.0), "&lt;b&gt;")]
    assert figure.layout.yaxis.type == "linear"
