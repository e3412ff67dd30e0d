"""All runs: submitting, finding, renaming and deleting them. The folders are the truth, the index a quick way to them."""

import functools
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seqlab.config import RunSpec
from seqlab.data.home import home as default_home
from seqlab.errors import ConfigError, RunError
from seqlab.runs.durable import sync_folder, write_json
from seqlab.runs.examples import example_folders
from seqlab.runs.folder import RunFolder
from seqlab.runs.index import Index
from seqlab.runs.result import RunResult
from seqlab.runs.rows import insert_job, insert_run, is_run_id, reconcile, result_of, same_request, text_of
from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.summary import Job, RunSummary, default_name, example_summary

__all__ = ["Job", "RunStore", "RunSummary"]

DOUBLE_CLICK = 2.0  # seconds within which the same spec, submitted again, means the run that has just ended

_KILL_PATIENCE = 5.0


class RunStore:
    """The runs in one home folder. Any number of threads and processes may use the same one.

    Args:
        home: the folder; ``None`` takes :func:`seqlab.data.home.home`.
    """

    def __init__(self, home: Path | str | None = None) -> None:
        self.home = Path(home).expanduser() if home is not None else default_home()
        self.changed = threading.Event()  # set when something was asked for in this process; the supervisor waits for it
        self._index = Index(self.home / "index.sqlite", lambda db: reconcile(db, self._runs))

    @property
    def _runs(self) -> Path:
        return self.home / "runs"

    def submit(self, spec: RunSpec, *, name: str = "", about: Mapping[str, Any] | None = None) -> str:
        """Queue a spec for training.

        Submitting the same spec again while it is queued, running or paused, or within two seconds
        of its end, returns the run there is: a double click makes one run.

        Args:
            spec: what to train.
            name: what to call it; empty for a name made from the spec.
            about: what else its folder should say of it, in plain values: the sweep it belongs to, say.

        Returns:
            The run's id.

        Raises:
            RunError: the home folder cannot be written.
        """
        same = same_request(spec)
        told = {**(about or {}), "name": name.strip() or default_name(spec), "created": time.time()}

        def work(db: sqlite3.Connection) -> str:
            known = db.execute(
                "SELECT run_id, result FROM runs JOIN jobs USING (run_id) WHERE same = ? AND kind = 'train' ORDER BY created DESC", (same,)
            )
            for row in known.fetchall():
                result = result_of(row["result"]) or self._folder(row["run_id"]).result
                if result is None or result.ended > time.time() - DOUBLE_CLICK:
                    return str(row["run_id"])
            run_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            folder = RunFolder.create(self._runs / run_id, spec, told)
            insert_run(db, folder)
            return run_id

        run_id = self._index.write(work)
        self.changed.set()
        return run_id

    def submit_side(self, run_id: str, kind: str, request: Mapping[str, Any]) -> None:
        """Queue a side job on a run's model. What an earlier one has done already is kept.

        Args:
            run_id: a run that is over and has a model.
            kind: key of :data:`seqlab.runs.side_jobs.SIDE_JOBS`.
            request: what to do, in plain values; what it may hold is up to the kind.

        Raises:
            RunError: no such run, it is read-only, it has no model yet, or such a job is going on with another request.
        """
        folder = self.folder(run_id)
        job, label = folder.job(kind), SIDE_JOBS[kind].label
        asked = dict(request)
        if folder.read_only:
            raise RunError(f"This is the example that comes with seqlab; its {label} is fixed. Train a run of your own.")
        if folder.result is None or not folder.has_model:
            raise RunError(f"The run {run_id} has no finished model ({folder.status}). Wait for it, or stop it, before its {label}.")

        def work(db: sqlite3.Connection) -> None:
            if folder.side_status(kind) in ("queued", "running"):
                if folder.side_request(kind) == asked:
                    return
                raise RunError(f"A {label} of this run is going on. Wait for it, or stop it, before asking for another.")
            job.path.mkdir(exist_ok=True)
            write_json(job.path / "request.json", asked)
            job.reopen()
            db.execute("DELETE FROM jobs WHERE run_id = ? AND kind = ?", (run_id, kind))
            insert_job(db, run_id, kind, None)

        self._index.write(work)
        self.changed.set()

    def list(self) -> tuple[RunSummary, ...]:
        """All runs, newest first, then the examples that come with seqlab."""
        rows = self._index.read(
            lambda db: db.execute("SELECT * FROM runs JOIN jobs USING (run_id) WHERE kind = 'train' ORDER BY created DESC").fetchall()
        )
        waiting = self._waiting() if any(row["result"] is None for row in rows) else ()
        mine = (summary for row in rows if (summary := self._summary(row, waiting)) is not None)
        return (*mine, *(example_summary(run_id, folder) for run_id, folder in example_folders().items()))

    def get(self, run_id: str) -> RunSummary:
        """One run.

        Raises:
            RunError: there is no such run.
        """
        examples = example_folders()
        if run_id in examples:
            return example_summary(run_id, examples[run_id])
        row = self._index.read(
            lambda db: db.execute("SELECT * FROM runs JOIN jobs USING (run_id) WHERE run_id = ? AND kind = 'train'", (run_id,)).fetchone()
        )
        summary = None if row is None else self._summary(row, self._waiting() if row["result"] is None else ())
        if summary is None:
            raise _no_run(run_id)
        return summary

    def folder(self, run_id: str) -> RunFolder:
        """The folder of a run; needs no look into the index.

        Raises:
            RunError: there is no such run.
        """
        example = example_folders().get(run_id)
        if example is not None:
            return example
        # The id comes from an address that anybody can write: only our own pattern becomes a path.
        if not is_run_id(run_id) or not (self._runs / run_id).is_dir():
            raise _no_run(run_id)
        return self._folder(run_id)

    def queue_position(self, run_id: str) -> int | None:
        """Place of a run in the queue, 1 is next; ``None`` if it does not wait."""
        waiting = self._waiting()
        return waiting.index(run_id) + 1 if run_id in waiting else None

    def training_now(self) -> int:
        """How many runs a worker trains at this moment."""
        return sum(job.kind == "train" and job.folder.status == "running" for job in self.open_jobs())

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name.

        Raises:
            RunError: there is no such run, it is read-only, or the name is empty.
        """
        clean = " ".join(name.split())
        if not 1 <= len(clean) <= 200:
            raise RunError(f"The name has {len(clean)} characters. Give it 1 to 200.")
        folder = self.folder(run_id)

        def work(db: sqlite3.Connection) -> None:
            folder.rename(clean)
            db.execute("UPDATE runs SET name = ? WHERE run_id = ?", (clean, run_id))

        self._index.write(work)

    def delete(self, run_id: str) -> None:
        """Remove a run and its folder for good.

        Raises:
            RunError: there is no such run, it is read-only, or it is being trained.
        """
        folder = self.folder(run_id)
        if folder.read_only:
            raise RunError("This is the example that comes with seqlab; it cannot be deleted.")
        if folder.status == "running":
            raise RunError("This run is being trained. Stop it before deleting it.")
        # A paused worker, or a side job, holds nothing that outlives its run.
        for job in folder.jobs:
            job.end_worker(_KILL_PATIENCE)
        gone = self._runs / f".deleted-{run_id}-{secrets.token_hex(3)}"

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
            folder.path.rename(gone)
            sync_folder(self._runs)

        self._index.write(work)
        shutil.rmtree(gone, ignore_errors=True)

    def request(self, run_id: str, what: str, kind: str = "train") -> None:
        """Ask for ``pause``, ``stop`` or ``resume``. An interrupted run can be resumed too.

        Raises:
            RunError: there is no such run, another word, the job is over, or it is read-only.
        """
        job = self.folder(run_id).job(kind)
        result = job.result
        if what == "resume" and result is not None and result.status == "interrupted" and not job.read_only:

            def work(db: sqlite3.Connection) -> None:
                job.reopen()
                db.execute("UPDATE jobs SET result = NULL, starts = 0 WHERE run_id = ? AND kind = ?", (run_id, kind))

            self._index.write(work)
        else:
            job.request(what)
        self.changed.set()

    def rebuild(self) -> None:
        """Throw the index away and make it anew from the run folders."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM runs")
            reconcile(db, self._runs)

        self._index.write(work)

    def reconcile(self) -> None:
        """Take in folders the index does not know, forget runs whose folder is gone, sweep what a crash left half-made."""
        self._index.write(lambda db: reconcile(db, self._runs))

    def open_jobs(self) -> tuple[Job, ...]:
        """The jobs that have not ended, in the order they were submitted."""
        rows = self._index.read(lambda db: db.execute("SELECT * FROM jobs WHERE result IS NULL ORDER BY place").fetchall())
        return tuple(
            Job(
                run_id=row["run_id"],
                kind=row["kind"],
                place=row["place"],
                starts=row["starts"],
                progress=row["progress"],
                folder=self._folder(row["run_id"]).job(row["kind"]),
            )
            for row in rows
        )

    def close_job(self, job: Job, result: RunResult) -> None:
        """Note in the index how a job ended; nothing happens if it was asked for again in the meantime."""
        values = (text_of(result), job.run_id, job.kind, job.place)
        self._index.write(lambda db: db.execute("UPDATE jobs SET result = ? WHERE run_id = ? AND kind = ? AND place = ?", values))

    def note_start(self, job: Job, *, starts: int, progress: str) -> None:
        """Note in the index that a worker is about to be started."""
        self._index.write(
            lambda db: db.execute(
                "UPDATE jobs SET starts = ?, progress = ? WHERE run_id = ? AND kind = ?", (starts, progress, job.run_id, job.kind)
            )
        )

    def _folder(self, run_id: str) -> RunFolder:
        return RunFolder(self._runs / run_id)

    def _waiting(self) -> tuple[str, ...]:
        """Ids of the runs that wait for a worker, next first."""
        return tuple(job.run_id for job in self.open_jobs() if job.kind == "train" and job.folder.status == "queued")

    def _summary(self, row: sqlite3.Row, waiting: tuple[str, ...]) -> RunSummary | None:
        """A summary; ``None`` if the run's folder is gone or of another version."""
        run_id = str(row["run_id"])
        folder = self._folder(run_id)
        result = result_of(row["result"]) or folder.result
        try:
            spec = _spec(row["spec"])
        except ConfigError:
            return None
        return RunSummary(
            run_id=run_id,
            name=row["name"],
            status=folder.status if result is None else result.status,
            created=datetime.fromtimestamp(row["created"], UTC),
            spec=spec,
            result=result,
            folder=folder,
            position=waiting.index(run_id) + 1 if run_id in waiting else None,
        )


@functools.lru_cache(maxsize=2048)
def _spec(text: str) -> RunSpec:
    return RunSpec.from_json(text)


def _no_run(run_id: str) -> RunError:
    return RunError(f"There is no run called {run_id[:80]!r} on this machine. Choose one on the Runs page.")
