"""PRESETS: the one table of complete settings to start from, for series, sequences and texts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seqlab.presets import sequences, series
from seqlab.presets.preset import Preset

__all__ = ["PRESETS", "Preset", "presets_for"]

PRESETS: Mapping[str, Preset] = MappingProxyType({entry.key: entry for entry in (*series.ENTRIES, *sequences.ENTRIES)})


def presets_for(dataset: Any) -> dict[str, Preset]:
    """The presets that make sense for a data set, key → preset; the first is where to start.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> list(presets_for(load_dataset("airline_passengers")))
        ['first_look', 'good', 'textbook']
    """
    return {key: preset for key, preset in PRESETS.items() if preset.suits(dataset)}
