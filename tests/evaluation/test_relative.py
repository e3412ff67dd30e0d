"""Skill and OWA against plain arithmetic."""

import math

import pytest

from seqlab.evaluation.relative import relative_means, relative_scores
from seqlab.records import Score


def made(target: str = "", **values: float) -> tuple[Score, ...]:
    return tuple(
        Score(metric=metric, value=value, reason="" if math.isfinite(value) else "It is broken.", target=target)
        for metric, value in values.items()
    )


def test_owa_from_the_errors_published_for_m4_hourly() -> None:
    stored = {
        "naive": made(mae=3.0, smape=43.003, mase=11.608),
        "seasonal_naive": made(mae=2.0, smape=13.912, mase=1.193),
        "naive2": made(mae=2.5, smape=18.383, mase=2.395),
        "ses": made(mae=2.4, smape=18.094, mase=2.385),
    }
    owa = {key: {one.metric: one.value for one in scores}["owa"] for key, scores in relative_means(stored).items()}
    assert owa["naive2"] == 1.0
    assert owa["seasonal_naive"] == pytest.approx((13.912 / 18.383 + 1.193 / 2.395) / 2)
    assert owa["ses"] == pytest.approx((18.094 / 18.383 + 2.385 / 2.395) / 2)
    assert owa["naive"] == pytest.approx((43.003 / 18.383 + 11.608 / 2.395) / 2)


def test_skill_per_column_then_its_mean_while_owa_takes_mean_errors() -> None:
    stored = {
        "naive": made("a", mae=4.0) + made("b", mae=1000.0),
        "naive2": made("a", smape=10.0, mase=1.0) + made("b", smape=30.0, mase=3.0),
        "net": made("a", mae=3.0, smape=5.0, mase=2.0) + made("b", mae=1500.0, smape=25.0, mase=2.0),
    }
    single = {(one.target, one.metric): one for one in relative_scores(stored)["net"]}
    assert single["a", "skill_naive"].value == 0.25
    assert single["b", "skill_naive"].value == -0.5
    assert single["a", "owa"].value == pytest.approx((5 / 10 + 2 / 1) / 2)
    mean = {one.metric: one for one in relative_means(stored)["net"]}
    assert mean["skill_naive"].value == pytest.approx((0.25 - 0.5) / 2)
    assert mean["owa"].value == pytest.approx((15 / 20 + 2 / 2) / 2)
    assert "Seasonal naive has not been compared here." in mean["skill_seasonal_naive"].reason


@pytest.mark.parametrize(
    ("reference", "own", "words"),
    [
        (made(mae=0.0), made(mae=1.0), "Naive makes no error here"),
        (made(mae=math.nan), made(mae=1.0), "Naive: It is broken."),
        (made(mae=1.0), made(mae=math.nan), "It is broken."),
        (made(rmse=1.0), made(mae=1.0), "Naive: mae was not computed."),
        (made(mae=5e-324), made(mae=1e300), "too large"),
    ],
)
def test_undefined_has_a_reason(reference: tuple[Score, ...], own: tuple[Score, ...], words: str) -> None:
    skill = relative_scores({"naive": reference, "net": own})["net"][0]
    assert math.isnan(skill.value)
    assert words in skill.reason
