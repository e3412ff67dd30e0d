"""Files that are never half-written: written aside, forced to disk, renamed, the folder forced to disk."""

import io
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

__all__ = ["make_folder", "read_arrays", "read_json", "remove_file", "sync_folder", "write_arrays", "write_bytes", "write_json"]


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to disk, so that a rename in it survives a power cut."""
    if os.name == "nt":
        return  # Windows opens no folders, and has no need to
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Replace a file; whoever reads it, at any moment, sees the old content or the new, whole.

    Args:
        path: the file.
        content: what it will hold.
        durable: whether it must survive a power cut; if not, the costly waits for the disk are left out.
    """
    # Two threads of one process may write the same file: a name of one's own keeps them apart.
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(3)}.aside")
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_json(path: Path, value: Any, *, durable: bool = True) -> None:
    """Replace a JSON file. NaN and infinity, which JSON does not know, are written as null; numpy arrays as lists."""
    write_bytes(path, orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS), durable=durable)


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; ``None`` if there is no such file, or it holds no object."""
    try:
        value = orjson.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    return value if isinstance(value, dict) else None


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Replace an ``.npz`` file of plain arrays."""
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"The array {name!r} holds Python objects, which only pickle could store. Give numbers or text.")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **dict(arrays))
    write_bytes(path, buffer.getvalue())


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]] | None:
    """The arrays of an ``.npz`` file, nothing unpickled; ``None`` if there is no such file."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None


def make_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with files in it, all at once: it appears complete or not at all.

    Raises:
        FileExistsError: the folder is there already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(path)
    aside = path.with_name(f".new-{path.name}-{os.getpid()}-{secrets.token_hex(3)}")
    aside.mkdir()
    for name, content in files.items():
        write_bytes(aside / name, content)
    sync_folder(aside)
    aside.rename(path)
    sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file for good; nothing happens if it is gone already."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    sync_folder(path.parent)
