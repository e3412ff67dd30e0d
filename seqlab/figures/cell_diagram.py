"""The picture of a cell at one step: lines carry the numbers of this step, as colour, as thickness, and written beside them.

It is an SVG text, so that it stands sharp at any size and takes the page's own text colour, light or dark.
"""

import html
import math
from collections.abc import Mapping, Sequence

from seqlab.figures.cell_layout import CELL_LAYOUTS, Box, CellLayout, End, Sign, Wire
from seqlab.figures.palette import ABOVE, BASELINE_COLORS, BELOW, UNIT

__all__ = ["LET_THROUGH", "draw_cell"]

LET_THROUGH = BASELINE_COLORS[1]
"""Gates: how much they let through."""

_THIN, _THICK = 1.4, 7.0
_QUIET = 0.16  # opacity of what has not been computed yet


def draw_cell(
    cell: str,
    values: Mapping[str, float],
    stages: Sequence[Sequence[str]],
    *,
    stage: int | None = None,
    scale: float = 1.0,
    labels: Mapping[str, str] | None = None,
    alt: str = "",
) -> str:
    """One step of a cell.

    Args:
        cell: key of ``CELL_LAYOUTS``.
        values: name → number; where one is missing the symbol stands alone.
        stages: the names that become known at each stage, in order.
        stage: how far the step has come, from 0: later ones are faint, the stage's own glow; ``None`` shows the whole step.
        scale: a state of this size is drawn with the thickest line.
        labels: name → what it is, shown when the pointer rests on it.
        alt: what the picture shows, for a reader who cannot see it.

    Returns:
        an ``<svg>`` element on one line, without scripts, styles or ids.

    Raises:
        KeyError: there is no such layout.

    Example:
        >>> draw_cell("rnn", {"h": 0.5}, [["x", "h_before"], ["h"]]).startswith("<svg ")
        True
    """
    layout = CELL_LAYOUTS[cell]
    known = {name: number for number, names in enumerate(stages) for name in names}
    known.setdefault("read", 0)
    painter = _Painter(layout, values, known, len(stages) if stage is None else stage, scale, labels or {})
    width, height = layout.size
    left, top, right, bottom = layout.frame
    parts = [
        *(painter.glow(wire) for wire in layout.wires),
        *(painter.wire(wire) for wire in layout.wires),
        *(painter.sign(sign) for sign in layout.signs),
        *(painter.box(box) for box in layout.boxes),
        *(painter.beside(wire) for wire in layout.wires),
        *(painter.end(end) for end in layout.ends),
    ]
    frame = _rectangle(left, top, right - left, bottom - top, 18, 0.045, edge='stroke="currentColor" stroke-opacity="0.28"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{html.escape(alt)}" '
        f'width="100%" font-family="inherit" font-size="15">{frame}{"".join(parts)}</svg>'
    )


