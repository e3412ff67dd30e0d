"""What the cells cost that are run step by step, and the article's cells beside the standard ones; all in one run.

    python -m benchmarks.cells [--rounds 9]

1. CPU seconds of a training step (forward, backward) of one layer, as ratios of medians over alternating rounds: each stepped cell
   to torch's fused LSTM and GRU, and to the same cell differentiated by torch step by step (the loop one writes by hand).
   One thread, batch 32, 48 steps, 32 units, 8 inputs.
2. The article's LSTM and GRU trained beside the standard ones on the same task, the same settings and three seeds:
   loss of the validation part at its best, parameters, and seconds per epoch.
"""

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from seqlab.config import RunSpec, TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.models.stack import layer_weights
from seqlab.models.table import CELLS, cell_entry
from seqlab.presets import PRESETS
from seqlab.runs.bias_sweep import trials
from seqlab.training.fit import fit

BATCH, STEPS, HIDDEN, INPUTS = 32, 48, 32, 8
TASKS = ("airline_passengers", "latch")
BESIDE = ("lstm", "article_lstm", "gru", "article_gru")
SEEDS = (0, 1, 2)
EPOCHS = 60
GAP = 20
"""Steps of noise between cue and answer of the latch."""

Step = Callable[[], None]


def build(cell: str) -> nn.Module:
    """One layer of a cell, from seed 0."""
    torch.manual_seed(0)
    return cell_entry(cell).load().build_stack(
        input_size=INPUTS, hidden_size=HIDDEN, num_layers=1, bidirectional=False, dropout=0.0, forget_bias=None
    )  # fmt: skip


def as_built(cell: str, x: torch.Tensor) -> Step:
    """A training step of a cell as it is trained here."""
    stack = build(cell)

    def step() -> None:
        stack.zero_grad()
        stack(x)[0][:, -1].sum().backward()

    return step


def written_by_hand(cell: str, x: torch.Tensor) -> Step:
    """A training step of the same cell, a loop over time that torch differentiates; the input's products are made at once there too."""
    stack = build(cell)
    step_of = LOOPS[cell]

    def step() -> None:
        stack.zero_grad()
        w_ih, w_hh, b_ih, b_hh, *more = layer_weights(stack, 0, reverse=False)
        sums = (x @ w_ih.t() + b_ih + b_hh).unbind(1)
        h = c = x.new_zeros(BATCH, HIDDEN)
        y = h
        for now in sums:
            h, c, y = step_of(now, h, c, w_hh, more)
        y.sum().backward()  # type: ignore[no-untyped-call]

    return step


Loop = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, list[torch.Tensor]], tuple[torch.Tensor, ...]]


def _article_lstm(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, _: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    i, f, o, new = (sums + h @ w.t()).chunk(4, dim=1)
    h = f.sigmoid() * h + i.sigmoid() * new.tanh()
    return h, c, o.sigmoid() * h.tanh()


def _article_gru(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, _: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    r, z, n = (sums + h @ w.t()).chunk(3, dim=1)
    c = torch.lerp(n.tanh(), c, z.sigmoid())
    h = torch.lerp(c, h, r.sigmoid())
    return h, c, h


def _no_forget(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, _: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    i, g, o = (sums + h @ w.t()).chunk(3, dim=1)
    c = c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return h, c, h


def _coupled(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, _: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    f, g, o = (sums + h @ w.t()).chunk(3, dim=1)
    c = torch.lerp(g.tanh(), c, f.sigmoid())
    h = o.sigmoid() * c.tanh()
    return h, c, h


def _peephole(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, more: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    i, f, g, o = (sums + h @ w.t()).chunk(4, dim=1)
    see_i, see_f, see_o = more[0].chunk(3)
    c = (f + see_f * c).sigmoid() * c + (i + see_i * c).sigmoid() * g.tanh()
    h = (o + see_o * c).sigmoid() * c.tanh()
    return h, c, h


def _reset_before(sums: torch.Tensor, h: torch.Tensor, c: torch.Tensor, w: torch.Tensor, _: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    r, z = (sums[:, : 2 * HIDDEN] + h @ w[: 2 * HIDDEN].t()).sigmoid().chunk(2, dim=1)
    n = (sums[:, 2 * HIDDEN :] + (r * h) @ w[2 * HIDDEN :].t()).tanh()
    h = torch.lerp(n, h, z)
    return h, c, h


LOOPS: dict[str, Loop] = {
    "article_lstm": _article_lstm,
    "article_gru": _article_gru,
    "lstm_no_forget": _no_forget,
    "lstm_coupled": _coupled,
    "lstm_peephole": _peephole,
    "gru_reset_before": _reset_before,
}


def costs(rounds: int) -> list[str]:
    """Rows of the first table."""
    x = torch.randn(BATCH, STEPS, INPUTS)
    runs = {key: as_built(key, x) for key in CELLS} | {f"{key} by hand": written_by_hand(key, x) for key in LOOPS}
    measured: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(5):
                run()
            if number:  # the first round warms up
                measured[name].append((time.process_time() - start) / 5)

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(measured[one], measured[other], strict=True))

    rows = ["| cell | ms per step | to the fused LSTM | to the fused GRU | to the loop by hand |", "| --- | --- | --- | --- | --- |"]
    for key, entry in CELLS.items():
        own = f"{ratio(key, f'{key} by hand'):.2f}" if key in LOOPS else "–"
        now = 1000 * statistics.median(measured[key])
        rows.append(f"| {entry.label} | {now:.1f} | {ratio(key, 'lstm'):.2f} | {ratio(key, 'gru'):.2f} | {own} |")
    return rows


def spec_of(task: str) -> RunSpec:
    """The preset "Good forecast" for passengers; for the latch the network that the laboratory's bias experiment trains, without a bias."""
    if task == "latch":
        spec = trials(GAP)[0].spec
        return spec.replace(model=dataclasses.replace(spec.model, forget_bias=None))
    return PRESETS["good"].build(load_dataset(task))


def beside_the_standard(task: str) -> list[str]:
    """Rows of the second table."""
    base = spec_of(task)
    rows = []
    for cell in BESIDE:
        losses, seconds, parameters = [], [], 0
        for seed in SEEDS:
            training = TrainConfig(**{**base.training.to_dict(), "epochs": EPOCHS, "patience": 0, "seed": seed})
            spec = base.replace(model=dataclasses.replace(base.model, cell=cell), training=training)
            fitted = fit(spec)
            losses.append(min(record.validation_loss for record in fitted.history))
            seconds += [record.seconds for record in fitted.history]
            parameters = sum(value.numel() for value in fitted.model.parameters())
        each = ", ".join(f"{loss:.4g}" for loss in losses)
        label = CELLS[cell].label
        rows.append(f"| {task} | {label} | {parameters:,} | {np.median(losses):.4g} | {each} | {1000 * np.median(seconds):.0f} ms |")
    return rows


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print("\n".join(costs(arguments.rounds)))
    print("\n| task | cell | parameters | validation loss, median | each seed | an epoch |\n| --- | --- | --- | --- | --- | --- |")
    for task in TASKS:
        print("\n".join(beside_the_standard(task)), flush=True)


if __name__ == "__main__":
    main()
