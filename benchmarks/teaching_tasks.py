"""Teaching tasks with known answers, trained here and now: who solves them, who does not, and how far beyond the training length.

    python -m benchmarks.teaching_tasks [--seeds 3] [TASK ...]

Every cell has the same preset ("Known to work") and three seeds. A line says the verdict of each seed, its best validation loss beside
those of the trivial predictor and of a solved task, and the share of right sequences of the test sets beyond the training length.
"""

import argparse
import dataclasses

import torch

from seqlab.data.catalog import load_dataset
from seqlab.evaluation.length_share import right_by_length
from seqlab.evaluation.longer import predict_tests
from seqlab.evaluation.teaching import teaching_verdict
from seqlab.presets import PRESETS
from seqlab.training.fit import fit

CELLS = ("rnn", "lstm", "gru")
TASKS = ("adding", "copy_memory", "counting_ab")


def line(key: str, cell: str, seed: int) -> str:
    """Trains one network and says what became of it."""
    dataset = load_dataset(key)
    spec = PRESETS["known"].build(dataset)
    spec = spec.replace(
        model=dataclasses.replace(spec.model, cell=cell, chrono_length=None), training=dataclasses.replace(spec.training, seed=seed)
    )
    fitted = fit(spec)
    losses = [record.validation_loss for record in fitted.history]
    verdict = teaching_verdict(dataset, losses)
    shares = ", ".join(f"{one.length}: {one.share:.2f}" for one in right_by_length(predict_tests(fitted), dataset))
    seconds = sum(record.seconds for record in fitted.history)
    return (
        f"| {dataset.label} | {cell.upper()} | {seed} | {verdict.kind} | {min(losses):.4g} | {dataset.trivial:.4g} | {dataset.solved:.4g} "
        f"| {fitted.history[-1].step:,} | {seconds:.0f} s | {shares} |"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cells", nargs="*", default=CELLS)
    parser.add_argument("tasks", nargs="*", default=TASKS)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print("| Task | Cell | Seed | Verdict | Best validation loss | Trivial | Solved below | Steps | Training | Share right by length |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for key in asked.tasks:
        for cell in asked.cells:
            for seed in range(asked.seeds):
                print(line(key, cell, seed), flush=True)


if __name__ == "__main__":
    main()
