"""Reading files of lines that grow while they are read."""

from pathlib import Path

__all__ = ["read_lines"]


def read_lines(path: Path, offset: int = 0) -> tuple[list[bytes], int]:
    """The lines appended since the last call; costs one ``stat`` if there are none.

    Args:
        path: the file; it may not exist yet.
        offset: where the last call ended, in bytes; 0 to begin.

    Returns:
        The lines, and the offset for the next call. A line that is still being written is left for then.
    """
    try:
        if path.stat().st_size <= offset:
            return [], offset
        with path.open("rb") as file:
            file.seek(offset)
            tail = file.read()
    except FileNotFoundError:
        return [], offset
    whole = tail[: tail.rfind(b"\n") + 1]
    return whole.splitlines(), offset + len(whole)
