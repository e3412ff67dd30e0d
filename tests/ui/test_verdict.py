import math

import pytest

from seqlab.records import Score
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.verdict import best_model, reference_model, score_of, verdict


def model(key, mae, name=None):
    scores = (Score(metric="mae", value=mae, reason="too wild" if math.isnan(mae) else ""),)
    return ComparedModel(key=key, model=name or key.replace("_", " ").capitalize(), scores=scores, notes=(), seconds=1.0, number=0)


def test_better_worse_and_alike_are_said_with_numbers():
    simple = model("seasonal_naive", 10.0)
    better = verdict([model("fitted", 7.7, "LSTM 8"), simple], 12)
    assert better[0] == "LSTM 8 is better than seasonal naive by 23% on this test part (mean absolute error 7.7 against 10)."
    assert better[1] == "It is the best of the 2 models compared here."
    worse = verdict([model("fitted", 12.0, "LSTM 8"), simple, model("ets", 5.0, "ETS")], 12)
    assert worse[0].startswith("LSTM 8 is worse than seasonal naive by 20%")
    assert worse[1] == "The best here is ETS, with 5."
    assert "no better and no worse" in verdict([model("fitted", 10.05, "LSTM 8"), simple], 12)[0]


def test_a_series_nobody_can_beat_is_said():
    models = [model("fitted", 1.532, "LSTM 16"), model("naive", 1.509), model("drift", 1.508), model("seasonal_naive", 1.0)]
    said = verdict(models[:3], 1, "Nothing beats the last value.")
    assert said[0].startswith("LSTM 16 is worse than naive by 2%")
    assert said[1] == "No model here beats naive by even 1%."
    assert said[2] == "What is known about this data: Nothing beats the last value."


def test_the_caution_is_left_out_where_the_network_wins():
    assert not any("known" in sentence for sentence in verdict([model("fitted", 5.0), model("naive", 10.0)], 1, "Hopeless."))


def test_nothing_is_said_before_both_are_there():
    assert verdict([], 12) == ()
    assert verdict([model("fitted", 1.0), model("naive", 2.0)], 12) == ()


def test_what_cannot_be_computed_has_no_verdict():
    assert "no verdict" in verdict([model("fitted", math.nan), model("naive", 2.0)], 1)[0]
    assert "no error at all" in verdict([model("fitted", 1.0), model("naive", 0.0)], 1)[0]


@pytest.mark.parametrize(
    ("season", "naive", "key"),
    [(1, 3.0, "naive"), (12, 3.0, "seasonal_naive"), (12, 2.0, "seasonal_naive"), (12, 1.0, "naive"), (12, math.nan, "seasonal_naive")],
)
def test_the_forecast_to_beat_is_the_stronger_simple_one(season, naive, key):
    found = reference_model([model("naive", naive), model("seasonal_naive", 2.0)], season)
    assert found is not None
    assert found.key == key


def test_a_weak_season_does_not_flatter_the_network():
    said = verdict([model("fitted", 20.0, "LSTM 16"), model("seasonal_naive", 34.0), model("naive", 25.0)], 132)
    assert said[0].startswith("LSTM 16 is better than naive by 20%")


def test_the_best_model_leaves_out_what_has_no_number():
    assert best_model([model("a", math.nan)]) is None
    best = best_model([model("a", math.nan), model("b", 3.0), model("c", 2.0)])
    assert best is not None
    assert best.key == "c"
    assert math.isnan(score_of(best, "mase"))
