"""What a leak pretends, in bars: reported, on rows really not seen, and the honest run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqlab.figures.label import as_text
from seqlab.figures.layout import arrange, empty_figure
from seqlab.figures.palette import ABOVE, MODEL, TRUTH

__all__ = ["LeakBars", "plot_leaks"]

ROW = 96  # pixels for the bars of one leak
NAMES = {"reported": "Reported, with the leak", "untouched": "Same model, unseen rows", "honest": "Honest run"}
COLORS = {"reported": ABOVE, "untouched": TRUTH, "honest": MODEL}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakBars:
    """The errors that belong to one leak, each as a share of the error of repeating the last value on the same windows.

    Args:
        label: name of the leak.
        reported: what the careless would report.
        untouched: the same model on rows it has not seen; NaN where there are none.
        honest: the honest run.
    """

    label: str
    reported: float
    untouched: float
    honest: float


def _leaks_info(leaks: Sequence[LeakBars]) -> dict[str, list[float]]:
    """Kind of bar → its lengths, one per leak that has an honest and a reported error."""
    shown = [leak for leak in leaks if np.isfinite(leak.reported) and np.isfinite(leak.honest)]
    return {kind: [float(getattr(leak, kind)) for leak in shown] for kind in NAMES}


def plot_leaks(leaks: Sequence[LeakBars]) -> go.Figure:
    """One group of bars per leak; the shorter, the better the model looks. The dotted line is the error of repeating the last value.

    Args:
        leaks: what was broken on purpose.
    """
    bars = _leaks_info(leaks)
    if not bars["reported"]:
        return empty_figure("What the leaks pretend", "nothing has been broken on purpose yet")
    labels = [_wrapped(leak.label) for leak in leaks if np.isfinite(leak.reported) and np.isfinite(leak.honest)]
    figure = go.Figure()
    longest = max(1.0, *(value for values in bars.values() for value in values if np.isfinite(value)))
    for kind in NAMES:
        values = bars[kind]
        if not np.isfinite(values).any():
            continue
        figure.add_bar(
            y=labels,
            x=values,
            orientation="h",
            name=NAMES[kind],
            marker_color=COLORS[kind],
            text=[f"{value:.2f}" if np.isfinite(value) else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{y}}<br>{NAMES[kind]}: %{{x:.3f}}<extra></extra>",
        )
    figure.add_vline(x=1.0, line={"color": TRUTH, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="error, as a share of that of repeating the last value", range=[0, 1.14 * longest])
    figure.update_yaxes(autorange="reversed")
    return arrange(figure, 110 + ROW * len(labels), barmode="group", bargap=0.3)


def _wrapped(label: str) -> str:
    """A label on two lines, so that a narrow page has room for the bars."""
    words = label.split()
    if len(label) <= 18 or len(words) < 2:
        return as_text(label)
    cut = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))))
    return f"{as_text(' '.join(words[:cut]))}<br>{as_text(' '.join(words[cut:]))}"
