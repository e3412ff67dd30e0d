import math
import os
from pathlib import Path

import numpy as np
import pytest

from seqlab.runs.durable import make_folder, read_arrays, read_json, remove_file, write_arrays, write_bytes, write_json


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_bytes(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_json_keeps_every_bit_and_turns_nan_into_null(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"x": 0.1 + 0.2, "nan": math.nan, "array": np.array([1.5, np.nan])})
    assert read_json(path) == {"x": 0.1 + 0.2, "nan": None, "array": [1.5, None]}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\x00\x00"])
def test_what_is_no_json_object_reads_as_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert read_json(path) is None
    assert read_json(tmp_path / "missing.json") is None


def test_arrays_round_trip_and_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_arrays(path, {"x": np.arange(3)})
    stored = read_arrays(path)
    assert stored is not None
    assert stored["x"].tolist() == [0, 1, 2]
    with pytest.raises(TypeError, match="pickle"):
        write_arrays(path, {"x": np.array([object()])})
    assert read_arrays(tmp_path / "missing.npz") is None


def test_a_folder_appears_complete_and_once(tmp_path: Path) -> None:
    make_folder(tmp_path / "run", {"a": b"1", "b": b"2"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "run").iterdir()} == {"a": b"1", "b": b"2"}
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "run", {})
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_removing_twice_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    remove_file(tmp_path / "a")
    remove_file(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
