"""Reading the sequences and texts that ship with seqlab, as their catalog entries describe them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from seqlab.data.conll_lines import read_conll
from seqlab.data.dataset_entry import DatasetEntry
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset, split_words
from seqlab.errors import DataError

__all__ = ["LAYOUTS", "read_shipped_sequences"]


def read_shipped_sequences(entry: DatasetEntry, folder: Path) -> SequenceDataset | TokenDataset:
    """The data set ``entry`` describes, read from ``folder/<key>/``.

    Raises:
        DataError: a file is missing or is not what the entry describes.

    Example:
        >>> from seqlab.data.catalog import DATASETS, dataset_folder
        >>> data = read_shipped_sequences(DATASETS["digits_rows"], dataset_folder())
        >>> data.sequences[0].shape, data.classes[:3], len(data)
        ((8, 8), ('0', '1', '2'), 1797)
    """
    path = folder / entry.key
    try:
        fields = LAYOUTS[entry.layout](entry, path)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"The shipped data set {entry.key!r} cannot be read from {path}: {error}. Install seqlab again.") from error
    left_out = (f"The column {name!r} is left out: {why}." for name, why in entry.left_out.items())
    described: dict[str, Any] = {
        "key": entry.key,
        "label": entry.label,
        "task": entry.task,
        "target_names": entry.targets,
        "notes": (*entry.notes, *left_out),
        "summary": entry.summary,
        "source": entry.source,
        "licence": entry.licence,
    }
    if entry.kind == "sequences":
        return SequenceDataset(feature_names=entry.features, **described, **fields)
    return TokenDataset(unit=entry.unit, scheme=entry.scheme, **described, **fields)


def _table(entry: DatasetEntry, path: Path) -> pd.DataFrame:
    if entry.file.endswith(".parquet"):
        return pd.read_parquet(path / entry.file)
    # a name such as NA or None is a word here, never a missing value
    words = {name: str for name in (entry.text, entry.targets[0]) if name}
    return pd.read_csv(path / entry.file, keep_default_na=False, dtype=words)


def _long(entry: DatasetEntry, path: Path) -> dict[str, Any]:
    """One row per step: a number of the sequence, its features, and its answer in every row."""
    table = _table(entry, path).sort_values(["seq_id", "t"], kind="stable")
    identity = table["seq_id"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], identity[1:] != identity[:-1]]))
    values = table[list(entry.features)].to_numpy(dtype=np.float32)
    first = table.iloc[starts]
    return {
        "sequences": tuple(np.split(values, starts[1:])),
        "labels": tuple(first[entry.targets[0]].astype(str)),
        "groups": tuple(f"{entry.group} {name}" for name in first[entry.group]) if entry.group else (),
        "parts": tuple(first[entry.part]) if entry.part else (),
    }


def _wide(entry: DatasetEntry, path: Path) -> dict[str, Any]:
    """One row per sequence: all features of its first step, then of the next, and so on."""
    table = _table(entry, path)
    values = table.drop(columns=entry.targets[0]).to_numpy(dtype=np.float32)
    return {
        "sequences": tuple(values.reshape(len(values), -1, len(entry.features))),
        "labels": tuple(table[entry.targets[0]]),
    }


def _texts(entry: DatasetEntry, path: Path) -> dict[str, Any]:
    """One row per text, with its class."""
    table = _table(entry, path)
    return {"texts": tuple(table[entry.text]), "labels": tuple(table[entry.targets[0]]), "parts": tuple(table[entry.part])}


def _pairs(entry: DatasetEntry, path: Path) -> dict[str, Any]:
    """One row per text, with what it becomes."""
    table = _table(entry, path)
    source, written = tuple(table[entry.text]), table[entry.targets[0]]
    spelled = entry.unit == "character"  # then the answer is a list of symbols already
    return {
        "texts": source,
        "tokens": tuple(tuple(text) if spelled else split_words(text) for text in source),
        "labels": tuple(tuple(text.split()) if spelled else split_words(text) for text in written),
        "parts": tuple(table[entry.part]),
    }


def _conll(entry: DatasetEntry, path: Path) -> dict[str, Any]:
    """Two files with a token and its tag a line: training and test part."""
    train, test = (read_conll((path / name).read_text(encoding="utf-8")) for name in (entry.file, entry.test_file))
    return {
        "tokens": (*train.tokens, *test.tokens),
        "labels": (*train.tags, *test.tags),
        "parts": ("train",) * len(train.tokens) + ("test",) * len(test.tokens),
    }


LAYOUTS: Mapping[str, Callable[[DatasetEntry, Path], dict[str, Any]]] = MappingProxyType(
    {"long": _long, "wide": _wide, "texts": _texts, "pairs": _pairs, "conll": _conll}
)
"""Layout of a file → what reads it into the fields of a data set."""