class _Painter:
    """Draws the parts of one picture.

    Args:
        layout: where they stand.
        values: their numbers.
        known: name → stage from which on it is known.
        stage: the stage that is reached.
        scale: size of a state that is drawn thickest.
        labels: what they are.
    """

    def __init__(
        self, layout: CellLayout, values: Mapping[str, float], known: Mapping[str, int], stage: int, scale: float, labels: Mapping[str, str]
    ) -> None:
        self.layout, self.values, self.known, self.stage, self.scale, self.labels = layout, values, known, stage, scale, labels

    def _of(self, name: str) -> int:
        return self.known.get(name, 0)

    def _opacity(self, name: str) -> float:
        return 1.0 if self._of(name) <= self.stage else _QUIET

    def _shown(self, name: str) -> bool:
        return self._of(name) <= self.stage and math.isfinite(self.values.get(name, math.nan))

    def _lit(self, name: str) -> bool:
        return self._of(name) == self.stage

    def _stroke(self, name: str, carries: str) -> tuple[str, float, float]:
        """Colour, thickness and opacity of a line."""
        if carries == "several" or name not in self.values or not self._shown(name):
            return "currentColor", 1.8, 0.5
        value = self.values[name]
        size = min(1.0, abs(value) / (1.0 if carries == "share" else self.scale))
        color = LET_THROUGH if carries == "share" else ABOVE if value >= 0 else BELOW
        return color, _THIN + (_THICK - _THIN) * size, 1.0

    def _title(self, name: str) -> str:
        if name not in self.labels:
            return ""
        number = f" = {_exact(self.values[name])}" if self._shown(name) else ""
        return f"<title>{html.escape(self.labels[name] + number)}</title>"

    def glow(self, wire: Wire) -> str:
        """A band behind a line that has just got its number."""
        if not self._lit(wire.name) or wire.name == "read":
            return ""
        return (
            f'<path d="{_path(wire.path)}" fill="none" stroke="{UNIT}" stroke-opacity="0.22" stroke-width="15" stroke-linecap="round" '
            'stroke-linejoin="round"/>'
        )

    def wire(self, wire: Wire) -> str:
        """A line, with its arrow and the dot where it branches off."""
        color, width, opacity = self._stroke(wire.name, wire.carries)
        quiet = self._opacity(wire.name)
        path, arrow = wire.path, ""
        if wire.arrow:
            size = 5 + 0.9 * width
            path, arrow = _arrow(path, size)
            arrow = f'<path d="{arrow}" fill="{color}" fill-opacity="{opacity:g}"/>'
        dot = f'<circle cx="{path[0][0]:g}" cy="{path[0][1]:g}" r="{max(3.2, width / 2 + 1):.1f}" fill="{color}"/>' if wire.dot else ""
        return (
            f'<g opacity="{quiet:g}">{self._title(wire.name)}<path d="{_path(path)}" fill="none" stroke="{color}" '
            f'stroke-opacity="{opacity:g}" stroke-width="{width:.1f}" stroke-linejoin="round"/>{arrow}{dot}</g>'
        )

    def beside(self, wire: Wire) -> str:
        """Number and symbol at a line."""
        if wire.number_at is None:
            return ""
        x, y = wire.number_at
        quiet = self._opacity(wire.name)
        number = _text(x, y, _short(self.values[wire.name]), anchor=wire.anchor, bold=True) if self._shown(wire.name) else ""
        under = y + (34 if wire.level else 16)
        symbol = _text(x, under, wire.symbol, anchor=wire.anchor, size=12, opacity=0.72) if wire.symbol else ""
        return f'<g opacity="{quiet:g}">{number}{symbol}</g>'

    def end(self, end: End) -> str:
        """Symbol and number where a line enters or leaves the cell."""
        x, y = end.at
        text = _short(self.values[end.name]) if self._shown(end.name) else ""
        number = _text(x + 14, y, text, bold=True, anchor="start") if end.beside else _text(x, y + 19, text, bold=True)
        return f'<g opacity="{self._opacity(end.name):g}">{self._title(end.name)}{_text(x, y, end.symbol, italic=True)}{number}</g>'

    def _edge(self, name: str) -> str:
        if self._lit(name):
            return f'stroke="{UNIT}" stroke-width="2.8"'
        return 'stroke="currentColor" stroke-opacity="0.7" stroke-width="1.4"'

    def sign(self, sign: Sign) -> str:
        """A circle with its sign."""
        x, y = sign.at
        wide = 25 if len(sign.symbol) > 2 else 15
        small = wide > 15 or sign.symbol == "1−"
        return (
            f'<g opacity="{self._opacity(sign.name):g}">{self._title(sign.name)}'
            f"{_rectangle(x - wide, y - 15, 2 * wide, 30, 15, 0.08, edge=self._edge(sign.name))}"
            f"{_text(x, y + (4.5 if small else 5.5), sign.symbol, size=13 if small else 18)}</g>"
        )

    def box(self, box: Box) -> str:
        """A gate: its gauge, its letter, its number."""
        x, y = box.at[0] - box.width / 2, box.at[1] - box.height / 2
        named = bool(box.function)
        symbol = _text(x + 9, y + 21, box.symbol, italic=named, bold=named, anchor="start", size=16 if named else 12)
        function = _text(x + box.width - 8, y + 20, box.function, anchor="end", size=12, opacity=0.75)
        number = _text(box.at[0], y + 45, _short(self.values[box.name]), bold=True, size=16) if self._shown(box.name) else ""
        return (
            f'<g opacity="{self._opacity(box.name):g}">{self._title(box.name)}'
            f"{_rectangle(x, y, box.width, box.height, 7, 0.05)}{self._gauge(box)}"
            f"{_rectangle(x, y, box.width, box.height, 7, 0.0, edge=self._edge(box.name))}"
            f"{symbol}{function}{number}</g>"
        )

    def _gauge(self, box: Box) -> str:
        """How far the box is filled."""
        if not self._shown(box.name):
            return ""
        value = self.values[box.name]
        x, y = box.at[0] - box.width / 2 + 2, box.at[1] - box.height / 2 + 2
        width, height = box.width - 4, box.height - 4
        if box.gauge == "share":
            full = height * min(1.0, max(0.0, value))
            return _rectangle(x, y + height - full, width, full, 5, 0.38, fill=LET_THROUGH)
        full = width / 2 * min(1.0, abs(value) / (1.0 if box.function else self.scale))
        start = box.at[0] if value >= 0 else box.at[0] - full
        middle = f'<path d="M{box.at[0]:g} {y + 24:g}v{height - 24:g}" stroke="currentColor" stroke-opacity="0.35" stroke-dasharray="2 3"/>'
        return _rectangle(start, y, full, height, 0, 0.38, fill=ABOVE if value >= 0 else BELOW) + middle


