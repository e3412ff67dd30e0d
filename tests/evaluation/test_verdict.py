import numpy as np
import pytest

from seqlab.evaluation.significance import cosine_test, diebold_mariano
from seqlab.evaluation.verdict import compare_pair, pairs_of
from seqlab.records import Forecast


@pytest.fixture(scope="module")
def models():
    """Random walks forecast by their last value with noise: little of it, and much."""
    rng = np.random.default_rng(0)
    walk = rng.normal(size=400).cumsum()
    origins = np.arange(20, 380, 3)
    y_true = walk[origins[:, None] + np.arange(6)][..., None]
    last = walk[origins - 1, None, None]

    def made(model, noise):
        y_pred = np.repeat(last, 6, axis=1) + noise * rng.normal(size=(len(origins), 1, 1))
        return Forecast(model=model, targets=("y",), origins=origins, y_pred=y_pred, y_true=y_true)

    return made("good", 0.0), made("same", 0.1), made("bad", 3.0)


@pytest.mark.parametrize(("step", "lags"), [(None, 2), (6, 2), (3, 1), (1, 1)])
def test_numbers_are_those_of_the_tests(models, step, lags):
    good, _, bad = models
    pair = compare_pair(good, bad, step=step)
    steps = slice(None) if step is None else slice(step - 1, step)
    loss = [np.abs(one.y_true - one.y_pred)[:, steps, 0].mean(axis=1) for one in (good, bad)]
    d = loss[0] - loss[1]
    assert pair.p_value == cosine_test(d, lags).p_value
    assert pair.hln_statistic == diebold_mariano(d, lags).statistic
    assert pair.share == pytest.approx(loss[0].mean() / loss[1].mean() - 1)
    assert pair.overlap == lags - 1


def test_in_plain_words(models):
    good, same, bad = models
    said = compare_pair(good, bad).sentence
    assert "mean absolute error of good over all 6 steps is" in said
    assert "% smaller than that of bad" in said
    assert said.endswith("120 starting points), so it is hardly luck.")
    assert compare_pair(good, same, step=1).luck is True
    assert "equally good" in compare_pair(good, good).sentence
    assert compare_pair(good, good).luck is None
    few = [Forecast(model=m.model, targets=m.targets, origins=m.origins[:7], y_pred=m.y_pred[:7], y_true=m.y_true[:7]) for m in (good, bad)]
    assert "7 starting points are too few" in compare_pair(*few).sentence


def test_every_pair_both_ways(models):
    table = pairs_of(models, loss="squared", step=1)
    assert table[0][2].p_value == pytest.approx(table[2][0].p_value)
    assert table[0][2].statistic == pytest.approx(-table[2][0].statistic)
    assert table[1][1].reason
