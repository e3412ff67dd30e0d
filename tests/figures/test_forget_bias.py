"""The forget-bias picture: where everything stands, and how it looks while nothing is trained."""

import numpy as np
import pytest

from seqlab.figures.forget_bias import TrialInfo, plot_forget_bias, promised_curve

NAN = float("nan")


def trial(label, bias, *, error=NAN, verdict="", median=NAN, longest=NAN):
    return TrialInfo(
        label=label, bias=bias, promised_low=1.44, promised_high=30.0, start_median=3.0, start_longest=4.0, median=median, longest=longest,
        error=error, verdict=verdict,
    )  # fmt: skip


def by_name(figure):
    return {trace.name: trace for trace in figure.data}


def test_the_promise_is_the_published_formula():
    biases, steps = promised_curve(-2, 5, 8)
    np.testing.assert_allclose(biases, np.arange(-2, 6))
    np.testing.assert_allclose(steps[2:], [1.44, 3.19, 7.88, 20.6, 55.1, 148.9], rtol=2e-3)


def test_trials_stand_at_their_bias_and_spread_ones_beside():
    figure = plot_forget_bias([trial("-1", -1.0), trial("2", 2.0), trial("chrono", NAN)], lag=31, trivial=NAN)
    traces = by_name(figure)
    assert list(traces["measured before training, middle unit"].x) == [-1, 2, 3.5]
    assert list(traces["measured before training, middle unit"].y) == [3, 3, 3]
    assert list(figure.layout.xaxis.ticktext) == ["-1", "2", "chrono"]
    spread = figure.data[1]
    assert list(spread.x) == [3.5, 3.5]
    assert list(spread.y) == [1.44, 30.0]
    assert list(traces["lag of the task, 31 steps"].y) == [31, 31]


def test_before_training_no_room_is_kept_for_errors():
    fresh = plot_forget_bias([trial("2", 2.0)], lag=31, trivial=NAN).layout
    done = plot_forget_bias([trial("2", 2.0, error=0.5, verdict="partly")], lag=31, trivial=NAN).layout
    assert (fresh.xaxis.anchor, fresh.yaxis.domain[0]) == ("y", 0)
    assert (done.xaxis.anchor, done.yaxis2.domain[0]) == ("y2", 0)
    assert fresh.height < done.height


def test_errors_are_coloured_by_verdict():
    trials = [
        trial("1", 1.0, error=0.5, verdict="not learned", median=2.0, longest=5.0),
        trial("4", 4.0, error=0.02, verdict="solved", median=90.0, longest=np.inf),
        trial("6", 6.0),
    ]
    figure = plot_forget_bias(trials, lag=31, trivial=0.545)
    traces = by_name(figure)
    assert list(traces["solved"].x) == [4]
    assert list(traces["not learned"].y) == [0.5]
    assert "partly" not in traces
    assert list(traces["always forecasting 0"].y) == [0.545, 0.545]
    np.testing.assert_array_equal(traces["after training, longest memory"].y, [5, np.nan, np.nan])
    np.testing.assert_array_equal(traces["after training, middle unit"].y, [2, 90, np.nan])
    assert traces["solved"].yaxis == "y2"


@pytest.mark.parametrize("trials", [[trial("chrono", NAN)], [trial("0", 0.0)]])
def test_one_trial_alone_can_be_drawn(trials):
    assert plot_forget_bias(trials, lag=5, trivial=NAN).data


def test_no_trial_says_so():
    assert "no run was planned" in plot_forget_bias([], lag=5, trivial=NAN).layout.annotations[0].text
