import numpy as np
import pytest

from seqlab.evaluation.verdict import compare_pair
from seqlab.records import Forecast
from seqlab.ui.compare.luck_numbers import table_of_pairs
from seqlab.ui.compare.luck_view import _set_sentence, by_step, details


@pytest.fixture(scope="module")
def forecasts():
    rng = np.random.default_rng(0)
    y_true = rng.normal(size=(100, 3, 1))
    origins = np.arange(100)
    noise = rng.normal(size=(100, 3, 1))
    return [
        Forecast(model=name, targets=("y",), origins=origins, y_pred=y_true + size * np.roll(noise, shift, axis=0), y_true=y_true)
        for name, size, shift in (("good", [[1.0], [1.0], [1.0]], 0), ("bad", [[3.0], [1.0], [0.3]], 7))
    ]


def test_numbers_behind_the_verdict(forecasts):
    said = details(compare_pair(*forecasts, step=1))
    assert "over 100 starting points" in said
    assert "shares rows" not in said
    assert "p < 0.0001" in said
    over_all = details(compare_pair(*forecasts), scaled=True)
    assert "up to 2 starting points later" in over_all
    assert "standard deviation" in over_all
    few = [Forecast(model=f.model, targets=f.targets, origins=f.origins[:9], y_pred=f.y_pred[:9], y_true=f.y_true[:9]) for f in forecasts]
    assert "Fixed smoothing" not in details(compare_pair(*few))


def test_a_p_value_that_simulation_cannot_resolve_is_a_bound(forecasts):
    far = Forecast(model="far", targets=("y",), origins=forecasts[0].origins, y_pred=forecasts[0].y_pred + 50, y_true=forecasts[0].y_true)
    assert "p ≤ 0.0002" in details(compare_pair(forecasts[0], far))


def test_step_by_step(forecasts):
    said = by_step([compare_pair(*forecasts, step=step) for step in (1, 2, 3)])
    assert "good is better than bad by more than luck at 1 of 3 steps, worse at 1." in said


def test_which_may_be_the_best():
    assert _set_sentence(["a"], 3) == "Only a is left of 3 models."
    assert "2 of 3 models may be the best: a, b." in _set_sentence(["a", "b"], 3)
    assert "cannot tell them apart" in _set_sentence(["a", "b", "c"], 3)


def test_table_has_every_pair_once(forecasts):
    pairs = [[compare_pair(one, other) for other in forecasts] for one in forecasts]
    table = table_of_pairs(pairs)
    assert table[["first", "second", "step"]].to_numpy().tolist() == [["good", "bad", "all"]]
    assert table.p_value[0] == pairs[0][1].p_value
