"""The index's tables: ordered steps, each taken once, in a transaction."""

import sqlite3

from seqlab.errors import RunError

__all__ = ["MIGRATIONS", "migrate"]

# Never change a step that was released; add one. The number of steps taken is the file's user_version.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE runs (
            run_id  TEXT PRIMARY KEY,
            name    TEXT NOT NULL,
            spec    TEXT NOT NULL,
            same    TEXT NOT NULL,
            created REAL NOT NULL
        )
        """,
        """
        CREATE TABLE jobs (
            run_id   TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            kind     TEXT NOT NULL CHECK (kind IN ('train', 'compare')),
            place    INTEGER NOT NULL,
            result   TEXT,
            starts   INTEGER NOT NULL DEFAULT 0,
            progress TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run_id, kind)
        )
        """,
        "CREATE INDEX runs_same ON runs (same)",
        "CREATE INDEX jobs_open ON jobs (place) WHERE result IS NULL",
    ),
    (
        # More kinds of side jobs: the kinds are checked by the package, not by the table.
        """
        CREATE TABLE jobs_of_any_kind (
            run_id   TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            kind     TEXT NOT NULL,
            place    INTEGER NOT NULL,
            result   TEXT,
            starts   INTEGER NOT NULL DEFAULT 0,
            progress TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run_id, kind)
        )
        """,
        "INSERT INTO jobs_of_any_kind SELECT run_id, kind, place, result, starts, progress FROM jobs",
        "DROP TABLE jobs",
        "ALTER TABLE jobs_of_any_kind RENAME TO jobs",
        "CREATE INDEX jobs_open ON jobs (place) WHERE result IS NULL",
    ),
)


def migrate(db: sqlite3.Connection) -> bool:
    """Bring the tables up to date, inside the transaction that is open.

    Returns:
        Whether the file was new, that is empty.

    Raises:
        RunError: the file was written by a newer seqlab.
    """
    taken = int(db.execute("PRAGMA user_version").fetchone()[0])
    if taken > len(MIGRATIONS):
        raise RunError(
            f"The index of runs has version {taken}; this seqlab reads up to {len(MIGRATIONS)}. Update seqlab, "
            "or delete index.sqlite: it is rebuilt from the run folders."
        )
    for number, step in enumerate(MIGRATIONS[taken:], start=taken + 1):
        for statement in step:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number:d}")  # pragmas take no parameters; number is ours
    return taken == 0
