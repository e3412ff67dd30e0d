"""Where a translator looked: the weight of every symbol it read for every symbol it wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import GATE_SCALE

__all__ = ["AttentionInfo", "plot_attention"]

MANY = 25
"""Symbols on one axis from which on their names are set smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionInfo:
    """The numbers of the picture.

    Args:
        weights: (written, source) each row sums to 1.
        source, written: the symbols.
    """

    weights: npt.NDArray[np.float64]
    source: tuple[str, ...]
    written: tuple[str, ...]


def _attention_info(weights: npt.NDArray[np.floating], source: Sequence[str], written: Sequence[str]) -> AttentionInfo:
    """Cuts the weights to the symbols there are: what was padded has no place in the picture."""
    kept = np.asarray(weights, dtype=np.float64)[: len(written), : len(source)]
    return AttentionInfo(weights=kept, source=tuple(source), written=tuple(written))


def plot_attention(weights: npt.NDArray[np.floating], source: Sequence[str], written: Sequence[str]) -> go.Figure:
    """What was written down, what was read across; bright where it looked.

    Args:
        weights: (written, source); rows and columns beyond the symbols are left out.
        source: symbols that were read.
        written: symbols that were written.
    """
    info = _attention_info(weights, source, written)
    if not info.weights.size:
        return empty_figure("Attention", "nothing was read or nothing was written")
    rows, columns = info.weights.shape
    across, down = ([_shown(symbol) for symbol in symbols] for symbols in (info.source, info.written))
    side = 26 if rows <= 12 else 20 if rows <= MANY else 15
    figure = go.Figure()
    # Categories, not numbers: the browser then leaves out names that do not fit. Symbols repeat, so the categories are
    # their places, and the names stand for these.
    figure.add_heatmap(
        x=[str(place) for place in range(columns)],
        y=[str(place) for place in range(rows)],
        z=info.weights.astype(np.float32),
        zmin=0,
        zmax=1,
        colorscale=[list(stop) for stop in GATE_SCALE],
        xgap=1 if columns <= MANY else 0,
        ygap=1 if rows <= MANY else 0,
        customdata=[[f"{down[row]} looked at {across[column]}" for column in range(columns)] for row in range(rows)],
        hovertemplate="%{customdata}: %{z:.1%}<extra></extra>",
        colorbar={"thickness": 8, "outlinewidth": 0, "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
    )
    room = 60 + 5 * min(12, max(len(symbol) for symbol in info.source))
    arrange(figure, rows * side + room, margin={"l": 8, "r": 8, "t": 14, "b": 8})
    for update, title, names in ((figure.update_xaxes, "read", across), (figure.update_yaxes, "written", down)):
        update(
            type="category",
            title_text=title,
            labelalias={str(place): name for place, name in enumerate(names)},
            showgrid=False,
            tickfont={"size": 10} if len(names) > MANY else {},
        )
    figure.update_yaxes(autorange="reversed")
    return figure


def _shown(symbol: str) -> str:
    """A symbol as a tick; a space would be an empty tick."""
    return as_text(symbol, 12) if symbol.strip() else "␣"
