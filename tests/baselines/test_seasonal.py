"""The test for a season, and taking a long one out and back in."""

import math

import numpy as np
import pytest
from statsmodels.tsa.seasonal import seasonal_decompose

from seqlab.baselines.seasonal import adjusted, deseasonalised, is_seasonal, seasonal_figure
from seqlab.data.catalog import load_dataset

AIRLINE = load_dataset("airline_passengers").frame["passengers"].to_numpy()


def m4_seasonality_test(y: list[float], m: int) -> bool:
    """As in the code the M4 organisers published."""
    mean = sum(y) / len(y)

    def acf(k: int) -> float:
        return sum((y[i] - mean) * (y[i - k] - mean) for i in range(k, len(y))) / sum((v - mean) ** 2 for v in y)

    s = sum(acf(k) ** 2 for k in range(1, m))
    limit = 1.645 * math.sqrt((1 + 2 * s) / len(y))
    return len(y) >= 3 * m and abs(acf(m)) > limit


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("m", [4, 7, 12])
def test_decision_is_that_of_the_m4_code(seed: int, m: int) -> None:
    generator = np.random.default_rng(seed)
    y = generator.normal(size=60) + (seed % 4) * 0.4 * np.sin(2 * np.pi * np.arange(60) / m)
    assert is_seasonal(y, m) == m4_seasonality_test(y.tolist(), m)


def test_short_constant_or_seasonless_series_have_none() -> None:
    assert is_seasonal(AIRLINE, 12)
    assert not is_seasonal(AIRLINE[:35], 12)
    assert not is_seasonal(np.ones(100), 4)
    assert not is_seasonal(AIRLINE, 1)


def test_figure_is_statsmodels_classical_decomposition() -> None:
    expected = seasonal_decompose(AIRLINE, model="additive", period=12).seasonal
    np.testing.assert_allclose(seasonal_figure(AIRLINE, 12).ahead(144), expected, atol=1e-12)


def test_taking_out_and_putting_back_gives_the_series() -> None:
    y = np.tile(np.arange(30.0), 5)[:140]
    figure, rest, notes = adjusted(y, 30, longest=24)
    assert figure is not None
    assert figure.season_length == 30
    assert "taken out" in notes[0]
    figure.advance(-140)
    np.testing.assert_allclose(rest + figure.ahead(140), y)
    figure.advance(140)
    np.testing.assert_allclose(figure.ahead(2) - figure.ahead(1)[0], [0, 1])


@pytest.mark.parametrize(("rows", "m", "words"), [(80, 30, "fewer than three seasons"), (200, 30, "not significant"), (200, 20, None)])
def test_series_without_a_long_season_stay_as_they_are(rows: int, m: int, words: str | None) -> None:
    y = np.random.default_rng(1).normal(size=rows)
    figure, rest, notes = adjusted(y, m, longest=24)
    assert figure is None
    np.testing.assert_array_equal(rest, y)
    assert notes == () if words is None else words in notes[0]


def test_the_m4_rule_divides_where_it_can_and_subtracts_where_it_cannot() -> None:
    for y, model in ((AIRLINE, "multiplicative"), (AIRLINE - 200, "additive")):
        figure, rest, notes = deseasonalised(y, 12)
        expected = seasonal_decompose(y, model=model, period=12).seasonal
        np.testing.assert_allclose(rest, y / expected if model == "multiplicative" else y - expected)
        np.testing.assert_allclose(figure.put_back(figure.taken_out(y[:30])), y[:30])
        np.testing.assert_allclose(figure.widened(np.ones(12)), expected[:12] if model == "multiplicative" else 1.0)
        assert bool(notes) == (model == "additive")
    assert deseasonalised(AIRLINE, 1)[::2] == (None, ())
    assert "fewer than three seasons" in deseasonalised(AIRLINE[:30], 12)[2][0]
