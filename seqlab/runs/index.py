"""The SQLite file that is queue and index of the runs; rebuilt from their folders if it is lost or damaged."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from seqlab.errors import RunError
from seqlab.runs.lock import hold
from seqlab.runs.migrations import MIGRATIONS, migrate

__all__ = ["Index"]

_log = logging.getLogger("seqlab.runs")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CLOSED_DOORS = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL)

T = TypeVar("T")


class Index:
    """One SQLite file, opened anew for every transaction: threads and processes share nothing but the file.

    Args:
        path: the file; made when first used.
        fill: called with an open transaction when the file is new, to fill it from the run folders.
    """

    def __init__(self, path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
        self.path = path
        self._fill = fill

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` with a connection, for looking only."""
        return self._safely(work)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a transaction that keeps all other writers out; it is undone if ``work`` raises."""

        def whole(db: sqlite3.Connection) -> T:
            with _transaction(db):
                return work(db)

        return self._safely(whole)

    def _safely(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return self._connected(work)
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _CLOSED_DOORS:
                raise RunError(f"The runs cannot be kept in {self.path.parent}: {error}. Make room there, or set SEQLAB_HOME.") from error
            if code not in _DAMAGED:
                raise
            self._set_aside()
            return self._connected(work)
        except OSError as error:
            raise RunError(f"The runs cannot be kept in {self.path.parent}: {error}. Make room there, or set SEQLAB_HOME.") from error

    def _connected(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.path, timeout=20.0, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            if not self._is_current(db):
                with _transaction(db):
                    if migrate(db):
                        self._fill(db)
            return work(db)

    @staticmethod
    def _is_current(db: sqlite3.Connection) -> bool:
        return int(db.execute("PRAGMA user_version").fetchone()[0]) == len(MIGRATIONS)

    def _set_aside(self) -> None:
        """Move a damaged file out of the way, unless another process has just done so."""
        with hold(self.path.with_name("index.lock"), timeout=20.0):
            if self._is_sound():
                return
            kept = self.path.with_name(f"{self.path.name}.damaged-{time.time_ns()}")
            _log.warning("The index %s is damaged; it is kept as %s and rebuilt from the run folders.", self.path, kept.name)
            self.path.rename(kept)
            # A journal belongs to the file it was written for; beside a new one it would do harm.
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)

    def _is_sound(self) -> bool:
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=20.0)) as db:
                return bool(db.execute("PRAGMA quick_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # some errors have rolled it back already
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
