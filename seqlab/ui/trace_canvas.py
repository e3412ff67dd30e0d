"""Heat maps over one time axis with a cursor, on a canvas in the browser: large ones stay clickable.

Plotly needs seconds for 256 units × 5,000 steps and tells nobody what was clicked. This component
(``assets/trace_canvas.js``) is sent one byte per cell and paints them itself; moving its cursor asks nobody.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.palette import GATE_SCALE, MISSING_OPAQUE, STATE_SCALE, UNIT
from seqlab.ui.component import component

__all__ = ["InputLine", "InputPanel", "LinePanel", "LineTrace", "MapPanel", "Span", "TraceCanvas", "preload"]

_LEVELS = 254  # the byte of the highest value; one more means missing
_ALIGN = 8
_LONGEST_WORD = 16

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """A line of the panel on top: ``values`` are (input step,), NaN where there is none; ``color`` is ``#rrggbb``."""

    name: str
    values: Floats
    color: str
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPanel:
    """What the model reads, and what it makes of it, in the data's own units."""

    title: str
    lines: Sequence[InputLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPanel:
    """One gate or state.

    Args:
        name: its letter.
        label: its name on the screen.
        values: (row, step), rows in the order of ``TraceCanvas.rows``.
        low, high: limits of the colours.
        summary: (row,) the mean over many windows, drawn as a strip beside the map; None for none.
    """

    name: str
    label: str
    values: Floats
    low: float
    high: float
    summary: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTrace:
    """One gate of the picked unit: ``values`` (step,), and the band of many windows (step,), empty for none."""

    name: str
    color: str
    values: Floats
    band_low: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    band_high: Floats = field(default_factory=lambda: np.empty(0, np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePanel:
    """Lines that share limits; ``{unit}`` in the title becomes the unit's number."""

    title: str
    low: float
    high: float
    traces: Sequence[LineTrace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Columns ``start`` to ``end``, both included, that are shaded."""

    start: int
    end: int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceCanvas:
    """The picture.

    Args:
        alt: the picture in words, for a reader who cannot see it.
        rows: unit numbers from top to bottom.
        unit, step: where the cursor stands.
        times: (input step,) of the context and the horizon: ms since 1970, or numbers.
        x_kind: which of both.
        words: (column,) what was read at each, written below the maps instead of numbers; empty for none.
        steps: columns of the maps; each stands for ``per_column`` input steps.
        maps, lines, input: the panels.
        groups: (first row, label) of groups of rows; a line is drawn between two.
        spans, highlight: columns and units that are marked.
        link: canvases of one page that carry the same name share cursor and zoom.
        brush: whether Shift and drag marks a span.
        row_height: pixels per unit.
    """

    alt: str
    rows: Sequence[int]
    unit: int
    step: int
    times: npt.NDArray[np.float64]
    steps: int
    per_column: int = 1
    x_kind: Literal["time", "number"] = "number"
    x_label: str = ""
    words: Sequence[str] = ()
    maps: Sequence[MapPanel] = ()
    lines: Sequence[LinePanel] = ()
    input: InputPanel | None = None
    groups: Sequence[tuple[int, str]] = ()
    spans: Sequence[Span] = ()
    highlight: Sequence[int] = ()
    link: str = ""
    brush: bool = False
    row_height: float = 8.0

    def draw(self, key: str, on_select: Callable[[], object] | None = None, on_span: Callable[[], object] | None = None) -> None:
        """Puts it on the page.

        Args:
            key: names the canvas on its page, and in ``st.session_state`` what it reported.
            on_select: called before the page runs again because a unit and a step were picked.
            on_span: likewise for a span that was marked.
        """
        reported = st.session_state.get(key) or {}
        component("trace_canvas")(
            key=key,
            data=self.payload(has=str((reported.get("selected") or {}).get("has") or ""), answer=_number(reported)),
            on_selected_change=on_select or _nothing,
            on_span_change=on_span or _nothing,
        )

    def payload(self, *, has: str = "", answer: int = 0) -> bytes:
        """Everything as one message: a JSON header and the arrays it points into, as ``assets/trace_canvas.js`` describes.

        Args:
            has: name of the block of maps that the browser has already; it is not sent again.
            answer: number of the last pick that is taken into account.
        """
        arrays, planes = _Arrays(), _Arrays()
        maps = [_map(panel, planes) for panel in self.maps]
        block = planes.joined()
        name = hashlib.blake2b(block, digest_size=8).hexdigest()
        header = {
            "alt": self.alt,
            "link": self.link,
            "brush": self.brush,
            "steps": self.steps,
            "rows": [int(unit) for unit in self.rows],
            "groups": [{"start": int(start), "label": label} for start, label in self.groups],
            "per_column": self.per_column,
            "horizon": len(self.times) - self.steps * self.per_column,
            "times": arrays.add(self.times, np.float64),
            "x_kind": self.x_kind,
            "x_label": self.x_label,
            "words": [_visible(word) for word in self.words],
            "cursor": {"unit": int(self.unit), "step": int(self.step)},
            "spans": [{"start": span.start, "end": span.end, "label": span.label} for span in self.spans],
            "highlight": [int(unit) for unit in self.highlight],
            "input": self._input(arrays),
            "maps": maps,
            "lines": [_lines(panel, arrays) for panel in self.lines],
            "planes": {"id": name, "start": arrays.length, "sent": name != has},
            "answer": answer,
            "row_height": self.row_height,
            "scales": {"gate": GATE_SCALE, "state": STATE_SCALE},
            "missing": MISSING_OPAQUE,
            "unit_color": UNIT,
        }
        text = json.dumps(header, allow_nan=False).encode()
        padding = -(4 + len(text)) % _ALIGN
        return struct.pack("<I", len(text)) + text + b"\0" * padding + arrays.joined() + (block if name != has else b"")

    def _input(self, arrays: "_Arrays") -> dict[str, Any] | None:
        if self.input is None:
            return None
        lines = [
            {"name": line.name, "color": line.color, "dashed": line.dashed, "at": arrays.add(line.values, np.float32)}
            for line in self.input.lines
        ]
        return {"title": self.input.title, "lines": lines}


class _Arrays:
    """Arrays laid one after the other, each at a multiple of eight bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.length = 0

    def add(self, values: npt.ArrayLike, kind: type[np.generic]) -> tuple[int, int]:
        """Where the array begins, and how many bytes it has."""
        content = np.ascontiguousarray(values, dtype=np.dtype(kind).newbyteorder("<")).tobytes()
        start, size = self.length, len(content)
        padding = -size % _ALIGN
        self._parts.append(content + b"\0" * padding)
        self.length += size + padding
        return start, size

    def joined(self) -> bytes:
        return b"".join(self._parts)


def as_bytes(values: Floats, low: float, high: float) -> npt.NDArray[np.uint8]:
    """Values as one byte each: 0 for ``low`` and below, 254 for ``high`` and above, 255 for NaN.

    Example:
        >>> as_bytes(np.array([0.0, 0.5, 2.0, np.nan]), 0.0, 1.0).tolist()
        [0, 127, 254, 255]
    """
    scaled = (np.asarray(values, dtype=np.float32) - np.float32(low)) * np.float32(_LEVELS / (high - low))
    missing = np.isnan(scaled)
    np.nan_to_num(scaled, copy=False, nan=0.0, posinf=_LEVELS, neginf=0.0)
    made: npt.NDArray[np.uint8] = np.rint(np.clip(scaled, 0, _LEVELS, out=scaled), out=scaled).astype(np.uint8)
    made[missing] = 255
    return made


def _map(panel: MapPanel, arrays: _Arrays) -> dict[str, Any]:
    limits = (panel.low, panel.high)
    return {
        "name": panel.name,
        "label": panel.label,
        "low": float(panel.low),
        "high": float(panel.high),
        "scale": "gate" if panel.low >= 0 else "state",
        "at": arrays.add(as_bytes(panel.values, *limits), np.uint8),
        "summary": None if panel.summary is None else arrays.add(as_bytes(panel.summary, *limits), np.uint8),
    }


def _lines(panel: LinePanel, arrays: _Arrays) -> dict[str, Any]:
    traces = [
        {
            "name": trace.name,
            "color": trace.color,
            "at": arrays.add(trace.values, np.float32),
            "band_low": arrays.add(trace.band_low, np.float32),
            "band_high": arrays.add(trace.band_high, np.float32),
        }
        for trace in panel.traces
    ]
    return {"title": panel.title, "low": float(panel.low), "high": float(panel.high), "traces": traces}


def _visible(word: str) -> str:
    """A word as it stands on an axis: short, and a space not empty."""
    flat = " ".join(word.split())
    return (flat if len(flat) <= _LONGEST_WORD else f"{flat[: _LONGEST_WORD - 1]}…") or "␣"


def _number(reported: Any) -> int:
    """The number of the last pick; 0 before the first."""
    number = (reported.get("selected") or {}).get("number")
    return number if isinstance(number, int) else 0


def preload() -> None:
    """Has the browser fetch the canvas's scripts while the model is still being opened, so that the picture appears sooner."""
    component("trace_canvas")(key="preload_canvas", data=b"", on_selected_change=_nothing, on_span_change=_nothing)


def _nothing() -> None:
    """Declares a report; the rerun that it brings is all that is needed."""
