"""Sequences of the test part in a list: what each is, what was said of it, and the way to its gates."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.data.tokens import TokenDataset
from seqlab.figures.sequence_panel import SequenceView, plot_sequence_images, plot_sequences
from seqlab.ui.figure import show_figure
from seqlab.ui.judge.stand import JudgeStand

__all__ = ["draw_gates_link", "draw_list", "draw_pictures", "gates_address", "gates_column", "gates_config", "sample_text"]

WHOLE = 10  # rows that are shown without scrolling
LONGEST = 300  # characters of a text in a list
IMAGE_STEPS = 40  # a measured sequence of no more steps and many features is shown as an image
MANY_FEATURES = 8


def sample_text(stand: JudgeStand, sample: int) -> str:
    """One sequence of the data set in a line: its text, or how long it is."""
    dataset = stand.dataset
    if isinstance(dataset, TokenDataset):
        text = dataset.written_texts[sample]
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"Sequence {sample + 1:,}: {dataset.lengths[sample]:,} steps"


def gates_address(stand: JudgeStand, row: int, **more: str) -> str:
    """The address of a sequence on the Gates page.

    Args:
        stand: what is looked at.
        row: its place in the test part, from 0.
        more: other words of the address.
    """
    return f"gates?{urlencode({'run': stand.run.run_id, 'part': 'test', 'window': str(row + 1), **more})}"


def draw_list(stand: JudgeStand, rows: Sequence[int], columns: Mapping[str, Sequence[Any]], *, key: str, alt: str) -> None:
    """A table of sequences, each with a link to its gates.

    Args:
        stand: what is looked at.
        rows: places in the test part.
        columns: name → value of each row, shown beside the link.
        key: names the table on its page.
        alt: the table in words.
    """
    table = pd.DataFrame({**columns, **gates_column(stand, rows)})
    first = next(iter(columns))
    shares = [name for name, values in columns.items() if len(values) and isinstance(values[0], float | np.floating)]
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height="content" if len(table) <= WHOLE else 420,
        alt=alt,
        column_config={
            first: st.column_config.TextColumn(width="medium"),
            **{name: st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format="percent", width=130) for name in shares},
            "Gates": gates_config(),
        },
    )


def gates_column(stand: JudgeStand, rows: Sequence[int]) -> dict[str, list[str]]:
    """The column of a table that links to the gates of sequences; nothing for a network without gates.

    Args:
        stand: what is looked at.
        rows: places in the test part.
    """
    return {"Gates": [gates_address(stand, row) for row in rows]} if stand.has_gates else {}


def gates_config() -> Any:
    """How that column is shown."""
    return st.column_config.LinkColumn(display_text="See its gates", width=110)


def draw_gates_link(stand: JudgeStand, row: int, said: str = "") -> None:
    """A small link to the gates of one sequence.

    Args:
        stand: what is looked at.
        row: its place in the test part.
        said: what stands before it; our own text.
    """
    # A plain link: st.page_link would lose the address of widgets that the page has not drawn yet.
    link = f'<a href="{gates_address(stand, row)}">See its gates</a>' if stand.has_gates else ""
    st.html(f"<small>{' · '.join(part for part in (said, link) if part)}</small>")


def draw_pictures(stand: JudgeStand, samples: Sequence[int], titles: Sequence[str], *, key: str) -> None:
    """Measured sequences as lines or images; nothing for texts.

    Args:
        stand: what is looked at.
        samples: numbers of sequences in the data set.
        titles: what stands above each.
        key: names the picture on its page.
    """
    dataset = stand.dataset
    if isinstance(dataset, TokenDataset) or not len(samples):
        return
    views = [SequenceView(title=title, values=np.asarray(dataset.sequences[sample])) for sample, title in zip(samples, titles, strict=True)]
    names = dataset.feature_names
    grid = all(len(view.values) == len(names) for view in views) and MANY_FEATURES <= len(names) <= IMAGE_STEPS
    figure = plot_sequence_images(views[:12]) if grid else plot_sequences(views[:3], names)
    show_figure(figure, key=key, alt=f"What was measured in {', '.join(titles[: 12 if grid else 3])}")
