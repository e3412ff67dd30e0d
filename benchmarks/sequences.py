"""How good the presets for sequences and texts are, trained here and now, with the baselines beside them: docs/sequences.md has its tables.

    python -m benchmarks.sequences [--seeds 3] [--write] [DATA SET ...]

For every data set: the preset meant to be good, three seeds, median of the score on the test part, seconds of training on one thread,
and every statistical baseline on the same test part. Nothing is chosen on the test part: weights are those of the best validation loss.
"""

import argparse
import dataclasses
import math
import statistics
from pathlib import Path

import torch

from seqlab.baselines.sequence_table import baselines_for
from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.evaluation.judge import judge, score_said
from seqlab.presets import presets_for
from seqlab.tasks import task_entry
from seqlab.training.fit import fit

BASELINE_SECONDS = 60.0
RESULTS = Path(__file__).parent.parent / "docs" / "sequences.md"
MARK = "<!-- tables of benchmarks.sequences -->"
HEAD = (
    "| Data set | Preset | Network | Score | Median of {seeds} seeds (lowest to highest) | Training | Baselines |",
    "|---|---|---|---|---|---|---|",
)


def row(key: str, seeds: int) -> str:
    """One line of the table: trains ``seeds`` networks and fits the baselines."""
    dataset = load_dataset(key)
    presets = presets_for(dataset)
    preset = list(presets.values())[-1]  # the last one offered is the one meant to be good
    spec = preset.build(dataset)
    entry = task_entry(dataset.task)
    entities = dataset.task == "tag" and bool(getattr(dataset, "scheme", ""))
    found, seconds, f1 = [], [], []
    for seed in range(seeds):
        fitted = fit(spec.replace(training=dataclasses.replace(spec.training, seed=seed)))
        scores = {one.metric: one.value for one in judge(fitted)[1]}
        found.append(scores[entry.metric])
        f1.append(scores.get("entity_f1", math.nan))
        seconds.append(sum(record.seconds for record in fitted.history))
    beside = []
    for baseline in baselines_for(dataset):
        said = baseline.fit_predict(fitted.prepared, "test", seconds=BASELINE_SECONDS)
        value = next(one.value for one in score_said(said, fitted.prepared) if one.metric == entry.metric)
        beside.append(f"{baseline.label} {value:.3f}")
    score = f"{statistics.median(found):.3f} ({min(found):.3f} to {max(found):.3f})"
    if entities:
        score += f"; entity F1 {statistics.median(f1):.3f}"
    return (
        f"| {DATASETS[key].label} | {preset.label} | {fitted.name} | {entry.metric.replace('_', ' ')} | {score} "
        f"| {statistics.median(seconds):.0f} s | {'; '.join(beside)} |"
    )


def main() -> None:
    """Prints the table, and writes it into the docs if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="replace the table in docs/sequences.md")
    parser.add_argument("keys", nargs="*", help="data sets; all measured sequences and texts if left out")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    keys = asked.keys or [key for key, entry in DATASETS.items() if entry.task != "forecast" and entry.options is None]
    lines = [line.format(seeds=asked.seeds) for line in HEAD]
    print("\n".join(lines), flush=True)
    for key in keys:
        lines.append(row(key, asked.seeds))
        print(lines[-1], flush=True)
    if asked.write:
        before, _, _ = RESULTS.read_text(encoding="utf-8").partition(MARK)
        RESULTS.write_text(before + MARK + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
