import math

import pytest

from seqlab.records import Score
from seqlab.runs.comparison_log import Chance, ComparedModel
from seqlab.ui.compare.verdict import best_model, reference_model, verdict

SURE, LUCK = Chance(p_value=0.003, method="DM"), Chance(p_value=0.2, method="DM")


def model(key, mae, name=None, chance=None):
    scores = (Score(metric="mae", value=mae, reason="too wild" if math.isnan(mae) else ""),)
    return ComparedModel(
        key=key, model=name or key.replace("_", " ").capitalize(), scores=scores, notes=(), seconds=1.0, number=0, chance=chance
    )


def judge(own, simple, *others, seeds=(), chance=SURE, **more):
    network, reference = model("fitted", own, "LSTM 8"), model("seasonal_naive", simple, chance=chance)
    again = [model(f"seed:{number}", value) for number, value in enumerate(seeds, 1)]
    return verdict(network, again, reference, [network, reference, *others], **more)


@pytest.mark.parametrize(
    ("own", "chance", "tone", "headline"),
    [
        (7.7, SURE, "better", "LSTM 8 is better than seasonal naive by 23% on this test part (mean absolute error 7.7 against 10)."),
        (12.0, SURE, "worse", "LSTM 8 is worse than seasonal naive by 20% on this test part (mean absolute error 12 against 10)."),
        (7.7, LUCK, "open", "LSTM 8 is better than seasonal naive by 23% on this test part (mean absolute error 7.7 against 10), but that"),
        (10.05, SURE, "open", "LSTM 8 is no better and no worse than seasonal naive on this test part"),
        (math.nan, SURE, "open", "The mean absolute error of LSTM 8 or of Seasonal naive cannot be computed"),
    ],
)
def test_the_headline_says_better_worse_or_that_nobody_knows(own, chance, tone, headline):
    said = judge(own, 10.0, chance=chance)
    assert said.tone == tone
    assert said.headline.startswith(headline)


def test_chance_is_said_with_its_number_or_with_the_reason_why_there_is_none():
    assert "in 0.3 % of cases (DM)" in " ".join(judge(7.7, 10.0).sentences)
    unknown = judge(7.7, 10.0, chance=Chance(p_value=math.nan, method="DM", reason="there are 2 starting points."))
    assert unknown.tone == "open"
    assert unknown.sentences[0] == "Whether that is luck cannot be said: there are 2 starting points."


def test_the_mean_over_seeds_is_judged_and_a_lucky_one_found_out():
    assert "mean absolute error mean over 3 seeds 9 against 10" in judge(7.0, 10.0, seeds=(9.0, 11.0)).headline
    assert "Only 2 of 3 seeds are better" in " ".join(judge(7.0, 10.0, seeds=(9.0, 11.0)).sentences)
    assert "All 3 seeds are better" in " ".join(judge(7.0, 10.0, seeds=(9.0, 8.0)).sentences)
    assert "None of the 2 seeds" in " ".join(judge(17.0, 10.0, seeds=(19.0,)).sentences)
    assert "one run with one seed" in " ".join(judge(7.0, 10.0).sentences)


def test_a_better_baseline_is_named_with_its_chance():
    assert "The best here is ETS, with 5: better than the network by more than luck" in " ".join(
        judge(7.0, 10.0, model("ets", 5.0, "ETS", SURE)).sentences
    )
    assert "could be luck (p = 0.2)" in " ".join(judge(7.0, 10.0, model("ets", 5.0, "ETS", LUCK)).sentences)
    assert "It is the best of the 2 models" in " ".join(judge(7.0, 10.0).sentences)


def test_a_series_nobody_can_beat_is_said_with_what_is_known_about_it():
    said = " ".join(judge(10.2, 10.0, caution="Nothing beats the last value.").sentences)
    assert "No model here beats seasonal naive by even 1%." in said
    assert "What is known about this data: Nothing beats the last value." in said
    assert "What is known" not in " ".join(judge(5.0, 10.0, caution="Hopeless.").sentences)


@pytest.mark.parametrize(
    ("season", "naive", "key"),
    [(1, 3.0, "naive"), (12, 3.0, "seasonal_naive"), (12, 2.0, "seasonal_naive"), (12, 1.0, "naive"), (12, math.nan, "seasonal_naive")],
)
def test_the_forecast_to_beat_is_the_stronger_simple_one(season, naive, key):
    found = reference_model([model("naive", naive), model("seasonal_naive", 2.0)], season)
    assert found is not None
    assert found.key == key


def test_the_best_model_leaves_out_what_has_no_number():
    assert best_model([model("a", math.nan)]) is None
    best = best_model([model("a", math.nan), model("b", 3.0), model("c", 2.0)])
    assert best is not None
    assert best.key == "c"
