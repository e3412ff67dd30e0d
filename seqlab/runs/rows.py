"""Runs and jobs as rows of the index, inside a transaction that is open."""

import hashlib
import logging
import re
import shutil
import sqlite3
from pathlib import Path

import orjson

from seqlab.config import RunSpec
from seqlab.errors import ConfigError, RunError
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.summary import default_name

__all__ = ["insert_job", "insert_run", "is_run_id", "reconcile", "result_of", "same_request", "text_of"]

_log = logging.getLogger("seqlab.runs")
_RUN_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


def is_run_id(text: str) -> bool:
    """Whether a text has the form of our run ids; only such a text may become a path."""
    return _RUN_ID.fullmatch(text) is not None


def same_request(spec: RunSpec) -> str:
    """Equal for specs that ask for the same; the fingerprint is filled in later and does not count."""
    return hashlib.sha256(spec.replace(fingerprint="").to_json().encode()).hexdigest()


def result_of(text: str | None) -> RunResult | None:
    """The result in a row."""
    return None if text is None else RunResult.from_dict(orjson.loads(text))


def text_of(result: RunResult | None) -> str | None:
    """A result for a row."""
    return None if result is None else orjson.dumps(result.to_dict()).decode()


def insert_run(db: sqlite3.Connection, folder: RunFolder) -> None:
    """Take a run's folder into the index, with its jobs.

    Raises:
        RunError, ConfigError: the folder's spec is gone or unreadable.
    """
    about, spec = folder.about, folder.spec
    created = float(about.get("created") or folder.path.stat().st_mtime)
    name = str(about.get("name") or default_name(spec))
    db.execute(
        "INSERT INTO runs (run_id, name, spec, same, created) VALUES (?, ?, ?, ?, ?)",
        (folder.path.name, name, spec.to_json(), same_request(spec), created),
    )
    insert_job(db, folder.path.name, "train", folder.result)
    for kind in SIDE_JOBS:
        if folder.side_request(kind) is not None:
            insert_job(db, folder.path.name, kind, folder.job(kind).result)


def insert_job(db: sqlite3.Connection, run_id: str, kind: str, result: RunResult | None) -> None:
    """Put a job at the end of the queue, or, with a result, among the ended ones."""
    db.execute(
        "INSERT INTO jobs (run_id, kind, place, result) VALUES (?, ?, (SELECT coalesce(max(place), 0) + 1 FROM jobs), ?)",
        (run_id, kind, text_of(result)),
    )


def reconcile(db: sqlite3.Connection, runs: Path) -> None:
    """Make the index agree with the folder of all runs, and sweep what a crash left half-made."""
    found = {path.name: path for path in runs.iterdir()} if runs.is_dir() else {}
    known = {row["run_id"] for row in db.execute("SELECT run_id FROM runs")}
    for run_id in known - set(found):
        db.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
    for name in sorted(set(found) - known):
        # Runs are made and deleted within a transaction like this one: whatever is aside now was left by a crash.
        if name.startswith((".new-", ".deleted-")):
            shutil.rmtree(found[name], ignore_errors=True)
        elif is_run_id(name):
            try:
                insert_run(db, RunFolder(found[name]))
            except (RunError, ConfigError) as error:
                _log.warning("The run folder %s is left out of the index: %s", found[name], error)
