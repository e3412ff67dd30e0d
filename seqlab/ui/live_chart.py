"""A line chart on the page that is sent only what is new, and keeps the user's zoom.

Streamlit's own charts are sent whole on every update and forget the zoom each time. This one is a
component (``assets/live_chart.js``); a :class:`LiveChart` remembers here what the browser has.
"""

import math
import secrets
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from seqlab.ui.component import component

__all__ = ["Line", "LiveChart", "preload"]

# A browser that is busy draws only the newest of several messages; each one therefore repeats the points
# of the ones before it. More is asked for by the component itself.
_REPEATED = 8


@dataclass(slots=True)
class Line:
    """One line of a chart.

    Args:
        name: its name in the legend; shown as text.
        color: index into the theme's categorical colours, or ``"text"`` for a quiet grey.
        style: how it is drawn.
    """

    name: str
    color: int | Literal["text"]
    style: Literal["line", "dashed", "dots"] = "line"
    x: list[float] = field(default_factory=list)
    y: list[float | None] = field(default_factory=list)
    changed: int = 0
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=_REPEATED))

    def append(self, x: Iterable[float], y: Iterable[float]) -> None:
        """Adds points at the end; a value that is not finite leaves a gap."""
        self.x.extend(map(_short, x))
        self.y.extend(map(_value, y))

    def replace(self, x: Iterable[float], y: Iterable[float]) -> None:
        """Draws these points instead of all earlier ones; those that stay the same at the start are not sent again."""
        before = zip(self.x, self.y, strict=True)
        self.x, self.y = list(map(_short, x)), list(map(_value, y))
        points = enumerate(zip(self.x, self.y, strict=True))
        same = next((place for place, point in points if point != next(before, None)), len(self.x))
        self.changed = min(self.changed, same)

    def take(self) -> dict[str, Any]:
        """The message for the browser: the points that it may not have yet."""
        self.recent.append(self.changed)
        start = min(self.recent)
        self.changed = len(self.x)
        return {"name": self.name, "color": self.color, "style": self.style, "start": start, "x": self.x[start:], "y": self.y[start:]}

    def resend(self) -> None:
        """Makes the next message carry everything."""
        self.changed = 0


def _short(value: float) -> float:
    return float(f"{value:.13g}")


def _value(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


@dataclass(slots=True)
class LiveChart:
    """A chart, and what the browser has of it. Make one per full run of a page and draw it in a fragment.

    Args:
        key: the chart's place on the page.
        stream: what is drawn (a run's id); another stream starts an empty chart, the same one keeps its zoom.
        alt: the chart in words, for screen readers.
        lines: the lines, in the legend's order; without any, no plot is drawn.
        x_label, y_label: axis titles.
        empty: what stands in the chart while there is nothing to draw.
        x_kind: ``"time"`` if x are milliseconds since 1970.
        caption: a sentence above the chart; text, never markup.
        figures: (label, value) shown above the chart, as ``st.metric`` would.
        height: of the plot, in pixels.
        log: whether a logarithmic scale is offered.
        hint: whether a line says how to zoom.
        marks: (x, label) of vertical marks.
        levels: (y, label) of horizontal marks; the plot makes room for them.
    """

    key: str
    stream: str
    alt: str
    lines: Sequence[Line] = ()
    x_label: str = ""
    y_label: str = ""
    empty: str = ""
    x_kind: Literal["number", "time"] = "number"
    caption: str = ""
    figures: Sequence[tuple[str, str]] = ()
    height: int = 320
    log: bool = False
    hint: bool = False
    marks: Sequence[tuple[float, str]] = ()
    levels: Sequence[tuple[float, str]] = ()
    _sender: str = field(default_factory=lambda: secrets.token_hex(4), init=False)
    _number: int = field(default=0, init=False)

    def line(self, name: str) -> Line:
        """The line called ``name``."""
        return next(line for line in self.lines if line.name == name)

    def draw(self) -> None:
        """Sends what is new; if the browser reports that it missed something, the next time everything."""
        if component("live_chart")(key=self.key, data=self._message(), on_gap_change=_nothing).gap:
            for line in self.lines:
                line.resend()

    def _message(self) -> dict[str, Any]:
        self._number += 1
        return {
            "stream": self.stream,
            "sender": self._sender,
            "number": self._number,
            "oldest": max(1, self._number - _REPEATED + 1),
            "lines": [line.take() for line in self.lines],
            "marks": [{"x": x, "label": label} for x, label in self.marks],
            "levels": [{"y": y, "label": label} for y, label in self.levels if math.isfinite(y)],
            "x_label": self.x_label,
            "y_label": self.y_label,
            "x_kind": self.x_kind,
            "alt": self.alt,
            "empty": self.empty,
            "caption": self.caption,
            "figures": [{"label": label, "value": value} for label, value in self.figures],
            "height": self.height,
            "log": self.log,
            "hint": self.hint,
        }


def preload() -> None:
    """Has the browser fetch the chart's script while nothing is to be drawn yet, so that the first point appears sooner."""
    LiveChart(key="preload", stream="", alt="").draw()


def _nothing() -> None:
    """Declares the report; the rerun that it brings is all that is needed."""
