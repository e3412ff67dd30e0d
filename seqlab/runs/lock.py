"""Locks that the kernel keeps: one that is free means that its holder is dead, whatever the clock says."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

if sys.platform != "win32":
    import fcntl

__all__ = ["hold", "is_held", "try_hold"]


def try_hold(path: Path, *, timeout: float = 0.0) -> BaseFileLock | None:
    """Take a lock for this process until ``.release()`` or the process's end.

    Args:
        path: the lock's file; it is made if missing, and stays.
        timeout: seconds to wait for the holder to let go.

    Returns:
        The lock, or ``None`` if somebody else, in this process or another, holds it.
    """
    lock = FileLock(path, timeout=timeout, thread_local=False)
    try:
        lock.acquire(poll_interval=0.01)
    except Timeout:
        return None
    return lock


@contextlib.contextmanager
def hold(path: Path, *, timeout: float = 0.0) -> Iterator[bool]:
    """Hold a lock in a ``with`` block; yields whether it was free."""
    lock = try_hold(path, timeout=timeout)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock.

    Probing takes the lock for some microseconds; on Unix shared, so that two probes don't take each
    other for a holder. Whoever takes the lock for good should allow for that with a short timeout.
    """
    if sys.platform == "win32":
        with hold(path) if path.exists() else contextlib.nullcontext(enter_result=True) as free:
            return not free
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)  # which lets go of a lock that was taken
    return False
