"""Many steps ahead by the protocol that is usual for the hourly transformer data (ETTh1): MSE and MAE on scaled values.

    python -m benchmarks.long_horizon --csv ETTh1.csv [--target all] [--model gru] [--seeds 3]

The first 8,640 rows train, the next 2,880 validate, the next 2,880 test; later rows are ignored. Every column is brought to
mean 0 and standard deviation 1 by its training rows. The contexts of validation and test reach back into the rows before. Every
test window counts (stride 1, no batch is dropped). A network keeps the weights of its best validation loss; the test part is
read once, after that.
"""

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from seqlab.baselines.linear import fit_shared_linear
from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, TrainConfig, WindowConfig
from seqlab.data.prepare import Prepared, prepare
from seqlab.data.series import SeriesDataset
from seqlab.data.upload import inspect_table, read_table
from seqlab.data.window import WindowSet
from seqlab.errors import ConfigError, DataError, SeqlabError
from seqlab.training.device import choose_device
from seqlab.training.session import TrainingSession

MODELS = ("gru", "lstm", "linear", "seasonal_naive")
NETWORKS = ("gru", "lstm")
CHUNK = 4096  # windows forecast at once
STEPS = 1400  # optimizer steps the default batch is chosen for

Floats = npt.NDArray[np.float64]
Method = Callable[[Floats], Floats]
"""(window, context) → (window, horizon), both scaled."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one model, or one seed of it, came to.

    Args:
        mse, mae: mean squared and mean absolute error over all test windows, steps and columns, scaled.
        parameters: numbers that were fitted.
        seconds: of training, or of fitting.
        epoch: the epoch with the best validation loss; 0 where there are no epochs.
        epochs: epochs trained.
    """

    mse: float
    mae: float
    parameters: int
    seconds: float
    epoch: int = 0
    epochs: int = 0


def read_columns(csv: Path, target: str, season: int) -> SeriesDataset:
    """The rows of the file in their order, with the columns to forecast as targets."""
    found = inspect_table(csv).targets
    if target != "all" and target not in found:
        raise DataError(f"There is no column of numbers called {target!r} in {csv.name}. Its columns of numbers are: {', '.join(found)}.")
    # By row numbers: the protocol counts rows, and neither sorts nor fills them.
    return read_table(csv, target=found if target == "all" else target, time="", season_length=season)


def parse_split(text: str) -> tuple[int, int, int]:
    """Three numbers of rows, such as ``8640,2880,2880``."""
    try:
        train, validation, test = (int(part) for part in text.split(","))
    except ValueError:
        raise ConfigError(
            f"The split {text!r} is not three numbers of rows. Give training, validation and test part, such as 8640,2880,2880."
        ) from None
    if min(train, validation, test) < 1:
        raise ConfigError(f"The split {text!r} has a part without rows. Each of the three parts needs at least one row.")
    return train, validation, test


def errors(windows: WindowSet, method: Method) -> tuple[float, float]:
    """MSE and MAE of a method over all windows, steps and columns; what was not observed does not count."""
    squared = absolute = count = 0.0
    for start in range(0, len(windows), CHUNK):
        x, _, y = windows.gather(np.arange(start, min(start + CHUNK, len(windows))))
        error = method(x[..., 0].astype(np.float64)) - y[..., 0]
        error = error[~np.isnan(error)]
        squared, absolute, count = squared + float(error @ error), absolute + float(np.abs(error).sum()), count + error.size
    return squared / count, absolute / count


def seasonal_naive(prepared: Prepared, season: int) -> Result:
    """Repeat the last season of the context."""
    window = prepared.spec.window
    if season > window.context_length:
        raise ConfigError(
            f"The value {season} steps earlier lies before the context of {window.context_length} steps. "
            "Choose a longer context, or a shorter season."
        )
    steps = window.context_length - season + np.arange(window.horizon) % season
    mse, mae = errors(prepared.windows("test"), lambda context: context[:, steps])
    return Result(mse=mse, mae=mae, parameters=0, seconds=0.0)


def train_network(spec: RunSpec, prepared: Prepared, threads: int) -> Result:
    """Train one network, and measure its best weights on the test part."""
    device, why = choose_device(spec.training.device)
    session = TrainingSession(spec, prepared, device, why, threads)
    start = time.perf_counter()
    for _ in session.events():
        pass
    seconds = time.perf_counter() - start
    model = session.fitted().model

    @torch.no_grad()
    def forecast(context: Floats) -> Floats:
        made: Floats = model(torch.from_numpy(context.astype(np.float32))[..., None].to(device))[..., 0].cpu().numpy().astype(np.float64)
        return made

    mse, mae = errors(prepared.windows("test"), forecast)
    return Result(
        mse=mse,
        mae=mae,
        parameters=sum(p.numel() for p in model.parameters()),
        seconds=seconds,
        epoch=session.state.best_epoch,
        epochs=session.state.epoch,
    )


def train_linear(prepared: Prepared) -> Result:
    """One matrix for all columns, in closed form, fitted to the training rows."""
    window = prepared.spec.window
    rows = prepared.dataset.frame[list(prepared.target_names)].to_numpy()[: prepared.bounds.train_end]
    start = time.perf_counter()
    linear = fit_shared_linear(prepared.scaler.transform(rows), window.context_length, window.horizon)
    seconds = time.perf_counter() - start
    mse, mae = errors(prepared.windows("test"), linear.predict)
    return Result(mse=mse, mae=mae, parameters=linear.weights.size + linear.constants.size, seconds=seconds)


