"""Presets: each one suits the series it is offered for, for every cell, and reads only the training part."""

import numpy as np
import pytest

from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.data.prepare import prepare
from seqlab.presets import PRESETS, presets_for


@pytest.mark.parametrize("key", [key for key, entry in DATASETS.items() if entry.task == "forecast"])
def test_every_preset_offered_for_a_series_can_be_prepared(key: str) -> None:
    dataset = load_dataset(key)
    for preset in presets_for(dataset).values():
        counts = prepare(dataset, preset.build(dataset)).window_counts
        assert min(counts.values()) >= 10, (preset.key, counts)


def test_the_reference_and_the_logarithm_follow_the_training_part() -> None:
    chosen = {key: PRESETS["good"].build(load_dataset(key)) for key in ("airline_passengers", "stock_aapl", "metro_traffic", "sunspots")}
    assert chosen["airline_passengers"].data.transform == "log"
    assert chosen["airline_passengers"].model.reference == "seasonal"
    assert chosen["stock_aapl"].model.reference == "last"
    assert chosen["metro_traffic"].model.segment_length == 24
    assert chosen["metro_traffic"].data.transform == "none"
    assert chosen["sunspots"].model.reference == "last", "a year ahead, the last value is closer than that of one cycle ago"


def test_no_preset_looks_at_the_values_of_the_test_part() -> None:
    dataset = load_dataset("airline_passengers")
    before = [preset.build(dataset) for preset in PRESETS.values() if preset.suits(dataset)]
    dataset.frame.iloc[-20:] = np.linspace(500, 900, 20)[:, None]
    assert [preset.build(dataset) for preset in PRESETS.values() if preset.suits(dataset)] == before


def test_the_published_setting_is_offered_only_where_there_is_a_published_split() -> None:
    assert "published" in presets_for(load_dataset("nyse_volume"))
    assert "published" not in presets_for(load_dataset("airline_passengers"))
