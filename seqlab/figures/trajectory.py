"""The path of a state in its principal components: seen in the plane of two of them, and each over time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seqlab.figures.axis import Positions, edge, name_ticks
from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH, UNIT, faint

__all__ = ["TrajectoryInfo", "faint_windows", "plot_components", "plot_trajectory", "stretched"]

# Points of the faint paths at most: more would make the page slow and the picture black.
MOST_POINTS = 20_000
FLAT = 0.04  # a fifth of the spread, as a share of the variance
FAINT = "rgba(133, 133, 133, 0.35)"
TIME_SCALE = ((0.0, MODEL), (0.5, BASELINE_COLORS[2]), (1.0, BASELINE_COLORS[0]))
"""From early to late; each colour stands out from light and from dark pages."""
PHASE_SCALE = ((0.0, MODEL), (0.25, BASELINE_COLORS[1]), (0.5, BASELINE_COLORS[0]), (0.75, BASELINE_COLORS[2]), (1.0, MODEL))
"""Ends where it begins, as a season does."""
LINES = (MODEL, BASELINE_COLORS[0], BASELINE_COLORS[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryInfo:
    """The numbers of the picture.

    Args:
        projections: (window, step, component); the first window is drawn boldly, the others faintly.
        share: (component,) explained share of the variance.
        labels: (step,) what each step of the first window is, such as its date.
        places: (step,) where each step of the first window lies on a time axis.
        phase: (step,) position of each step in its season, from 0; ``None`` to colour by time.
        season_length: steps of the season, to which ``phase`` counts.
        step: where the cursor stands.
        noun: what is read: a window, a sequence or a text.
        words: (step,) what was read at each step, to stand on an axis of steps; empty for dates or numbers.
    """

    projections: npt.NDArray[np.floating]
    share: npt.NDArray[np.floating]
    labels: Sequence[str]
    places: Positions
    phase: npt.NDArray[np.integer] | None = None
    season_length: int = 1
    step: int = 0
    noun: str = "window"
    words: Sequence[str] = ()

    def title(self, component: int) -> str:
        """Title of a component's axis.

        Example:
            >>> one = np.zeros((1, 1, 2))
            >>> TrajectoryInfo(projections=one, share=np.array([0.625, 0.25]), labels=["1"], places=np.array([0])).title(0)
            'component 1 (62 % of the spread)'
        """
        return f"component {component + 1} ({100 * float(self.share[component]):.0f} % of the spread)"


def faint_windows(windows: int, steps: int, most: int = MOST_POINTS) -> range:
    """The windows whose paths are drawn faintly: all but the first, or every few of them where there are too many points.

    Example:
        >>> list(faint_windows(4, 100)), list(faint_windows(6, 100, most=200))
        ([1, 2, 3], [1, 4])
    """
    return range(1, windows, max(1, -(-(windows - 1) * steps // most)))


def faint_paths(
    projections: npt.NDArray[np.floating], across: int, up: int, most: int = MOST_POINTS
) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
    """The paths of :func:`faint_windows` as one line, NaN between them.

    Example:
        >>> x, y = faint_paths(np.arange(12.0).reshape(3, 2, 2), 0, 1)
        >>> x.tolist(), y.tolist()
        ([4.0, 6.0, nan, 8.0, 10.0, nan], [5.0, 7.0, nan, 9.0, 11.0, nan])
    """
    windows, steps, _ = projections.shape
    others = projections[list(faint_windows(windows, steps, most))]
    chosen = np.pad(others.astype(np.float32), ((0, 0), (0, 1), (0, 0)), constant_values=np.nan)
    return chosen[..., across].ravel(), chosen[..., up].ravel()


def plot_trajectory(info: TrajectoryInfo, *, across: int = 0, up: int = 1, height: int = 460) -> go.Figure:
    """The path in the plane of two components.

    Args:
        info: the numbers.
        across, up: components of the two axes, from 0.
        height: pixels.
    """
    if not info.share.any():
        return empty_figure("Path of the state", "the state never moves", height)
    figure = go.Figure()
    if len(info.projections) > 1:
        x, y = faint_paths(info.projections, across, up)
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": FAINT, "width": 1}, hoverinfo="skip", name=f"other {info.noun}s")
    path = info.projections[0]
    text = [as_text(label) for label in info.labels]
    figure.add_scatter(
        x=path[:, across],
        y=path[:, up],
        mode="lines+markers",
        name=f"this {info.noun}",
        line={"color": TRUTH, "width": 1.5},
        marker={"size": 8 if len(path) <= 100 else 4, **_colours(info)},
        customdata=text,
        hovertemplate="%{customdata}<br>%{x:.3f}, %{y:.3f}<extra></extra>",
    )
    for name, step, symbol, size, colour in (
        ("first step", 0, "square-open", 13, TRUTH),
        ("last step", len(path) - 1, "diamond-open", 15, TRUTH),
        ("cursor", info.step, "circle-open", 20, UNIT),
    ):
        figure.add_scatter(
            x=path[[step], across],
            y=path[[step], up],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 2.5, "color": colour}},
            customdata=[text[step]],
            hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
        )
    arrange(figure, height)
    figure.update_xaxes(title_text=info.title(across))
    figure.update_yaxes(title_text=info.title(up))
    if not stretched(info, across, up):
        figure.update_yaxes(scaleanchor="x", scaleratio=1)
    return figure


def stretched(info: TrajectoryInfo, across: int, up: int) -> bool:
    """Whether the two axes have scales of their own: on a common one a path this flat would be a line.

    Otherwise one unit is as long across as up, so that a distance on the screen is a distance.
    """
    smaller, larger = sorted((float(info.share[across]), float(info.share[up])))
    return smaller < FLAT * larger


def _colours(info: TrajectoryInfo) -> dict[str, object]:
    steps = info.projections.shape[1]
    bar = {"thickness": 8, "outlinewidth": 0, "xpad": 4, "tickformat": "d"}
    if (steps if info.phase is None else info.season_length) <= 12:
        bar["dtick"] = 1  # no ticks between steps, which would be rounded to the same number twice
    if info.phase is None:
        return {
            "color": np.arange(1, steps + 1),
            "colorscale": TIME_SCALE,
            "cmin": 1,
            "cmax": max(2, steps),
            "colorbar": {**bar, "title": {"text": "step", "side": "right"}},
        }
    return {
        "color": info.phase + 1,
        "colorscale": PHASE_SCALE,
        "cmin": 1,
        "cmax": info.season_length + 1,
        "colorbar": {**bar, "title": {"text": f"step of the season of {info.season_length:,}", "side": "right"}},
    }


def plot_components(info: TrajectoryInfo, *, height: int = 460) -> go.Figure:
    """Every component over time, with the middle 80 % of the other windows at the same step around it."""
    if not info.share.any():
        return empty_figure("Components over time", "the state never moves", height)
    figure = go.Figure()
    path = info.projections[0]
    for component, colour in zip(range(path.shape[1]), LINES, strict=False):
        if not info.share[component] > 0:
            continue
        if len(info.projections) > 1:
            values = info.projections[..., component]
            low, high = (np.nanquantile if np.isnan(values).any() else np.quantile)(values, (0.1, 0.9), axis=0)
            figure.add_scatter(
                x=np.concatenate([info.places, info.places[::-1]]),
                y=np.concatenate([low, high[::-1]]).astype(np.float32),
                mode="lines",
                fill="toself",
                fillcolor=faint(colour),
                line_width=0,
                hoverinfo="skip",
                showlegend=False,
            )
        figure.add_scatter(
            x=info.places,
            y=path[:, component].astype(np.float32),
            mode="lines+markers" if len(path) < 12 else "lines",
            name=f"{component + 1}: {100 * float(info.share[component]):.0f} %",
            line={"color": colour, "width": 2},
            hovertemplate=f"%{{x}}<br>component {component + 1} = %{{y:.3f}}<extra></extra>",
        )
    figure.add_vline(x=edge(info.places[info.step]), line={"color": UNIT, "width": 1.5})
    figure.update_yaxes(title_text="distance from the mean state")
    arrange(figure, height)
    figure.update_layout(legend={"title": {"text": "component "}})
    if info.words:
        name_ticks(figure, info.places, info.words)
    return figure
