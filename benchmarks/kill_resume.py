"""Kill -9 of the worker at random moments: does the run end with the same bits?

    python -m benchmarks.kill_resume [--kills 20] [--seed 0] [--cell lstm]

One run is left alone. Then the same spec is trained again and again, each time in a worker that is
killed at a random moment of its life; the supervisor takes the run up again by itself. Compared are
every epoch's losses and gradient norm, and every weight of the finished model, bit for bit.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from safetensors.numpy import load_file

from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.records import EpochRecord
from seqlab.runs.folder import RunFolder
from seqlab.runs.metrics import Note
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor

PATIENCE = 300.0


def spec_of(cell: str) -> RunSpec:
    """A run of some seconds with everything that could differ: dropout, a schedule, early stopping, shuffling."""
    return RunSpec(
        dataset="sunspots",
        window=WindowConfig(context_length=36, horizon=12),
        model=ModelConfig(cell=cell, hidden_size=16, dropout=0.2, num_layers=2),
        training=TrainConfig(epochs=30, patience=25, batch_size=64, schedule="cosine", seed=3, device="cpu"),
    )


def wait_until(condition: Callable[[], bool]) -> None:
    """Look until it is so."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("the run did not go on")
        time.sleep(0.002)


def bits(run: RunFolder) -> tuple[list[tuple[object, ...]], dict[str, bytes]]:
    """The loss curve and the final weights, exactly."""
    records = [record for record in run.read_metrics()[0] if isinstance(record, EpochRecord)]
    curve = [
        (r.epoch, r.step, r.train_loss.hex(), r.validation_loss.hex(), r.gradient_norm.hex(), r.learning_rate.hex(), r.best)
        for r in records
    ]
    return curve, {name: value.tobytes() for name, value in load_file(run.model_path).items()}


def train(store: RunStore, supervisor: Supervisor, spec: RunSpec, kill_after: float | None) -> tuple[RunFolder, bool, float]:
    """One run; whether its worker could be killed before it was done, and the seconds its first worker lived."""
    run = store.folder(store.submit(spec))
    wait_until(lambda: run.training.worker is not None)
    began = time.monotonic()
    killed = False
    if kill_after is not None:
        time.sleep(kill_after)
        worker = run.training.worker
        if worker is not None and run.result is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
                killed = True
    if supervisor.wait(run.path.name, PATIENCE) != "finished":
        raise RuntimeError(f"the run ended as {run.status}: {run.result}")
    wait_until(lambda: not run.alive)
    return run, killed, time.monotonic() - began


def main() -> int:
    """Print one line per kill, and the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cell", default="lstm")
    given = parser.parse_args()
    moments = random.Random(given.seed)
    same = done = 0
    with tempfile.TemporaryDirectory() as home:
        store = RunStore(Path(home))
        supervisor = Supervisor(store).start()
        spec = spec_of(given.cell)
        run, _, lifetime = train(store, supervisor, spec, None)
        expected = bits(run)
        store.delete(run.path.name)
        print(f"left alone: {len(expected[0])} epochs in {lifetime:.1f} s")
        while done < given.kills:
            moment = moments.uniform(0.0, lifetime)
            run, killed, _ = train(store, supervisor, spec, moment)
            if killed:
                done += 1
                curve, weights = bits(run)
                equal = (curve, weights) == expected
                same += equal
                said = [record.text for record in run.read_metrics()[0] if isinstance(record, Note)]
                print(f"killed after {moment:5.2f} s: {'same bits' if equal else 'DIFFERENT'}. {' '.join(said)}", flush=True)
            store.delete(run.path.name)
        supervisor.close()
    print(f"{same} of {done} resumed runs have the identical loss curve and identical final weights")
    return 0 if same == done else 1


if __name__ == "__main__":
    sys.exit(main())
