"""Saturation triangles beside each other, one per gate."""

from collections.abc import Sequence

import streamlit as st

from seqlab.figures.saturation import TriangleInfo, plot_triangle
from seqlab.ui.figure import show_figure

__all__ = ["draw_triangles"]


def draw_triangles(triangles: Sequence[TriangleInfo], *, key: str, now: str) -> None:
    """A triangle per gate.

    Args:
        triangles: the gates, with where their units started.
        key: what the keys of the figures begin with.
        now: name of the moment that is drawn.
    """
    with st.grid(min(3, len(triangles)), min_column_width=340):
        for triangle in triangles:
            show_figure(
                plot_triangle(triangle, now=now),
                key=f"{key}_{triangle.name}",
                alt=f"{triangle.label}: share of steps open against share of steps shut, every unit, before training and {now}",
            )
