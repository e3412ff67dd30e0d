"""Uploads kept in the home folder, so that a run on them can be repeated."""

import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqlab.data.home import home
from seqlab.data.sequences import SequenceDataset
from seqlab.data.series import SeriesDataset
from seqlab.data.stored_sequences import KINDS, describe_sequences, rebuild_sequences
from seqlab.data.tokens import TokenDataset
from seqlab.errors import DataError

__all__ = ["PREFIX", "Uploaded", "open_upload", "store_upload"]

Uploaded = SeriesDataset | SequenceDataset | TokenDataset
"""Every kind of data set that can be uploaded."""

PREFIX = "upload:"
STORE_FORMAT = 1

_TEXTS = ("label", "summary", "source", "licence")
_LISTS = ("targets", "known_ahead", "past", "notes")


def store_upload(dataset: Uploaded) -> str:
    """Keeps a data set under its fingerprint; a second time changes nothing.

    Returns:
        the key for :func:`seqlab.load_dataset`: ``upload:<fingerprint>``.

    Raises:
        DataError: the folder cannot be written.

    Example:
        >>> import os, tempfile
        >>> from unittest.mock import patch
        >>> frame = pd.DataFrame({"load": [1.0, 2.0, 3.0]})
        >>> with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"SEQLAB_HOME": folder}):
        ...     key = store_upload(SeriesDataset(label="Demo", frame=frame, targets=("load",)))
        ...     open_upload(key).frame["load"].tolist()
        [1.0, 2.0, 3.0]
    """
    fingerprint = dataset.fingerprint
    folder = home() / "uploads"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / fingerprint).is_dir():
            _write_aside(dataset, folder, fingerprint)
    except OSError as error:
        raise DataError(
            f"The upload cannot be kept in {folder}: {error.strerror or error}. Make room there, or set SEQLAB_HOME."
        ) from error
    return PREFIX + fingerprint


def _write_aside(dataset: Uploaded, folder: Path, fingerprint: str) -> None:
    """Writes a complete folder under another name and renames it, so that a half-made one is never found."""
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        described, arrays = _described(dataset) if isinstance(dataset, SeriesDataset) else describe_sequences(dataset)
        with (aside / "values.npz").open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # the stub takes the names for its own options
            file.flush()
            os.fsync(file.fileno())
        with (aside / "dataset.json").open("w", encoding="utf-8") as text:
            json.dump({"format": STORE_FORMAT, **described}, text, allow_nan=False)
            text.flush()
            os.fsync(text.fileno())
        try:
            aside.rename(folder / fingerprint)
        except OSError:
            if not (folder / fingerprint).is_dir():  # else somebody stored the same data at the same moment
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _described(dataset: SeriesDataset) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What goes into the JSON file, and what into the arrays beside it."""
    index = dataset.frame.index
    dated = isinstance(index, pd.DatetimeIndex)
    steps = index.to_numpy().astype("datetime64[us]").astype(np.int64) if dated else np.asarray(index, dtype=np.int64)
    described = {
        "columns": list(dataset.columns),
        "dates": dated,
        "index_name": str(index.name or ""),
        "frequency": dataset.frequency,
        "season_length": dataset.season_length,
        "seasons": list(dataset.seasons),
        "published_test_start": dataset.published_test_start,
        **{name: list(getattr(dataset, name)) for name in _LISTS},
        **{name: getattr(dataset, name) for name in _TEXTS},
    }
    return described, {"values": dataset.frame.to_numpy(dtype=np.float64), "steps": steps}


def open_upload(key: str) -> Uploaded:
    """The data set stored under ``upload:<fingerprint>``.

    Raises:
        DataError: the key is malformed, nothing is stored under it, or what is stored is damaged.
    """
    fingerprint = key.removeprefix(PREFIX)
    if not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        raise DataError(f"{key[:80]!r} is no key of an upload. It must be 'upload:' and 64 hexadecimal digits.")
    folder = home() / "uploads" / fingerprint
    if not folder.is_dir():
        raise DataError(f"The upload {fingerprint[:8]}… is not stored on this machine. Upload the file again.")
    try:
        described = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        with (folder / "values.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            dataset = _rebuilt(key, described, dict(stored))
    except DataError as error:
        raise DataError(f"The stored upload {fingerprint[:8]}… is damaged: {error} Delete {folder} and upload the file again.") from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"The stored upload {fingerprint[:8]}… is damaged ({error}). Delete {folder} and upload the file again.") from error
    if dataset.fingerprint != fingerprint:
        raise DataError(f"The stored upload {fingerprint[:8]}… was changed after it was stored. Delete {folder} and upload the file again.")
    return dataset


def _rebuilt(key: str, described: dict[str, Any], arrays: dict[str, np.ndarray]) -> Uploaded:
    if described["format"] != STORE_FORMAT:
        raise ValueError(f"format {described['format']!r}, this seqlab reads {STORE_FORMAT}")
    if described.get("kind") in KINDS:
        return rebuild_sequences(key, described, arrays)
    values, steps = arrays["values"], arrays["steps"]
    index = pd.DatetimeIndex(steps.astype("datetime64[us]")) if described["dates"] else pd.RangeIndex(len(steps))
    index.name = described["index_name"] or None
    return SeriesDataset(
        key=key,
        frame=pd.DataFrame(values, index=index, columns=described["columns"]),
        frequency=described["frequency"],
        season_length=described["season_length"],
        seasons=tuple(described["seasons"]),
        published_test_start=described["published_test_start"],
        **{name: tuple(described[name]) for name in _LISTS},  # type: ignore[arg-type]  # the names of _LISTS are tuple fields
        **{name: described[name] for name in _TEXTS},
    )
