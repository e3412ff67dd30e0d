"""What a sweep of 64 constant clamps costs, as a ratio to one bare fused forward pass at batch 64.

    python -m benchmarks.gate_sweep [--rounds 9]

Hidden size 64, one layer, 200 steps, one thread. Each clamp holds one gate at 0 or 1: of one unit through the whole
window, or of all units through ten steps, another ten for each clamp. Medians of alternating rounds, CPU time. The last
column is the largest deviation of the outputs' sum from 64 replays made one by one.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from seqlab.gates.intervention import Intervention
from seqlab.gates.replay import replay
from seqlab.gates.sweep import clamp_sweep, sweep_gates
from seqlab.models.table import cell_entry

HIDDEN, INPUT, STEPS, CLAMPS = 64, 4, 200, 64


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def last_sum(output: torch.Tensor, _: torch.Tensor | None) -> torch.Tensor:
    """A loss that needs no truth: the sum over the units of the last output."""
    return output[:, -1].sum(dim=-1)


def clamps_of(cell: str, *, through_time: bool) -> list[Intervention]:
    """64 clamps of a cell's gates."""
    gates = sweep_gates(cell_entry(cell))
    return [
        Intervention(
            gate=gates[number % len(gates)],
            op="set",
            value=float(number // len(gates) % 2),
            units=[number] if through_time else None,
            steps=None if through_time else range(2 * number, 2 * number + 10),
        )
        for number in range(CLAMPS)
    ]


def main() -> None:
    """Print one line per cell and kind of clamp."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print("cell  clamps             fused ms  sweep ms  ratio  max |sweep - one by one|")
    for name, kind in (("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)):
        torch.manual_seed(0)
        stack = kind(INPUT, HIDDEN, batch_first=True).eval()
        x = torch.randn(1, STEPS, INPUT)
        batch = x.expand(CLAMPS, -1, -1).contiguous()
        for through_time in (True, False):
            clamps = clamps_of(name, through_time=through_time)

            def fused(stack: nn.Module = stack, batch: torch.Tensor = batch) -> None:
                with torch.no_grad():
                    stack(batch)

            def swept(stack: nn.Module = stack, x: torch.Tensor = x, clamps: list[Intervention] = clamps) -> object:
                return clamp_sweep(stack, x, clamps, loss=last_sum)

            fused(), swept()
            pairs = [(cpu_seconds(fused), cpu_seconds(swept)) for _ in range(rounds)]
            bare, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            plain = replay(stack, x).values("h")[0, -1].sum()
            one_by_one = [replay(stack, x, [clamp]).values("h")[0, -1].sum() - plain for clamp in clamps]
            error = abs(clamp_sweep(stack, x, clamps, loss=last_sum).delta[0] - one_by_one).max()
            what = "one unit, all steps" if through_time else "all units, 10 steps"
            print(f"{name:4}  {what:17}  {bare * 1e3:8.2f}  {whole * 1e3:8.2f}  {ratio:5.2f}  {error:.1e}")


if __name__ == "__main__":
    main()