def usual_batch(windows: int, epochs: int) -> int:
    """Windows per step, so that few columns get as many steps as many: 512 for seven columns of ETTh1, 64 for one."""
    return min(512, max(32, 32 * round(windows * epochs / STEPS / 32)))


def build_spec(arguments: argparse.Namespace, targets: tuple[str, ...], seed: int, batch: int = 512) -> RunSpec:
    """The spec of one seed."""
    train, validation, test = parse_split(arguments.split)
    return RunSpec(
        dataset=arguments.csv.name,
        data=DataConfig(targets=targets, scaling="standard"),
        split=SplitConfig(train_size=train, validation_size=validation, test_size=test),
        window=WindowConfig(context_length=arguments.context, horizon=arguments.horizon),
        model=ModelConfig(
            cell=arguments.model if arguments.model in NETWORKS else "gru",
            hidden_size=arguments.hidden,
            dropout=arguments.dropout,
            reference="last",
            segment_length=arguments.segment if arguments.model in NETWORKS else 1,
            head_size=0,
            many_targets="shared",
        ),
        training=TrainConfig(
            epochs=arguments.epochs,
            batch_size=arguments.batch or batch,
            learning_rate=arguments.learning_rate,
            loss=arguments.loss,
            schedule="cosine",
            patience=0,  # the rate falls to zero over the epochs; the best ones come last
            seed=seed,
            device="cpu",
        ),
    )


def measure(arguments: argparse.Namespace) -> None:
    """Train and print, one line per seed."""
    dataset = read_columns(arguments.csv, arguments.target, arguments.season)
    spec = build_spec(arguments, dataset.targets, 0)
    prepared = prepare(dataset, spec)
    windows = prepared.windows("test")
    print(
        f"{len(dataset.targets)} columns ({', '.join(dataset.targets)}), rows {arguments.split}, "
        f"context {spec.window.context_length}, horizon {spec.window.horizon}, "
        f"test windows {windows.window_count} per column, {len(windows)} in all"
    )
    if arguments.model not in NETWORKS:
        result = train_linear(prepared) if arguments.model == "linear" else seasonal_naive(prepared, arguments.season)
        print(f"{arguments.model}: {describe(result)}")
        return
    results = []
    batch = usual_batch(len(prepared.windows("train")), arguments.epochs)
    for seed in range(arguments.seeds):
        results.append(train_network(build_spec(arguments, dataset.targets, seed, batch), prepared, arguments.threads))
        print(f"{arguments.model} seed {seed}: {describe(results[-1])}", flush=True)
    print(f"{arguments.model} mean of {len(results)} seeds: " + summary(results))


def describe(result: Result) -> str:
    """One line of numbers."""
    line = f"MSE {result.mse:.4f}, MAE {result.mae:.4f}, {result.parameters:,} parameters, {result.seconds:.1f} s"
    return f"{line}, epoch {result.epoch} of {result.epochs} kept" if result.epochs else line


def summary(results: list[Result]) -> str:
    """Mean and standard deviation over the seeds."""
    parts = []
    for name in ("mse", "mae"):
        values = np.array([getattr(result, name) for result in results])
        spread = f" ± {values.std(ddof=1):.4f}" if len(values) > 1 else ""
        parts.append(f"{name.upper()} {values.mean():.4f}{spread}")
    return ", ".join(parts) + f", {sum(result.seconds for result in results):.1f} s together"


def main(given: list[str] | None = None) -> int:
    """The command; 2 says that it was asked for something impossible."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--csv", type=Path, required=True, help="a column of dates, then columns of numbers")
    parser.add_argument("--target", default="all", help="one column, or all of them (default)")
    parser.add_argument("--context", type=int, default=96)
    parser.add_argument("--horizon", type=int, default=96)
    parser.add_argument("--split", default="8640,2880,2880", help="rows of training, validation and test part (default %(default)s)")
    parser.add_argument("--model", choices=MODELS, default="gru")
    parser.add_argument("--season", type=int, default=24, help="steps that seasonal_naive looks back (default %(default)s)")
    network = parser.add_argument_group("networks")
    network.add_argument("--segment", type=int, default=24, help="rows per recurrent step (default %(default)s)")
    network.add_argument("--hidden", type=int, default=128, help="units (default %(default)s)")
    network.add_argument("--epochs", type=int, default=12, help="passes over the training windows (default %(default)s)")
    network.add_argument("--seeds", type=int, default=3, help="how many, counted from 0 (default %(default)s)")
    network.add_argument("--batch", type=int, help=f"windows per step (default: from 32 to 512, for about {STEPS:,} steps in all)")
    network.add_argument("--learning-rate", type=float, default=4e-3, help="at the start (default %(default)s)")
    network.add_argument("--dropout", type=float, default=0.2, help="share of the last state (default %(default)s)")
    network.add_argument(
        "--loss", choices=("mae", "mse", "huber"), default="huber", help="in training and for choosing the epoch (default %(default)s)"
    )
    network.add_argument("--threads", type=int, default=1, help="CPU threads (default %(default)s)")
    arguments = parser.parse_args(given)
    try:
        if arguments.seeds < 1 or arguments.threads < 1:
            raise ConfigError(f"{arguments.seeds} seeds and {arguments.threads} threads were asked for. Ask for at least 1 of each.")
        measure(arguments)
    except (SeqlabError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
