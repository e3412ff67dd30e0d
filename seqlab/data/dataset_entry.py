"""What the table of data sets says about each of them."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DatasetEntry", "resolve"]


def resolve(implementation: str) -> Any:
    """What ``module:name`` names.

    Example:
        >>> resolve("seqlab.data.home:home").__name__
        'home'
    """
    module, _, name = implementation.partition(":")
    return getattr(importlib.import_module(module), name)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetEntry:
    """What a menu shows about a data set, and what reading it needs.

    Args:
        key: its key, which is also the name of its folder.
        label: name on the screen.
        task: key of :data:`seqlab.tasks.TASKS`.
        kind: ``"series"``, ``"sequences"`` or ``"texts"``: which record reading it gives.
        summary: one sentence on what the data is.
        look_for: what a newcomer should look for in a model trained on it.
        caution: what no model can do here, or what the numbers hide; empty if nothing.
        rows: number of rows, of sequences or of texts (of a generated set: by default).
        season: the seasons of a series in words.
        frequency: pandas offset alias, ``None`` for numbered rows.
        season_length: steps of the main season, 1 if there is none.
        seasons: all seasons in steps, shortest first.
        targets, past, known_ahead: default roles of the columns, see :class:`~seqlab.data.series.SeriesDataset`; of sequences and
            texts ``targets`` names what is said about them.
        layout: how a file of sequences or texts is laid out; a key of :data:`seqlab.data.shipped_sequences.LAYOUTS`.
        features: columns of numbers that make a sequence.
        text: the column of texts.
        group: the column that names who or what a sequence comes from.
        part: the column that names the published part of a sequence.
        unit: ``"word"`` or ``"character"``: what texts are best read by.
        scheme: how tags mark entities of several words; empty if they mark none.
        file: name of the table in the folder; empty for a generated set.
        test_file: name of a second file that is the published test part.
        time: the column of dates, or the year and the quarter column.
        left_out: columns that are not read, and why.
        published_flag: a true/false column; the rows where it is false are the published test part.
        notes: sentences the user should read beside the data.
        source, licence: where it comes from.
        generator: ``module:function`` that makes a generated set.
        generator_options: ``module:Class`` with the options of that function.
    """

    key: str
    label: str
    summary: str
    look_for: str
    rows: int
    targets: tuple[str, ...]
    task: str = "forecast"
    kind: str = "series"
    caution: str = ""
    season: str = ""
    frequency: str | None = None
    season_length: int = 1
    seasons: tuple[int, ...] = ()
    past: tuple[str, ...] = ()
    known_ahead: tuple[str, ...] = ()
    layout: str = ""
    features: tuple[str, ...] = ()
    text: str = ""
    group: str = ""
    part: str = ""
    unit: str = "word"
    scheme: str = ""
    file: str = ""
    test_file: str = ""
    time: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    published_flag: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    generator: str = ""
    generator_options: str = ""

    @property
    def options(self) -> type[Any] | None:
        """The config class of a generated set's parameters (its fields carry :class:`~seqlab.options.Option`), else ``None``."""
        return resolve(self.generator_options) if self.generator_options else None
