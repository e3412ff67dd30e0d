"""Sequences and texts before training: how many of which length and class lie in each part, and what is known of the task."""

from collections.abc import Iterable, Mapping

import numpy as np
import streamlit as st

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.figures.data_counts import plot_class_counts, plot_histogram
from seqlab.tasks import task_entry
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.tagged_text import NOTHING

__all__ = ["class_counts", "draw_facts", "draw_parts"]

PARTS = ("train", "validation", "test")


def draw_facts(dataset: SequenceDataset | TokenDataset, prepared: PreparedSequences) -> None:
    """The size of it in a row of figures."""
    task, text = task_entry(dataset.task), isinstance(dataset, TokenDataset)
    unit = f"{prepared.unit}s" if text else "steps"
    shortest, longest = min(dataset.lengths), max(dataset.lengths)
    facts = {
        "Texts" if text else "Sequences": f"{len(dataset):,}",
        f"Length ({unit})": f"{longest:,}" if shortest == longest else f"{shortest:,} to {longest:,}",
    }
    if isinstance(dataset, SequenceDataset):
        facts["Numbers per step"] = f"{len(dataset.feature_names):,}"
    if dataset.task == "translate":
        facts["Symbols written"] = f"{len(prepared.classes) - 2:,}"
    elif task.classes:
        facts["Tags" if task.per_step and text else "Classes"] = f"{len(dataset.classes):,}"
    else:
        facts["Numbers asked for"] = f"{len(dataset.target_names):,}"
    if dataset.groups:
        facts["Groups"] = f"{len(set(dataset.groups)):,}"
    with st.grid(len(facts), min_column_width=150, gap="small"):
        for label, value in facts.items():
            st.metric(label, value)


def draw_parts(dataset: SequenceDataset | TokenDataset, prepared: PreparedSequences, *, key: str) -> None:
    """Lengths and classes of each part, and what else is known.

    Args:
        dataset: the data set.
        prepared: the same, split.
        key: names the pictures on the page.
    """
    task = task_entry(dataset.task)
    lengths = {part: np.asarray(dataset.lengths)[prepared.numbers[part]] for part in PARTS}
    pictures = []
    if len(set(dataset.lengths)) > 1:
        unit = f"{dataset.unit}s" if isinstance(dataset, TokenDataset) else "steps"
        pictures.append(("lengths", plot_histogram(lengths, label=f"length in {unit}"), f"Lengths of {dataset.label} by part"))
    if task.classes and dataset.task != "translate":
        what = "answers at steps" if task.per_step else "sequences"
        counts = class_counts(dataset, prepared.numbers)
        # Nearly every word names nothing: beside that bar no other could be seen.
        kept = [at for at, name in enumerate(dataset.classes) if name != NOTHING or task.key != "tag"]
        figure = plot_class_counts(
            [dataset.classes[at] for at in kept], {part: [values[at] for at in kept] for part, values in counts.items()}, what=what
        )
        pictures.append(("classes", figure, f"How often each class of {dataset.label} occurs in each part"))
    elif dataset.task == "translate":
        written = {part: [len(dataset.labels[number]) for number in prepared.numbers[part]] for part in PARTS}
        pictures.append(
            ("written", plot_histogram(written, label="symbols to be written"), f"Lengths of what is to be written in {dataset.label}")
        )
    elif dataset.task == "regress":
        answers = {part: [float(dataset.labels[number][0]) for number in prepared.numbers[part]] for part in PARTS}
        figure = plot_histogram(answers, label=dataset.target_names[0], whole=False)
        pictures.append(("answers", figure, f"The numbers asked for in {dataset.label} by part"))
    if pictures:
        for place, (name, figure, alt) in zip(st.columns(len(pictures), gap="medium"), pictures, strict=True):
            with place:
                show_figure(figure, key=f"{key}.{name}", alt=alt)
    st.caption(" ".join([_parts(prepared), *_known(dataset, prepared)]))


def class_counts(dataset: SequenceDataset | TokenDataset, numbers: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    """Part → (class,) how often it occurs; of tags every step counts."""
    place = {name: at for at, name in enumerate(dataset.classes)}
    found = {}
    for part in PARTS:
        count = [0] * len(place)
        for number_ in numbers[part]:
            label = dataset.labels[number_]
            for name in (label,) if isinstance(label, str) else label:
                if name:
                    count[place[name]] += 1
        found[part] = count
    return found


def _parts(prepared: PreparedSequences) -> str:
    counts = prepared.window_counts
    listed = ", ".join(f"**{part}** {counts[part]:,}" for part in PARTS)
    how = "as they were published" if prepared.spec.split.method == "published" else "split by size"
    return (
        f"{listed} sequences, {how}. The model learns from the training part, the validation part decides when to stop, and the test part "
        "is looked at only once, when it is over."
    )


def _known(dataset: SequenceDataset | TokenDataset, prepared: PreparedSequences) -> list[str]:
    """What else can be said before training: groups, endless data, known losses, longer tests."""
    said = []
    if dataset.groups:
        groups = {part: len({dataset.groups[number_] for number_ in prepared.numbers[part]}) for part in PARTS}
        apart = prepared.spec.split.method == "size"
        said.append(f"{', '.join(f'{groups[part]} groups in {part}' for part in PARTS)}{': no group lies in two parts' if apart else ''}.")
    if dataset.fresh is not None:
        said.append(f"The {prepared.window_counts['train']:,} training sequences are made anew for every epoch.")
    if dataset.trivial is not None and dataset.solved is not None:
        said.append(
            f"Known beforehand: the trivial predictor has a loss of {number(dataset.trivial)}; below {number(dataset.solved)} the "
            "task counts as solved."
        )
    if dataset.tests_at:
        said.append(f"Further tests beyond the training length: {escape(', '.join(dataset.tests_at))}.")
    return said
