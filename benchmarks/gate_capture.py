"""What opening every gate costs, as a ratio to the bare fused forward pass of the same module.

    python -m benchmarks.gate_capture [--rounds 9]

Hidden size 64, one layer, one thread; batch 1 with 200 to 10,000 steps. Medians of alternating rounds, CPU time.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from seqlab.gates.trace import trace_gates

HIDDEN, INPUT = 64, 4


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print one line per cell and length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print("cell   steps  fused ms  trace ms  ratio  max |recomputed h - fused h|")
    for name, kind in (("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)):
        torch.manual_seed(0)
        stack = kind(INPUT, HIDDEN, batch_first=True).eval()
        for steps in (200, 1_000, 10_000):
            x = torch.randn(1, steps, INPUT)

            def fused(stack: nn.Module = stack, x: torch.Tensor = x) -> None:
                with torch.no_grad():
                    stack(x)

            fused(), trace_gates(stack, x)
            pairs = [(cpu_seconds(fused), cpu_seconds(lambda stack=stack, x=x: trace_gates(stack, x))) for _ in range(rounds)]
            bare, opened = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            error = trace_gates(stack, x).max_error
            print(f"{name:5} {steps:6}  {bare * 1e3:8.2f}  {opened * 1e3:8.2f}  {ratio:5.2f}  {error:.1e}")


if __name__ == "__main__":
    main()
