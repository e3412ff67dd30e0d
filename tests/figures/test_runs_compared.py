"""Pictures of several runs: their numbers exactly, the pictures for being there."""

import numpy as np
import pytest

from seqlab.figures.parallel import ParallelAxis, _axis_info, plot_parallel
from seqlab.figures.pareto import ParetoPoint, _front_info, plot_pareto
from seqlab.figures.run_curves import RunCurve, _curves_info, plot_run_curves
from seqlab.figures.run_forecasts import plot_run_forecasts
from seqlab.figures.run_groups import RunGroup, plot_groups
from seqlab.figures.run_style import run_style
from seqlab.figures.search_history import TrialPoint, _search_info, plot_search
from seqlab.records import EpochRecord


def epochs(*losses):
    best, made = np.inf, []
    for number, loss in enumerate(losses, 1):
        made.append(
            EpochRecord(
                epoch=number, step=number, train_loss=loss / 2, validation_loss=loss, learning_rate=0.1, gradient_norm=1.0,
                seconds=0.1, windows_per_second=1.0, best=loss < best,
            )
        )  # fmt: skip
        best = min(best, loss)
    return made


def point(cost, error, *, front):
    return ParetoPoint(name="<b>", short="1", cost=cost, error=error, on_front=front, position=0)


def test_curves():
    given = {"a": (epochs(3, 1, 2), 0), "b": (epochs(5), 4), "c": ([], 2)}
    first, second = _curves_info([RunCurve(name=name, history=history, position=place) for name, (history, place) in given.items()])
    assert (first.best_epoch, first.best_loss, first.validation.tolist(), first.train.tolist()) == (2, 1, [3, 1, 2], [1.5, 0.5, 1])
    assert (second.name, second.position, second.best_epoch) == ("b", 4, 1)
    curves = [RunCurve(name="<i>a</i>", history=epochs(3, 1, 2), position=0)]
    assert [trace.name for trace in plot_run_curves(curves).data] == ["&lt;i&gt;a&lt;/i&gt;", None]
    assert len(plot_run_curves(curves, train=True).data) == 3
    assert plot_run_curves(curves).layout.yaxis.type == "log"
    assert plot_run_curves([RunCurve(name="a", history=epochs(1, 0), position=0)]).layout.yaxis.type == "linear"


def test_the_front_is_a_staircase():
    points = [point(4, 1, front=True), point(1, 5, front=True), point(2, 3, front=True), point(3, 9, front=False)]
    assert _front_info(points) == ([1, 2, 2, 4, 4], [5, 5, 3, 3, 1])
    figure = plot_pareto([*points, point(np.nan, 1, front=False)], cost="parameters", error="loss")
    assert sum(len(trace.x) for trace in figure.data[1:]) == 4
    assert figure.layout.xaxis.type == "log"
    assert plot_pareto([point(0, 5, front=True)], cost="s", error="loss").layout.xaxis.type == "linear"


def test_parallel_axes():
    words = _axis_info(ParallelAxis(label="cell", values=["gru", "rnn", "gru"]))
    assert (words.places.tolist(), words.texts) == ([0, 1, 0], ("gru", "rnn"))
    few = _axis_info(ParallelAxis(label="units", values=[32.0, 8.0, 32.0]))
    assert (few.ticks, few.texts) == ((8, 32), ("8", "32"))
    rates = _axis_info(ParallelAxis(label="rate", values=[1e-4, 2e-4, 5e-4, 2e-3, 5e-3, 1e-2], log=True))
    np.testing.assert_allclose(rates.ticks, [-4, -3.5, -3, -2.5, -2])
    assert rates.texts == ("0.0001", "0.000316", "0.001", "0.00316", "0.01")
    figure = plot_parallel([ParallelAxis(label="units", values=[1.0, 2.0, 3.0])], [0.1, np.nan, 1.0], title="loss")
    units, loss = figure.data[0].dimensions
    assert list(units["values"]) == [1, 3]
    np.testing.assert_allclose(loss["values"], [-1, 0])


def test_best_so_far():
    trials = [TrialPoint(number=n, loss=loss, over=True, text="") for n, loss in enumerate([np.nan, 3, 4, 1, np.nan], 1)]
    np.testing.assert_array_equal(_search_info(trials), [np.nan, 3, 3, 1, 1])
    figure = plot_search(trials, planned=9)
    assert [len(trace.x) for trace in figure.data] == [5, 3, 2]


def test_forecasts_keep_the_colours_of_their_runs(forecast, picture):
    figure = plot_run_forecasts([forecast, forecast], [3, 1], series=picture, origin=7, context_length=3)
    assert [trace.line.color for trace in figure.data[1:]] == [run_style(3)["color"], run_style(1)["color"]]
    assert list(figure.data[1].y) == [7.5, 8.5]


def test_groups():
    group = RunGroup(value="8", names=("a", "b"), errors=np.array([1.0, 3.0]), mean=2.0, deviation=np.sqrt(2))
    empty = RunGroup(value="16", names=(), errors=np.array([]), mean=np.nan, deviation=np.nan)
    dots, means = plot_groups([group, empty], setting="units", error="loss").data
    assert (list(dots.x), list(dots.y), list(means.y)) == (["8", "8"], [1, 3], [2])


@pytest.mark.parametrize(
    "figure",
    [
        plot_run_curves([]),
        plot_pareto([], cost="c", error="e"),
        plot_parallel([], [], title="loss"),
        plot_search([], planned=3),
        plot_groups([], setting="s", error="e"),
    ],
)
def test_nothing_yet_is_said(figure):
    assert not figure.data
    assert figure.layout.annotations[0].text
