"""How every Plotly figure is put on a page."""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from seqlab.figures.layout import Figure

__all__ = ["show_figure"]

_CONFIG = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "pan2d"],
    "scrollZoom": False,
    "responsive": True,
}


def show_figure(figure: "Figure", *, key: str, alt: str) -> None:
    """Draws a figure over the whole width.

    Args:
        figure: from :mod:`seqlab.figures`.
        key: names the chart on its page.
        alt: what it shows, in plain words, for a reader who cannot see it.
    """
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt, width="stretch")
