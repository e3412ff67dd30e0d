"""What the gradient of every state at every step costs, as a ratio to a plain forward and backward pass of the same module.

    python -m benchmarks.gradient_flow [--rounds 15]

Hidden size 64, one layer, one sequence, one thread; 200 and 1,000 steps, loss at the end. Medians of alternating rounds, CPU time.
The last column compares with torch's own gradient of the input.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from seqlab.gates.gradients import gradient_error, gradient_flow

HIDDEN, INPUT = 64, 4


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def last_step(output: torch.Tensor) -> torch.Tensor:
    """A loss at the end of the sequence."""
    return output[:, -1].square().mean()


def main() -> None:
    """Print one line per cell and length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print("cell   steps  plain ms   flow ms  ratio  error")
    for name, kind in (("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)):
        torch.manual_seed(0)
        stack = kind(INPUT, HIDDEN, batch_first=True)
        for steps in (200, 1_000):
            x = torch.randn(1, steps, INPUT)

            def plain(stack: nn.Module = stack, x: torch.Tensor = x) -> None:
                stack.zero_grad()
                last_step(stack(x)[0]).backward()

            def flow(stack: nn.Module = stack, x: torch.Tensor = x) -> None:
                gradient_flow(stack, x, loss=last_step)

            plain(), flow()
            pairs = [(cpu_seconds(plain), cpu_seconds(flow)) for _ in range(rounds)]
            bare, opened = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            error = gradient_error(stack, x, loss=last_step)
            print(f"{name:5} {steps:6}  {bare * 1e3:8.2f}  {opened * 1e3:8.2f}  {ratio:5.2f}  {error:.1e}")


if __name__ == "__main__":
    main()
