"""Is it luck? Every pair of models, the models that may be the best, and one pair step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import ABOVE, BELOW, MISSING, MODEL, STATE_SCALE, TRUTH, UNIT

__all__ = ["PairMatrix", "percent", "plot_confidence_set", "plot_pair_matrix", "plot_pair_steps"]

Floats = npt.NDArray[np.float64]

MOST_TEXTS = 8
NAME = 24
STRONGEST = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PairMatrix:
    """The numbers of the matrix of pairs.

    Args:
        strength: (model, model) −1 to 1: below 0 where the row's model is better; ±1 at p ≤ 0.001; NaN where there is no test.
        hover: (model, model) what a cell says.
        text: (model, model) what stands in it.
    """

    strength: Floats
    hover: list[list[str]]
    text: list[list[str]]


def percent(share: float) -> str:
    """A share in per cent, short.

    Example:
        >>> percent(0.281), percent(0.0034), percent(0.00001), percent(float("nan"))
        ('28 %', '0.34 %', '< 0.01 %', '–')
    """
    if not np.isfinite(share):
        return "–"
    if abs(share) < 1e-4:
        return "0 %" if share == 0 else "< 0.01 %"
    return f"{100 * share:,.0f} %" if abs(share) >= 0.095 else f"{100 * share:.2g} %"


def _matrix_info(models: Sequence[str], p_values: Floats, shares: Floats, reasons: Sequence[Sequence[str]]) -> PairMatrix:
    strength = np.sign(shares) * np.clip(-np.log10(np.maximum(p_values, 1e-300)), 0, STRONGEST) / STRONGEST
    hover, text = [], []
    for i, first in enumerate(models):
        said, short = [], []
        for j, second in enumerate(models):
            if i == j:
                said.append(as_text(first))
                short.append("")
            elif not np.isfinite(p_values[i, j]):
                said.append(f"{as_text(first)} and {as_text(second)}<br>{as_text(reasons[i][j], 90)}")
                short.append("–")
            else:
                word = "smaller" if shares[i, j] < 0 else "larger"
                said.append(
                    f"{as_text(first)}: loss {percent(abs(shares[i, j]))} {word} than<br>{as_text(second)}"
                    f"<br>by chance in {percent(p_values[i, j])} of cases"
                )
                short.append(percent(p_values[i, j]))
        hover.append(said)
        text.append(short)
    np.fill_diagonal(strength, np.nan)
    return PairMatrix(strength=strength, hover=hover, text=text)


def plot_pair_matrix(models: Sequence[str], p_values: Floats, shares: Floats, reasons: Sequence[Sequence[str]]) -> go.Figure:
    """Every model against every other: blue where the row's model is better, red where it is worse, pale where it may be luck.

    Args:
        models: names.
        p_values: (model, model) how often equally good models show such a gap; NaN where there is no test.
        shares: (model, model) loss of the row over that of the column, minus 1.
        reasons: (model, model) why there is no test.
    """
    height = 150 + 34 * len(models)
    if len(models) < 2:
        return empty_figure("Every pair of models", "there is one model only", height)
    info = _matrix_info(models, p_values, shares, reasons)
    names = [as_text(name, NAME) for name in models]
    places = list(range(len(models)))
    few = len(models) <= MOST_TEXTS
    figure = go.Figure()
    figure.add_heatmap(
        z=np.where(np.isnan(info.strength), 1.0, np.nan), colorscale=[[0, MISSING], [1, MISSING]], showscale=False, hoverinfo="skip"
    )
    figure.add_heatmap(
        z=info.strength,
        zmin=-1,
        zmax=1,
        colorscale=[list(stop) for stop in STATE_SCALE],
        text=info.text,
        texttemplate="%{text}" if few else None,
        customdata=info.hover,
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
        xgap=2,
        ygap=2,
        colorbar={
            "orientation": "h",
            "thickness": 10,
            "y": 1.0,
            "yanchor": "bottom",
            "len": 0.9,
            "tickvals": [-1, -1.301 / 3, 0, 1.301 / 3, 1],
            "ticktext": ["better", "5 %", "luck", "5 %", "worse"],
        },
    )
    arrange(figure, height)
    figure.update_xaxes(tickvals=places, ticktext=names, showgrid=False, tickangle=-90 if len(models) > 4 else None)
    figure.update_yaxes(tickvals=places, ticktext=names, showgrid=False, autorange="reversed")
    return figure


def plot_confidence_set(models: Sequence[str], p_values: Floats, *, level: float = 0.05) -> go.Figure:
    """One bar per model: up to which level it stays among those that may be the best.

    Args:
        models: names.
        p_values: (model,) NaN for a model that is not compared; it is not drawn.
        level: models with a smaller p value are out.
    """
    shown = [place for place in np.argsort(-np.nan_to_num(p_values, nan=-1.0), kind="stable") if np.isfinite(p_values[place])]
    height = 110 + 28 * max(len(shown), 3)
    if not shown:
        return empty_figure("Models that may be the best", "no set can be computed", height)
    values = p_values[shown]
    figure = go.Figure()
    for name, some, color in (("may be the best", values >= level, MODEL), ("thrown out", values < level, MISSING)):
        places = np.flatnonzero(some)
        if len(places):
            figure.add_bar(
                x=values[places],
                y=places,
                orientation="h",
                name=name,
                marker={"color": color},
                text=[percent(value) for value in values[places]],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y}: %{text}<extra></extra>",
            )
    figure.add_vline(x=level, line={"color": UNIT, "width": 1.5, "dash": "dash"})
    arrange(figure, height, barmode="overlay")
    figure.update_xaxes(title_text="p value", range=[0, 1.12], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=[as_text(models[place], NAME) for place in shown], autorange="reversed", showgrid=False
    )
    return figure


def plot_pair_steps(steps: Sequence[int], shares: Floats, p_values: Floats, *, level: float = 0.05, height: int = 300) -> go.Figure:
    """The gap between two models at every step ahead; grey where it may be luck.

    Args:
        steps: (step,) steps ahead.
        shares: (step,) loss of the first over that of the second, minus 1.
        p_values: (step,) NaN where there is no test.
        level: gaps with a smaller p value are hardly luck.
    """
    if not np.isfinite(shares).any():
        return empty_figure("Gap by step ahead", "there is no gap that can be computed", height)
    sure = p_values < level
    figure = go.Figure()
    for name, some, color in (
        ("better, hardly luck", sure & (shares < 0), BELOW),
        ("worse, hardly luck", sure & (shares >= 0), ABOVE),
        ("may be luck", ~sure, MISSING),
    ):
        if some.any():
            figure.add_bar(
                x=np.asarray(steps)[some],
                y=shares[some],
                name=name,
                marker={"color": color},
                customdata=[percent(value) for value in p_values[some]],
                hovertemplate="step %{x}: %{y:+.1%}<br>by chance in %{customdata} of cases<extra></extra>",
            )
    figure.add_hline(y=0, line={"color": TRUTH, "width": 1})
    arrange(figure, height, barmode="overlay")
    figure.update_xaxes(title_text="steps ahead", tickformat="d", **({"dtick": 1} if len(steps) <= 12 else {}))
    figure.update_yaxes(title_text="difference of the loss", tickformat="+.0%")
    return figure
