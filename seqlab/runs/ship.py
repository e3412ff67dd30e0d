"""Makes a run that comes with seqlab: ``python -m seqlab.runs.ship NAME SPEC.json``.

It is trained in this process; all side jobs are done (comparison, backtest, leaks); and it is kept with a trace of its
gates, so that the first screen shows all of it without importing torch.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqlab.baselines.table import BASELINES
from seqlab.config import BacktestConfig, CompareConfig, RunSpec
from seqlab.errors import ConfigError, RunError, SeqlabError
from seqlab.evaluation.leak_table import LEAKS
from seqlab.gates.trace import trace_gates
from seqlab.runs.arrays import StoredTrace, save_trace
from seqlab.runs.backtest_log import backtest_request
from seqlab.runs.durable import sync_folder, write_json
from seqlab.runs.examples import SHIPPED
from seqlab.runs.folder import RunFolder
from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.summary import default_name
from seqlab.runs.worker import work
from seqlab.training.fit import load

__all__ = ["main", "ship"]

TRACED_WINDOWS = 4
_LEFT_OUT = (
    "checkpoint.safetensors",
    "lock",
    "worker.json",
    "worker.log",
    "control.json",
    "preview.json",
    "progress.json",
    "request.json",
)


def ship(name: str, spec: RunSpec, into: Path = SHIPPED, *, label: str = "", baselines: Sequence[str] = tuple(BASELINES)) -> RunFolder:
    """Train a spec and keep it as an example, in place of an older one of that name.

    Args:
        name: name of the folder: small letters, digits and ``_``.
        spec: what to train.
        into: the folder of all examples.
        label: name on the screen; empty for one made from the spec.
        baselines: keys of the baselines to compare it with.

    Raises:
        ConfigError: another kind of name.
        RunError: training did not finish.
        SeqlabError: the comparison or the trace is impossible.
    """
    if re.fullmatch(r"[a-z0-9_]{1,60}", name) is None:
        raise ConfigError(f"The name {name!r} is no folder name for an example. Use 1 to 60 small letters, digits and '_'.")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".new-") as scratch:
        run = RunFolder.create(Path(scratch) / name, spec, {"name": label or default_name(spec), "created": time.time()})
        work(run, "train")
        _demand(run.result.status if run.result else "", run.result.message if run.result else "")
        for kind, request in _requests(tuple(baselines)).items():
            job = run.job(kind)
            job.path.mkdir()
            write_json(job.path / "request.json", request)
            work(run, kind)
            _demand(job.status, job.result.message if job.result else "")
        _trace(run)
        for leftover in _LEFT_OUT:
            (run.path / leftover).unlink(missing_ok=True)
            for kind in SIDE_JOBS:
                if leftover != "request.json":
                    (run.job(kind).path / leftover).unlink(missing_ok=True)
        if (into / name).exists():
            shutil.rmtree(into / name)
        run.path.rename(into / name)
        sync_folder(into)
    return RunFolder(into / name, read_only=True)


def _requests(baselines: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """What the side jobs are asked for."""
    return {
        "compare": CompareConfig(baselines=baselines).to_dict(),
        "backtest": backtest_request(BacktestConfig(), baselines),
        "leaks": {"leaks": list(LEAKS)},
    }


def _demand(status: str, message: str) -> None:
    if status != "finished":
        raise RunError(f"The run did not finish ({status or 'no result'}): {message} Change its spec.")


def _trace(run: RunFolder) -> None:
    """Store the gates of a few evenly spaced windows of the test part, the first among them."""
    fitted = load(run.model_path, RunFolder(run.path).spec)
    windows = fitted.prepared.windows("test")
    count = len(windows.origins)
    chosen = np.unique(np.linspace(0, count - 1, min(TRACED_WINDOWS, count)).round().astype(np.int64))
    x = np.array(windows.gather(chosen)[0])  # samples 0, 1, … are the windows of the first series
    stored = StoredTrace(trace=trace_gates(fitted.model, x), x=x, windows=chosen, origins=windows.origins[chosen])
    save_trace(run.path / "trace.npz", stored)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m seqlab.runs.ship", description="Trains a run that comes with seqlab.")
    parser.add_argument("name", help="name of its folder")
    parser.add_argument("spec", type=Path, help="a file with the JSON of a RunSpec")
    parser.add_argument("--label", default="", help="its name on the screen")
    given = parser.parse_args(arguments)
    try:
        run = ship(given.name, RunSpec.from_json(given.spec.read_text(encoding="utf-8")), label=given.label)
    except (SeqlabError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    result = run.result
    size = sum(path.stat().st_size for path in run.path.rglob("*") if path.is_file())
    scores = ", ".join(f"{name} {value:.4g}" for name, value in result.scores.items()) if result else ""
    sys.stdout.write(f"{run.path}: {size / 1024:.0f} KiB; {scores}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
