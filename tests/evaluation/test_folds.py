"""Where the folds of a backtest lie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlab.config import BacktestConfig
from seqlab.data.catalog import load_dataset
from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.folds import fold_origins, plan_folds
from seqlab.records import SplitBounds

AIRLINE = load_dataset("airline_passengers")
LATCH = load_dataset("latch", gap=6, blocks=50)  # blocks of 8 rows


@settings(max_examples=20)
@given(st.integers(0, 300), st.integers(1, 300), st.integers(1, 30), st.integers(1, 10), st.one_of(st.none(), st.integers(1, 40)))
def test_folds_lie_in_the_room_and_end_at_its_end(first: int, room: int, horizon: int, folds: int, spacing: int | None) -> None:
    if room < horizon + (folds - 1) * (spacing or 1):
        with pytest.raises(DataError, match=f"only {room} follow"):
            fold_origins(first, first + room, horizon, folds, trained=True, spacing=spacing)
        return
    origins, notes = fold_origins(first, first + room, horizon, folds, trained=True, spacing=spacing)
    assert len(origins) == folds
    assert origins[0] >= first
    assert origins[-1] + horizon == first + room
    apart = np.unique(np.diff(origins))
    if spacing is not None:
        assert (apart == spacing).all()
    else:
        assert (apart == horizon).all() or (bool(notes) and len(apart) == 1 and room < folds * horizon)


@pytest.mark.parametrize(
    ("choices", "bounds", "expected"),
    [
        ({}, None, [(0, 108), (0, 120), (0, 132)]),
        ({"window": "sliding"}, None, [(0, 108), (12, 120), (24, 132)]),
        ({"window": "sliding", "window_length": 50, "spacing": 20}, None, [(42, 92), (62, 112), (82, 132)]),
        ({}, (100, 120, 144), [(0, 120), (0, 126), (0, 132)]),
        ({"networks": "train"}, (100, 120, 144), [(0, 108), (0, 120), (0, 132)]),
        ({"networks": "train"}, (80, 90, 100), [(0, 72), (0, 80), (0, 88)]),
    ],
)
def test_what_may_be_learnt_from_and_where_it_ends(choices: dict, bounds: tuple | None, expected: list) -> None:
    parts = None if bounds is None else SplitBounds(train_end=bounds[0], validation_end=bounds[1], end=bounds[2])
    folds = plan_folds(AIRLINE, BacktestConfig(folds=3, **choices), 12, parts).folds
    assert [(fold.first, fold.origin) for fold in folds] == expected


def test_folds_of_blocks_are_whole_blocks() -> None:
    folds = plan_folds(LATCH, BacktestConfig(folds=2, window="sliding", window_length=17, spacing=16), 1).folds
    assert [(fold.first, fold.origin, fold.end) for fold in folds] == [(8 * 45, 8 * 48 - 1, 8 * 48), (8 * 47, 8 * 50 - 1, 8 * 50)]
    with pytest.raises(ConfigError, match="multiple of 8"):
        plan_folds(LATCH, BacktestConfig(spacing=3), 1)
    with pytest.raises(ConfigError, match="Choose at least 8"):
        plan_folds(LATCH, BacktestConfig(window="sliding", window_length=5), 1)


def test_a_window_longer_than_the_history_is_refused() -> None:
    with pytest.raises(ConfigError, match="Choose a window of at most 84 rows"):
        plan_folds(AIRLINE, BacktestConfig(window="sliding", window_length=85), 12)
