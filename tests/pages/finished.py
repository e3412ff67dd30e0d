"""Runs made by hand for the page tests: what a worker would have written, without one."""

import time

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.presets import presets_for
from seqlab.records import EpochRecord
from seqlab.runs.metrics import MetricsLog
from seqlab.runs.result import RunResult
from seqlab.runs.store import RunStore

SPEC = RunSpec(dataset="airline_passengers", model=ModelConfig(hidden_size=8), training=TrainConfig(epochs=3))


def submit_task(dataset, **options):
    """A queued run of a preset of another task than forecasting."""
    data = load_dataset(dataset, **options)
    spec = next(iter(presets_for(data).values())).build(data)
    return RunStore().submit(spec.replace(dataset_options=options, training=TrainConfig(epochs=3)))


def submit(seed=0, name=""):
    """A queued run."""
    return RunStore().submit(SPEC.replace(training=TrainConfig(epochs=3, seed=seed)), name=name)


def epochs(count, accuracy=None):
    return [
        EpochRecord(
            epoch=n,
            step=n * 3,
            train_loss=1.0 / n,
            validation_loss=1.5 / n,
            learning_rate=1e-3,
            gradient_norm=0.7,
            seconds=0.5,
            windows_per_second=130.0,
            best=True,
            validation_accuracy=accuracy,
        )
        for n in range(1, count + 1)
    ]


def write_metrics(run_id, count, accuracy=None):
    log = MetricsLog(RunStore().folder(run_id).path / "metrics.jsonl")
    log.append(epochs(count, accuracy))
    log.close()


def finish(run_id, **changes):
    """Ends a run as a worker would."""
    write_metrics(run_id, 3)
    result = {
        "status": "finished",
        "message": "All 3 epochs done. The weights of epoch 3 are kept.",
        "scores": {"mae": 21.5, "rmse": 30.25, "mase": 0.75},
        "seconds": 1.5,
        "epochs": 3,
        "best_epoch": 3,
        "best_validation_loss": 0.5,
        "parameters": 1234,
        "has_model": False,
        "ended": time.time(),
    }
    RunStore().folder(run_id).training.end(RunResult(**{**result, **changes}))
