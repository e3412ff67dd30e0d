"""What both ways of reading share in the view Change gates: a metric without and with the changes, the column, the changed steps."""

from itertools import groupby

import numpy as np
import streamlit as st

from seqlab.gates.intervention import Intervention
from seqlab.records import SeriesPicture
from seqlab.ui.lab.bench import Bench

__all__ = ["as_python", "bands_of", "draw_metric", "series_of"]


def draw_metric(label: str, before: float, after: float) -> None:
    """A number without and with the changes, and by how much it grew."""
    if not np.isfinite(before):
        st.metric(label, "not observed", border=True, width=260)
        return
    if not np.isfinite(after):
        st.metric(label, f"{before:.4g} → none", delta="the forecast is no number", delta_color="inverse", border=True, width=260)
        return
    change = f"{100 * (after - before) / before:+,.1f} %" if before > 0 else f"{after - before:+.3g}"
    st.metric(
        label,
        f"{before:.4g} → {after:.4g}",
        delta=change if after != before else "no change",
        delta_color="inverse" if after != before else "off",
        delta_arrow="auto" if after != before else "off",
        border=True,
        width=260,
        help="Without → with the change.",
    )


def series_of(bench: Bench) -> SeriesPicture:
    """The chosen column over all rows, in the data's own units."""
    prepared = bench.fitted.prepared
    name = prepared.target_names[bench.choice.column]
    return SeriesPicture(name=name, index=prepared.index, values=prepared.dataset.frame[name].to_numpy())


def bands_of(changes: list[Intervention], steps: int, segment_length: int) -> list[tuple[int, int]]:
    """(first, last) data steps at which anything is changed, counted from the window's first."""
    touched = sorted({step for change in changes for step in (range(steps) if change.steps is None else change.steps)})
    spans = [[step for _, step in run] for _, run in groupby(enumerate(touched), key=lambda pair: pair[1] - pair[0])]
    return [(span[0] * segment_length, (span[-1] + 1) * segment_length - 1) for span in spans]


def as_python(changes: list[Intervention]) -> str:
    """The changes as lines of a Python list."""
    return "\n".join(f"    {change!r}," for change in changes)
