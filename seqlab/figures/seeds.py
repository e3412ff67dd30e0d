"""One network trained with several seeds: how far its error moves."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import MODEL, UNIT

__all__ = ["plot_seeds"]

Floats = npt.NDArray[np.float64]

NAME = 24


def plot_seeds(names: Sequence[str], values: Floats, *, reference: float, reference_name: str, label: str, height: int = 230) -> go.Figure:
    """One dot per seed, their mean, and the error to beat.

    Args:
        names: (seed,) what a dot is.
        values: (seed,) its error.
        reference: the error to beat; NaN draws none.
        reference_name: whose error that is.
        label: name of the error, with its unit.
    """
    seen = np.isfinite(values)
    if not seen.any():
        return empty_figure("Seeds", "no seed has a number", height)
    mean = float(values[seen].mean())
    figure = go.Figure()
    figure.add_scatter(
        x=values[seen],
        y=np.zeros(int(seen.sum())),
        mode="markers",
        name="one seed",
        marker={"color": MODEL, "size": 12, "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
        customdata=[as_text(name) for name, one in zip(names, seen, strict=True) if one],
        hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
    )
    for name, place, color, dash in (
        (f"mean of {int(seen.sum())} seeds", mean, MODEL, "solid"),
        (as_text(reference_name, NAME), reference, UNIT, "dash"),
    ):
        if np.isfinite(place):
            figure.add_scatter(
                x=[place, place], y=[-1, 1], mode="lines", name=name, line={"color": color, "dash": dash, "width": 2},
                hovertemplate=f"{name}: %{{x:.4g}}<extra></extra>",
            )  # fmt: skip
    arrange(figure, height)
    figure.update_xaxes(title_text=as_text(label))
    figure.update_yaxes(visible=False, range=[-1.2, 1.2])
    return figure
