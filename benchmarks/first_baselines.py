"""How soon the first rows of a comparison are there: from the request to each stored row, in a warm worker.

    python -m benchmarks.first_baselines [--rows 1000] [--period 24]

A tiny network is trained on a generated series, then compared as the Compare page does it: the request goes into the queue,
the supervisor hands it to the worker that waits, and every row counts from the moment when the page could read it.
"""

import argparse
import sys
import tempfile
import time

from seqlab.config import CompareConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.runs.executor import LocalExecutor
from seqlab.runs.folder import RunFolder
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor
from seqlab.runs.worker import IDLE

FIRST = ("naive", "seasonal_naive", "ar", "theta", "stl_ets", "ets")
PATIENCE = 120.0


def arrivals(run: RunFolder, since: float) -> dict[str, float]:
    """Key → seconds after the request at which the row was there."""
    found: dict[str, float] = {}
    while run.side_status("compare") not in ("finished", "failed", "stopped") and time.monotonic() - since < PATIENCE:
        for model in run.comparison()[0]:
            found.setdefault(model.key, time.monotonic() - since)
        time.sleep(0.01)
    return found


def main() -> int:
    """The command line; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_baselines", description="Seconds until the first rows are there.")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--period", type=int, default=24)
    given = parser.parse_args()
    spec = RunSpec(
        dataset="sine_noise",
        dataset_options={"length": given.rows, "period": given.period},
        window=WindowConfig(context_length=2 * given.period, horizon=given.period),
        model=ModelConfig(hidden_size=4, head_size=4),
        training=TrainConfig(epochs=1, device="cpu"),
    )
    with tempfile.TemporaryDirectory() as home:
        store = RunStore(home)
        executor = LocalExecutor(store.home)
        supervisor = Supervisor(store, executor=executor).start()
        try:
            run_id = store.submit(spec)
            supervisor.wait(run_id, PATIENCE)
            until = time.monotonic() + PATIENCE
            while not executor.ready and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(IDLE + 4.0)  # the page is read meanwhile, and the worker loads the statistics
            began = time.monotonic()
            store.submit_side(run_id, "compare", CompareConfig(baselines=FIRST, seeds=1, intervals=False).to_dict())
            found = arrivals(store.folder(run_id), began)
        finally:
            supervisor.close()
    for key, seconds in found.items():
        print(f"{key:<16}{seconds:6.2f} s")
    print(f"all of them after {max(found.values()):.2f} s ({given.rows:,} rows, season {given.period})")
    return 0 if {"fitted", *FIRST} <= set(found) else 1


if __name__ == "__main__":
    sys.exit(main())
