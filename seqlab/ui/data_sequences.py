"""Measured sequences on the page: a few of each class, drawn."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.sequences import SequenceDataset
from seqlab.figures.sequence_panel import SequenceView, plot_sequences
from seqlab.ui.figure import show_figure
from seqlab.ui.run_text import number
from seqlab.ui.step_names import step_names
from seqlab.ui.tagged_text import NOTHING, TaggedToken, tagged_html
from seqlab.ui.thumbnail import is_film, is_image, runs_down, thumbnail

__all__ = ["draw_examples"]

MOST_CLASSES = 20
DRAWN = 3  # large pictures
MOST_LINES = 7
TAGGED_STEPS = 60

_STYLE = """<style>
.kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 10px 22px; font-size: 13px; }
.kinds.wide { grid-template-columns: repeat(auto-fill, minmax(560px, 1fr)); }
.kinds .kind { display: flex; flex-wrap: wrap; gap: 5px; align-items: center; }
.kinds .kind b { flex: 0 0 100%; font-weight: 600; }
.kinds .lines { border: 1px solid rgba(128, 134, 145, 0.3); border-radius: 4px; }
@media (max-width: 640px) { .kinds, .kinds.wide { grid-template-columns: 1fr; } }
</style>"""


def draw_examples(dataset: SequenceDataset, prepared: PreparedSequences, *, key: str) -> None:
    """A few sequences of the training part.

    Args:
        dataset: the data set.
        prepared: the same, split.
        key: names the widgets on the page.
    """
    numbers = prepared.numbers["train"].tolist()
    if dataset.task == "classify":
        _draw_kinds(dataset, numbers)
        if not is_image(len(dataset.feature_names)):
            _draw_large(dataset, numbers, key)
    elif dataset.task == "tag":
        _draw_tagged(dataset, numbers)
    else:
        _draw_answers(dataset, numbers, key)


def _draw_kinds(dataset: SequenceDataset, numbers: Sequence[int]) -> None:
    """Small pictures of each class, on one scale."""
    st.markdown(f"**Examples of each class** (training part{_how(dataset)})")
    some = np.concatenate([dataset.sequences[place] for place in numbers[:200]])
    low, high = float(np.quantile(some, 0.005)), float(np.quantile(some, 0.995))
    features, down = len(dataset.feature_names), runs_down(dataset.sequences)
    wide = is_image(features) and not down
    each = 3 if wide else 6 if is_image(features) else 4
    kinds = []
    for name in dataset.classes[:MOST_CLASSES]:
        own = [place for place in numbers if dataset.labels[place] == name][:each]
        pictures = "".join(thumbnail(dataset.sequences[place], low, high, down=down) for place in own)
        kinds.append(f'<div class="kind"><b>{html.escape(name)}</b>{pictures}</div>')
    st.html(f'{_STYLE}<div class="kinds{" wide" if wide else ""}">{"".join(kinds)}</div>')
    if len(dataset.classes) > MOST_CLASSES:
        st.caption(f"The first {MOST_CLASSES} of {len(dataset.classes)} classes.")


def _how(dataset: SequenceDataset) -> str:
    features = len(dataset.feature_names)
    if is_image(features):
        if runs_down(dataset.sequences):
            return "; each line of an image is a step"
        return "; each frame is a step" if is_film(features) else "; steps run to the right, a line per number"
    return "; steps run to the right" + (", a line per number" if features > 1 else "")


def _draw_large(dataset: SequenceDataset, numbers: Sequence[int], key: str) -> None:
    chosen = st.selectbox("Look closely at", dataset.classes, key=f"{key}.class", width=280, persist_state="session")
    own = [place for place in numbers if dataset.labels[place] == chosen][:DRAWN]
    if not own:
        st.caption("The training part holds no sequence of this class.")
        return
    views = [SequenceView(title=f"sequence {place + 1:,}{_group(dataset, place)}", values=dataset.sequences[place]) for place in own]
    show_figure(plot_sequences(views, dataset.feature_names), key=f"{key}.large", alt=f"Sequences of the class {chosen}, step by step")


def _group(dataset: SequenceDataset, place: int) -> str:
    return f", {dataset.groups[place]}" if dataset.groups else ""


def _draw_tagged(dataset: SequenceDataset, numbers: Sequence[int]) -> None:
    st.markdown("**Examples** (training part): what is read at each step, and below it the answer that is wanted")
    for place in numbers[:3]:
        names, close = step_names(dataset, place, "step")
        labels = dataset.labels[place]
        tokens = [TaggedToken(text=name, said=labels[step] or NOTHING) for step, name in enumerate(names)]
        st.html(tagged_html(tokens[-TAGGED_STEPS:], dataset.classes, close=close and max(map(len, dataset.classes)) == 1))
        if len(tokens) > TAGGED_STEPS:
            st.caption(f"The last {TAGGED_STEPS} of {len(tokens):,} steps.")


def _draw_answers(dataset: SequenceDataset, numbers: Sequence[int], key: str) -> None:
    """Sequences with a number each, or numbers of each step drawn with them."""
    st.markdown("**Examples** (training part)")
    names = dataset.feature_names
    views = []
    for place in numbers[:DRAWN]:
        values, answer = dataset.sequences[place], np.asarray(dataset.labels[place], dtype=np.float64)
        title = f"sequence {place + 1:,}"
        if dataset.task == "regress":
            title += ": " + ", ".join(f"{name} = {number(float(one))}" for name, one in zip(dataset.target_names, answer, strict=True))
        elif len(names) + len(dataset.target_names) <= MOST_LINES:
            values = np.concatenate([values, answer], axis=1)
        views.append(SequenceView(title=title, values=values))
    if views and views[0].values.shape[1] > len(names):
        names = (*names, *(f"{name} (asked for)" for name in dataset.target_names))
    show_figure(plot_sequences(views, names), key=f"{key}.large", alt=f"Sequences of {dataset.label}, step by step")
