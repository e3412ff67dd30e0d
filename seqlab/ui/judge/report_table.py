"""A report as a table: precision, recall, F1 and support, a row per class, tag or kind of entity."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from seqlab.evaluation.classification_report import ClassRow
from seqlab.figures.tag_report import TagRow, plot_tag_report
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape

__all__ = ["draw_report", "report_frame"]

_RATES = ("precision", "recall", "f1")
MOST_DRAWN = 16


def report_frame(rows: Sequence[ClassRow]) -> pd.DataFrame:
    """One row per line of a report; NaN where a figure is not computable."""
    return pd.DataFrame(
        [
            {
                "name": row.name,
                **{rate: getattr(row, rate).value for rate in _RATES},
                "support": row.support,
                "said": row.said,
                "right": row.right,
                "reason": "; ".join(dict.fromkeys(getattr(row, rate).reason for rate in _RATES if getattr(row, rate).reason)),
            }
            for row in rows
        ]
    )


def draw_report(rows: Sequence[ClassRow], means: Sequence[ClassRow], *, name: str, counted: str, key: str) -> None:
    """Table and picture side by side where there is room.

    Args:
        rows: a line per tag or kind.
        means: lines above them, such as all together; not in the picture.
        name: what a row is.
        counted: what support counts.
        key: names both on the page.
    """
    frame = report_frame([*means, *rows])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.dataframe(
            frame.drop(columns="reason").style.format(dict.fromkeys(_RATES, _shown)),
            key=f"{key}.table",
            hide_index=True,
            height="content" if len(frame) <= 14 else 500,
            placeholder="not computable",
            alt=f"Precision, recall and F1 of every {name}",
            column_config={
                "name": st.column_config.TextColumn(name.capitalize(), pinned=True),
                "precision": st.column_config.NumberColumn("Precision", help="How often it is right when it says so."),
                "recall": st.column_config.NumberColumn("Recall", help="Share of what is there that was found."),
                "f1": st.column_config.NumberColumn("F1", help="Harmonic mean of both: high only if both are."),
                "support": st.column_config.NumberColumn("Support", help=f"How many {counted} there are."),
                "said": st.column_config.NumberColumn("Said", help=f"How many {counted} the model said."),
                "right": st.column_config.NumberColumn("Right", help="How many of those are right."),
            },
        )
    with right:
        often = sorted(rows, key=lambda row: -row.support)[:MOST_DRAWN]
        drawn = [
            TagRow(name=row.name, precision=row.precision.value, recall=row.recall.value, f1=row.f1.value, support=row.support)
            for row in often
        ]
        show_figure(plot_tag_report(drawn, counted=counted), key=f"{key}.picture", alt=f"F1 of every {name}")
        if len(rows) > MOST_DRAWN:
            st.caption(f"The {MOST_DRAWN} most frequent are drawn.")
    _say_missing(rows, name)


def _say_missing(rows: Sequence[ClassRow], name: str) -> None:
    """Which rates have no number, and why; one line for all that share the reason."""
    whole = {row.f1.reason for row in rows}
    for missing, said in (
        ([row.name for row in rows if not row.said and row.support], "never said, so there is no precision to compute"),
        ([row.name for row in rows if not row.support and row.said], "not in the test part, so there is no recall to compute"),
        ([row.name for row in rows if not row.support and not row.said], "neither there nor said, so nothing can be computed"),
    ):
        if missing:
            st.caption(f"Of {len(rows):,} {plural(name)} {len(missing):,} were {said}: {escape(', '.join(missing))}.")
    for reason in sorted(whole - {""} - {row.f1.reason for row in rows if not row.support and not row.said}):
        st.caption(escape(reason))


def plural(name: str) -> str:
    """More than one of what a row is.

    Example:
        >>> plural("kind of entity"), plural("tag")
        ('kinds of entity', 'tags')
    """
    head, of, rest = name.partition(" of ")
    return f"{head}s{of}{rest}"


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) and math.isfinite(value) else "not computable"
