"""From where the test part is forecast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.errors import ConfigError
from seqlab.evaluation.origins import spread_origins, test_origins
from seqlab.training.fitted import Fitted


def test_every_origin_of_a_small_test_part(airline_network: Fitted) -> None:
    bounds = airline_network.prepared.bounds
    expected = np.arange(bounds.validation_end, bounds.end - 12 + 1)
    np.testing.assert_array_equal(test_origins(airline_network.prepared), expected)
    np.testing.assert_array_equal(test_origins(airline_network.prepared, limit=2), expected[[0, -1]])


@given(st.integers(1, 3000), st.integers(1, 200), st.sampled_from([1, 7, 12, 24, 168]), st.integers(0, 500))
def test_origins_are_possible_unique_ascending_and_few(count: int, limit: int, m: int, first: int) -> None:
    possible = np.arange(first, first + count)
    chosen = spread_origins(possible, limit, m)
    assert 1 <= len(chosen) <= limit
    assert len(chosen) >= min(count, limit // 2 + 1) or limit == 1
    assert np.isin(chosen, possible).all()
    assert (np.diff(chosen) > 0).all()


@pytest.mark.parametrize("count", [24 * 499 + 1, 48 * 499 + 1, 168 * 499 + 1, 2605, 12000])
@pytest.mark.parametrize("m", [24, 168])
def test_all_hours_are_met_even_where_an_even_step_is_a_whole_day(count: int, m: int) -> None:
    chosen = spread_origins(np.arange(count), 500, m)
    assert len(np.unique(chosen % m)) >= 0.9 * m
    assert len(chosen) > 450
    assert chosen[0] == 0
    assert chosen[-1] == count - 1


def test_limit_below_one_is_refused() -> None:
    with pytest.raises(ConfigError, match="limit is 0"):
        spread_origins(np.arange(3), 0, 1)
