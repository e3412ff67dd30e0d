"""What stands under every table of a comparison: what was measured, and how."""

import streamlit as st

from seqlab.evaluation.metric_table import METRICS
from seqlab.ui.compare.stand import Stand
from seqlab.ui.when import when

__all__ = ["draw_stamp", "stamp_lines"]


def stamp_lines(stand: Stand) -> tuple[str, ...]:
    """Plain lines: enough to do it again."""
    spec, index, bounds = stand.run.spec, stand.index, stand.bounds
    first, end = bounds.rows("test")
    forecast = stand.forecast(stand.models[0]) if stand.models else None
    origins = len(forecast.origins) if forecast is not None else 0
    parts = (
        f"Test part: {when(index, first)} to {when(index, end - 1)} ({end - first:,} rows). Training part up to "
        f"{when(index, bounds.train_end - 1)}, validation part up to {when(index, bounds.validation_end - 1)}."
    )
    windows = (
        f"{origins:,} starting points, horizon {spec.window.horizon:,}, season m = {stand.season_length:,}. The network reads "
        f"{spec.window.context_length:,} steps of context."
    )
    return parts, windows


def draw_stamp(stand: Stand) -> None:
    """The lines, and the formulas."""
    with st.expander("How this was measured", icon=":material/rule:"):
        st.markdown("\n".join(f"- {line}" for line in stamp_lines(stand)))
        for entry in METRICS.values():
            st.latex(rf"\text{{{entry.label.replace('%', chr(92) + '%')}}} = {entry.formula}")
            st.caption(entry.sentence)
