"""Seconds per training step, side by side in one run: seqlab's loop, a bare torch loop, and neuralforecast.

    python -m benchmarks.training_step [--cell lstm] [--rounds 15] [--neuralforecast] [--install]

All three train the same module on the same windows with the same batch size, one thread, Adam, MSE.
The bare loop is what one writes by hand: unfolded windows, a permutation, forward, backward, clip, step.
neuralforecast is compared only with --neuralforecast; --install installs it first (with pip, into this environment).
The figure to read is the ratio: medians over alternating rounds.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from seqlab.config import ModelConfig, TrainConfig
from seqlab.data.window import WindowSet
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes
from seqlab.training.batches import Batches
from seqlab.training.loop import TrainState, train_epochs
from seqlab.training.objective import Objective
from seqlab.training.optimizer import build_optimizer

POINTS, CONTEXT, HORIZON, BATCH, HIDDEN = 10_000, 96, 24, 64, 64


def series() -> np.ndarray:
    """(POINTS,) a daily wave with noise, about unit variance."""
    steps = np.arange(POINTS)
    return (np.sin(2 * np.pi * steps / 24) + 0.3 * np.random.default_rng(0).standard_normal(POINTS)).astype(np.float32)


def network(cell: str) -> Forecaster:
    """The module under test, from seed 0."""
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=1, target_size=1, known_size=0, context_length=CONTEXT, horizon=HORIZON, season_length=24)
    return build_network(ModelConfig(cell=cell, hidden_size=HIDDEN, reference="none", head_size=0), sizes)


def windows(values: np.ndarray) -> WindowSet:
    """Every window of the series as seqlab's own zero-copy views."""
    count = POINTS - CONTEXT - HORIZON + 1
    stride = values.strides[0]
    view = np.lib.stride_tricks.as_strided
    return WindowSet(
        x=view(values, (1, count, CONTEXT, 1), (0, stride, stride, stride)),
        future=np.zeros((1, count, HORIZON, 0), np.float32),
        y=view(values[CONTEXT:], (1, count, HORIZON, 1), (0, stride, stride, stride)),
        origins=np.arange(CONTEXT, CONTEXT + count),
    )


def seqlab_steps(cell: str, values: np.ndarray) -> Callable[[int], None]:
    """A function that does some steps of seqlab's own loop."""
    module = network(cell)
    train = Batches.of(windows(values), torch.device("cpu"))
    config = TrainConfig(epochs=10_000, batch_size=BATCH, patience=0)
    batches = -(-len(train) // BATCH)
    state = TrainState(
        network=module,
        optimizer=build_optimizer(module.parameters(), config),
        losses=torch.zeros(batches),
        norms=torch.zeros(batches),
        best_weights={},
    )
    events = train_epochs(state, train, train, config, Objective.of(module, config))

    def run(steps: int) -> None:
        for _ in range(steps):
            next(events)

    return run


def bare_steps(cell: str, values: np.ndarray) -> Callable[[int], None]:
    """A function that does some steps of a loop written by hand."""
    module = network(cell)
    optimizer = torch.optim.Adam(module.parameters(), lr=1e-3, fused=True)
    whole = torch.from_numpy(values).unfold(0, CONTEXT + HORIZON, 1)
    order = torch.randperm(len(whole))
    position = 0

    def run(steps: int) -> None:
        nonlocal position
        for _ in range(steps):
            batch = whole[order[position : position + BATCH]]
            position = (position + BATCH) % (len(whole) - BATCH)
            optimizer.zero_grad(set_to_none=True)
            loss = torch.nn.functional.mse_loss(module(batch[:, :CONTEXT, None]), batch[:, CONTEXT:, None])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimizer.step()

    return run


def neuralforecast_seconds(cell: str, values: np.ndarray, steps: int) -> float:
    """Seconds per gradient step of neuralforecast's model, from the difference of a long and a short fit."""
    import logging

    import pandas as pd
    from neuralforecast import NeuralForecast
    from neuralforecast.models import GRU, LSTM, RNN

    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    frame = pd.DataFrame({"unique_id": "a", "ds": np.arange(POINTS), "y": values})

    def fit(max_steps: int) -> float:
        model = {"lstm": LSTM, "gru": GRU, "rnn": RNN}[cell](
            h=HORIZON,
            input_size=CONTEXT,
            encoder_n_layers=1,
            encoder_hidden_size=HIDDEN,
            decoder_layers=1,
            decoder_hidden_size=HIDDEN,
            recurrent=False,
            max_steps=max_steps,
            windows_batch_size=BATCH,
            batch_size=1,
            val_check_steps=100_000,
            scaler_type="identity",
            accelerator="cpu",
            enable_progress_bar=False,
            logger=False,
            enable_checkpointing=False,
            enable_model_summary=False,
        )
        start = time.process_time()
        NeuralForecast(models=[model], freq=1).fit(frame)
        return time.process_time() - start

    fit(2)
    return (fit(steps + 10) - fit(10)) / steps


def main() -> None:
    """Print seconds per step and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", choices=["lstm", "gru", "rnn"], default="lstm")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=40, help="steps per round")
    parser.add_argument("--neuralforecast", action="store_true", help="also compare with neuralforecast")
    parser.add_argument("--install", action="store_true", help="install neuralforecast with pip first")
    arguments = parser.parse_args()
    if arguments.install:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "neuralforecast", f"torch=={torch.__version__.split('+')[0]}"], check=True
        )
    torch.set_num_threads(1)
    values = series()
    ours, bare = seqlab_steps(arguments.cell, values), bare_steps(arguments.cell, values)
    ours(10), bare(10)
    measured: dict[str, list[float]] = {"seqlab": [], "bare torch loop": []}
    theirs: list[float] = []
    for _ in range(arguments.rounds):
        for name, run in (("seqlab", ours), ("bare torch loop", bare)):
            start = time.process_time()
            run(arguments.steps)
            measured[name].append((time.process_time() - start) / arguments.steps)
        if arguments.neuralforecast:
            theirs.append(neuralforecast_seconds(arguments.cell, values, arguments.steps))
    for name, seconds in (*measured.items(), *((("neuralforecast", theirs),) if theirs else ())):
        print(f"{name:16} {statistics.median(seconds) * 1000:8.2f} ms CPU per step")
    pairs = [a / b for a, b in zip(measured["seqlab"], measured["bare torch loop"], strict=True)]
    print(f"seqlab / bare torch loop  {statistics.median(pairs):.3f}   (to stay below 1.05)")
    if theirs:
        pairs = [a / b for a, b in zip(measured["seqlab"], theirs, strict=True)]
        print(f"seqlab / neuralforecast   {statistics.median(pairs):.3f}   (to stay below 0.85)")


if __name__ == "__main__":
    main()
