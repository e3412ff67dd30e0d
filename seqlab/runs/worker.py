"""The process that works on one job: ``python -m seqlab.runs.worker``.

Without arguments it warms up, prints ``ready`` and waits for one line of JSON on its input,
``{"folder": …, "kind": "train" | "compare" | …}``; if its input is closed before, it ends. With
``--folder`` it begins at once. From then on it needs nobody: it has a session and a log file of its
own, holds a kernel lock on the job's folder, and knows nothing of any database.
"""

import argparse
import contextlib
import errno
import gc
import importlib
import logging
import os
import secrets
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
import torch

from seqlab.baselines.table import BASELINES
from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.errors import SeqlabError
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.job import KINDS, JobFolder
from seqlab.runs.lock import hold
from seqlab.runs.result import RunResult
from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.training_job import train_folder
from seqlab.training.session import TrainingSession

__all__ = ["main", "work"]

IDLE = 3.0  # seconds without an order after which a warm worker loads the statistics too
LOCK_PATIENCE = 5.0  # a probe, or a worker that is just ending, lets go within moments

_log = logging.getLogger("seqlab.runs.worker")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one job; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m seqlab.runs.worker", description="Works on one job of seqlab.")
    parser.add_argument("--folder", type=Path, help="the job's folder; without it, the job is read from the input")
    parser.add_argument("--kind", choices=KINDS, default="train")
    given = parser.parse_args(arguments)
    folder, kind = given.folder, given.kind
    if folder is None:
        warm_up()
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more; there may be an order all the same
            os.write(1, b"ready\n")
        warm_up_statistics()
        line = sys.stdin.buffer.readline()
        if not line.strip():
            return 0
        order = orjson.loads(line)
        folder, kind = Path(order["folder"]), str(order["kind"])
    if not folder.is_dir():
        return 0  # deleted meanwhile
    run = RunFolder(folder if kind == "train" else folder.parent)
    go_alone(run.job(kind))
    work(run, kind)
    return 0


def warm_up() -> None:
    """Do a little of everything a job does, so that no import is left for later: the first optimizer step alone loads 800 modules."""
    spec = RunSpec(dataset="airline_passengers", model=ModelConfig(hidden_size=2, head_size=2), training=TrainConfig(device="cpu"))
    session = TrainingSession.start(spec, threads=1)
    next(iter(session.events()))
    session.preview()
    del session
    gc.collect()
    gc.freeze()


def warm_up_statistics() -> None:
    """Load what a comparison needs for its first rows, unless an order comes before: training needs none of it."""
    if select.select([sys.stdin], [], [], IDLE)[0]:
        return
    for entry in BASELINES.values():
        entry.load()
    importlib.import_module("seqlab.runs.comparison_job")
    gc.collect()
    gc.freeze()


def go_alone(job: JobFolder) -> None:
    """Cut every tie to the process that started this one: input, output, and the signals of its terminal."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(job.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(nothing)
    os.close(log)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def work(run: RunFolder, kind: str) -> None:
    """Hold the job's lock and do it; whatever goes wrong ends in its ``result.json``."""
    job = run.job(kind)
    with hold(job.lock_path, timeout=LOCK_PATIENCE) as free:
        if not free:
            _log.info("Another worker is at work on %s.", job.path)
            return
        job.sign()
        control = Control(job)
        control.listen_for_end()
        try:
            if kind == "train":
                train_folder(run, control)
            else:
                SIDE_JOBS[kind].load()(run)
        except SeqlabError as error:
            job.end(RunResult(status="failed", message=str(error), ended=time.time()))
        except Exception as error:
            result = _broken(job, error)
            if job.path.is_dir():  # else the run was deleted meanwhile
                job.end(result)


def _broken(job: JobFolder, error: Exception) -> RunResult:
    """The result of a job in which something happened that is nobody's choice."""
    number = secrets.token_hex(3)
    _log.exception("error %s in %s", number, job.path)
    status = "failed"
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        message = f"The machine ran out of memory ({error}). Choose a smaller batch size, hidden size or context length."
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        status = "interrupted"  # nothing is wrong with the run itself
        message = f"There is no room left on the disk of {job.path}. Make room, then resume."
    else:
        message = f"Something went wrong inside seqlab. It is written in the run's worker.log under the number {number}."
    return RunResult(status=status, message=message, error_id=number, ended=time.time())


if __name__ == "__main__":
    sys.exit(main())
