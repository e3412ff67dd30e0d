"""What a worker does when a run is broken on purpose: train it again with each leak asked for, one after the other."""

import time

from seqlab.evaluation.broken_data import why_not
from seqlab.evaluation.leak_table import LEAKS
from seqlab.evaluation.leaks import train_leaking
from seqlab.runs.folder import RunFolder
from seqlab.runs.leak_log import append_leak, read_leaks
from seqlab.runs.result import RunResult
from seqlab.runs.side_progress import SideProgress
from seqlab.training.fit import load

__all__ = ["leaks_folder"]


def leaks_folder(run: RunFolder) -> None:
    """Make every leak asked for that has not been made yet, and write the result. The caller holds the job's lock.

    The request is ``{"leaks": [key, …]}``, keys of :data:`seqlab.evaluation.leak_table.LEAKS`.

    Raises:
        SeqlabError: the model cannot be opened, or trained again.
    """
    job = run.job("leaks")
    if job.result is not None:
        return
    began = time.monotonic()
    asked = [key for key in (run.side_request("leaks") or {}).get("leaks", ()) if key in LEAKS]
    honest = load(run.model_path, run.spec)
    threads = int((run.environment or {}).get("threads", 1))
    known = read_leaks(job.path)
    possible = [key for key in asked if not why_not(honest.series, key)]
    waiting = [key for key in possible if key not in known]
    progress = SideProgress(job.path)
    for number, key in enumerate(waiting):
        text = f"Broken on purpose, “{LEAKS[key].label}”: the model is trained again."
        progress.begin(text, done=len(possible) - len(waiting) + number, of=len(possible))
        append_leak(job.path, train_leaking(honest.spec, key, honest=honest, say=progress.say, threads=threads))
    job.end(RunResult(status="finished", seconds=time.monotonic() - began, ended=time.time()))
