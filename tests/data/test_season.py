import numpy as np
import pandas as pd
import pytest

from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.data.season import best_season, possible_seasons


@pytest.mark.parametrize(
    ("frequency", "seasons"),
    [
        ("min", (1440, 10080)),
        ("30min", (48, 336)),
        ("h", (24, 168)),
        ("7h", (24,)),
        ("D", (7, 365)),
        ("B", (5,)),
        ("W-SAT", (52,)),
        ("MS", (12,)),
        ("QS", (4,)),
        ("YS", ()),
    ],
)
def test_what_a_step_may_repeat_after(frequency, seasons):
    assert possible_seasons(pd.date_range("2020-01-01", periods=100, freq=frequency), frequency) == seasons


@pytest.mark.parametrize("key", [key for key, entry in DATASETS.items() if entry.frequency not in (None, "B") and key != "sunspots"])
def test_the_shipped_data_would_be_judged_as_the_catalog_does(key):
    """Sunspots are left out: no calendar knows their cycle of eleven years."""
    data = load_dataset(key)
    candidates = possible_seasons(data.frame.index, data.frequency)
    assert best_season(data.frame[data.targets[0]].to_numpy(), candidates) == data.season_length


def test_noise_trends_and_random_walks_have_no_season():
    noise = np.random.default_rng(0).standard_normal(3000)
    for values in (noise, noise.cumsum(), np.arange(3000.0), np.full(3000, np.nan), np.empty(0)):
        assert best_season(values, (7, 24, 365)) == 1


def test_a_season_that_does_not_fit_twice_is_not_considered():
    assert best_season(np.tile(np.arange(12.0), 2), (12,)) == 1
    assert best_season(np.tile(np.arange(12.0), 3), (12,)) == 12