def _rectangle(
    x: float, y: float, width: float, height: float, corner: float, opacity: float, *, fill: str = "currentColor", edge: str = ""
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{corner:g}"'
    return f'<rect {place} fill="{fill}" fill-opacity="{opacity:g}" {edge}/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A line through some points, its corners rounded."""
    made = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        (ax, ay), (bx, by) = _towards(at, before, 10), _towards(at, after, 10)
        made += f"L{ax:.1f} {ay:.1f}Q{at[0]:.1f} {at[1]:.1f} {bx:.1f} {by:.1f}"
    return f"{made}L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _towards(start: tuple[float, float], goal: tuple[float, float], by: float) -> tuple[float, float]:
    """The point at a distance on the way, but never beyond half of it."""
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    share = min(by, length / 2) / length
    return start[0] + dx * share, start[1] + dy * share


def _arrow(path: Sequence[tuple[float, float]], size: float) -> tuple[tuple[tuple[float, float], ...], str]:
    """The line, shortened by its arrow's head, and the head."""
    tip, back = path[-1], _towards(path[-1], path[-2], size)
    dx, dy = (tip[0] - back[0]) * 0.55, (tip[1] - back[1]) * 0.55
    head = f"M{tip[0]:.1f} {tip[1]:.1f}L{back[0] - dy:.1f} {back[1] + dx:.1f}L{back[0] + dy:.1f} {back[1] - dx:.1f}Z"
    return (*path[:-1], back), head


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "middle",
    size: float = 15,
    bold: bool = False,
    italic: bool = False,
    opacity: float = 1.0,
) -> str:
    """Text in the page's own colour; ``h_{t−1}`` sets a subscript."""
    base, _, under = text.partition("_{")
    under, _, rest = under.partition("}")
    shown = html.escape(base)
    if under:
        shown += f'<tspan dy="4" font-size="{size * 0.72:.1f}">{html.escape(under)}</tspan>'
        shown += f'<tspan dy="-4">{html.escape(rest)}</tspan>' if rest else ""
    style = (' font-weight="650"' if bold else "") + (' font-style="italic"' if italic else "")
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}"'
    return f'<text {place} fill="currentColor" fill-opacity="{opacity:g}"{style}>{shown}</text>' if text else ""


def _short(number: float) -> str:
    """A number in at most six characters where that is possible."""
    size = abs(number)
    if size >= 1e5:
        text = f"{number:.0e}".replace("e+0", "e").replace("e+", "e")
    else:
        text = f"{number:.{2 if size < 9.995 else 1 if size < 999.5 else 0}f}"
    return ("0.00" if text == "-0.00" else text).replace("-", "−")


def _exact(number: float) -> str:
    return f"{number:.6g}".replace("-", "−")
