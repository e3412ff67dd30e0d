"""What bands amount to in words and tables."""

import numpy as np
import pandas as pd
import pytest

from seqlab.evaluation.intervals import interval_of, probabilistic_scores
from seqlab.records import Forecast
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.intervals_numbers import Banded, best_by_msis, long_table, score_table, verdict_on


def made(name: str, misses: int, origins: int = 100, width: float = 1.0) -> Banded:
    """One step ahead from many origins; a band of ``width`` to both sides that misses some of the values."""
    errors = np.zeros((origins, 1, 1))
    errors[:misses] = 9 * width
    forecast = Forecast(model=name, targets=("y",), origins=np.arange(50, 50 + origins), y_pred=np.zeros_like(errors), y_true=errors)
    before = Forecast(model=name, targets=("y",), origins=np.arange(19), y_pred=np.zeros((19, 1, 1)), y_true=np.full((19, 1, 1), width))
    band = interval_of(forecast, before, 0.9, "split")
    scores = probabilistic_scores(forecast, before, 0.9, "split", np.arange(9.0)[:, None], 1)
    model = ComparedModel(key=name, model=name, scores=(), notes=(), seconds=0.0, number=0)
    return Banded(model=model, forecast=forecast, band=band, scores={one.metric: one for one in scores}, values=origins)


@pytest.mark.parametrize(
    ("misses", "words"),
    [(11, "held 89 % of 100 values: about what it promises."), (20, "too few"), (0, "wider than it need be")],
)
def test_the_verdict_says_whether_the_promise_was_kept(misses: int, words: str) -> None:
    said = verdict_on(made("LSTM", misses))
    assert said.startswith("The 90 % band of LSTM held")
    assert words in said
    assert "Mind that" not in said


def test_few_forecasts_are_said_to_be_few() -> None:
    assert "what it promises. Mind that there are only 10 forecasts" in verdict_on(made("LSTM", 1, origins=10))
    assert "fewer than it promises, but no more off than chance allows, as there are only 10 forecasts." in verdict_on(
        made("LSTM", 2, origins=10)
    )


def test_the_best_band_is_first_and_a_missing_score_last() -> None:
    good, wide = made("good", 10), made("wide", 10, width=5.0)
    broken = made("broken", 0)
    band = interval_of(broken.forecast, None, 0.9)
    scores = {one.metric: one for one in probabilistic_scores(broken.forecast, None, 0.9, "split", np.arange(9.0)[:, None], 1)}
    broken = Banded(model=broken.model, forecast=broken.forecast, band=band, scores=scores, values=100)
    assert list(score_table([broken, wide, good])["Model"]) == ["good", "wide", "broken"]
    best = best_by_msis([broken, wide, good])
    assert best is good
    assert best_by_msis([broken, good]) is None
    assert "cannot be judged. There are no forecasts of the validation part" in verdict_on(broken)


def test_long_table_has_every_bound() -> None:
    table = long_table([made("LSTM", 3)], pd.RangeIndex(200), "y")
    assert len(table) == 100
    assert table.loc[0, ["starts_at", "step", "time", "lower", "upper", "value"]].tolist() == [50, 1, 50, -1.0, 1.0, 9.0]
