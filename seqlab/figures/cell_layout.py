"""Where everything stands in the picture of a cell: boxes, signs and lines as data, one layout per cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = ["CELL_LAYOUTS", "Box", "CellLayout", "End", "Sign", "Wire"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A gate, a candidate or a sum: a gauge with its number in it.

    Args:
        name: the number it holds.
        symbol: what is written in it; ``_`` and ``^`` are not needed, ``h_{t−1}`` sets a subscript.
        function: what it does to its sum: ``σ``, ``tanh`` or nothing.
        at: centre.
        gauge: ``share`` fills from the bottom, 0 to 1; ``sign`` from the middle to the left or right, -1 to 1.
        width, height: in the layout's units.
    """

    name: str
    symbol: str
    function: str
    at: Point
    gauge: Literal["share", "sign"] = "share"
    width: float = 70
    height: float = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A circle in which numbers meet: ``×``, ``+``, ``1−``, or ``tanh``.

    Args:
        name: the number it makes.
        symbol: what is written in it.
        at: centre.
    """

    name: str
    symbol: str
    at: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A line that carries a number.

    Args:
        name: the number.
        path: corners from where it comes to where it goes.
        carries: ``share`` (a gate), ``state`` (any number, coloured by its sign), or ``several`` (more than one number).
        number_at: where its number is written, or ``None``.
        symbol: what the number is, written below it.
        level: whether the line runs between the number and its symbol.
        anchor: ``start``, ``middle`` or ``end``: which part of the text stands there.
        arrow: whether it ends in an arrow.
        dot: whether it branches off, marked by a dot at its start.
    """

    name: str
    path: tuple[Point, ...]
    carries: Literal["share", "state", "several"] = "state"
    number_at: Point | None = None
    symbol: str = ""
    level: bool = True
    anchor: Literal["start", "middle", "end"] = "middle"
    arrow: bool = True
    dot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a number enters or leaves the cell.

    Args:
        name: the number.
        symbol: what it is called.
        at: where the symbol stands.
        beside: whether the number stands beside it, not below.
    """

    name: str
    symbol: str
    at: Point
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLayout:
    """The picture of a cell, without any number.

    Args:
        size: width and height in its own units.
        frame: left, top, right and bottom of the cell.
        boxes, signs, wires, ends: what is in it.
    """

    size: Point
    frame: tuple[float, float, float, float]
    boxes: tuple[Box, ...]
    signs: tuple[Sign, ...]
    wires: tuple[Wire, ...]
    ends: tuple[End, ...] = field(default=())


_GATES = 262.0  # height of the gates' centres
_BUS = 334.0  # and of the line that feeds them
_HIGH = 74.0  # and of the line that carries the memory


def _riser(x: float) -> Wire:
    """From the bus into the gate above it."""
    return Wire(name="read", path=((x, _BUS), (x, _GATES + 28)), carries="several", dot=True)


def _lstm(*, candidate: str, state: str, output: str, from_memory: bool) -> CellLayout:
    """An LSTM: memory along the top, gates below it.

    Args:
        candidate, state, output: what they are called.
        from_memory: whether the gates read the memory, as in the article, or the last output.
    """
    f, i, g, o, last = 124.0, 212.0, 298.0, 384.0, 446.0
    read = f"{state}_before" if from_memory else f"{output}_before"
    bus_from: tuple[Point, ...] = ((84, _HIGH), (84, _BUS), (o, _BUS)) if from_memory else ((4, _BUS), (o, _BUS))
    return CellLayout(
        size=(560, 400),
        frame=(66, 20, 494, 372),
        boxes=(
            Box(name="f", symbol="f", function="σ", at=(f, _GATES)),
            Box(name="i", symbol="i", function="σ", at=(i, _GATES)),
            Box(name=candidate, symbol=candidate, function="tanh", at=(g, _GATES), gauge="sign"),
            Box(name="o", symbol="o", function="σ", at=(o, _GATES)),
        ),
        signs=(
            Sign(name="kept", symbol="×", at=(f, _HIGH)),
            Sign(name="written", symbol="×", at=(255, 176)),
            Sign(name=state, symbol="+", at=(255, _HIGH)),
            Sign(name="shown", symbol="tanh", at=(last, 124)),
            Sign(name=output, symbol="×", at=(last, 190)),
        ),
        wires=(
            Wire(name=read, path=bus_from, carries="several", arrow=False, dot=from_memory),
            Wire(name="x", path=((100, 398), (100, _BUS)), carries="several"),
            *(_riser(x) for x in (f, i, g, o)),
            Wire(name=f"{state}_before", path=((4, _HIGH), (f - 15, _HIGH))),
            Wire(name="f", path=((f, _GATES - 28), (f, _HIGH + 15)), carries="share"),
            Wire(name="kept", path=((f + 15, _HIGH), (240, _HIGH)), number_at=(188, _HIGH - 12), symbol=f"f · {state}_{{t−1}}"),
            Wire(name="i", path=((i, _GATES - 28), (i, 176), (240, 176)), carries="share"),
            Wire(name=candidate, path=((g, _GATES - 28), (g, 176), (270, 176))),
            Wire(
                name="written", path=((255, 161), (255, _HIGH + 15)), number_at=(266, 124), symbol=f"i · {candidate}", level=False,
                anchor="start",
            ),
            Wire(name=state, path=((270, _HIGH), (556, _HIGH)), number_at=(356, _HIGH - 12), symbol=f"new {state}_{{t}}"),
            Wire(name=state, path=((last, _HIGH), (last, 109)), dot=True),
            Wire(name="shown", path=((last, 139), (last, 175)), number_at=(436, 161), anchor="end"),
            Wire(name="o", path=((o, _GATES - 28), (o, 190), (last - 15, 190)), carries="share"),
            Wire(name=output, path=((last, 205), (last, _BUS), (556, _BUS))),
        ),
        ends=(
            End(name=f"{state}_before", symbol=f"{state}_{{t−1}}", at=(32, _HIGH - 28)),
            *(() if from_memory else (End(name=f"{output}_before", symbol=f"{output}_{{t−1}}", at=(32, _BUS - 28)),)),
            End(name="x", symbol="x_{t}", at=(132, 390), beside=True),
            End(name=state, symbol=f"{state}_{{t}}", at=(526, _HIGH - 28)),
            End(name=output, symbol=f"{output}_{{t}}", at=(526, _BUS - 28)),
        ),
    )  # fmt: skip


_GRU = CellLayout(
    size=(560, 400),
    frame=(66, 20, 494, 372),
    boxes=(
        Box(name="r", symbol="r", function="σ", at=(134, _GATES)),
        Box(name="n_from_state", symbol="W_{hn} h + b", function="", at=(222, _GATES), gauge="sign", width=84),
        Box(name="n", symbol="n", function="tanh", at=(296, 150), gauge="sign"),
        Box(name="z", symbol="z", function="σ", at=(370, _GATES)),
    ),
    signs=(
        Sign(name="recalled", symbol="×", at=(222, 196)),
        Sign(name="kept", symbol="×", at=(370, _HIGH)),
        Sign(name="share", symbol="1−", at=(412, 206)),
        Sign(name="written", symbol="×", at=(456, 150)),
        Sign(name="h", symbol="+", at=(456, _HIGH)),
    ),
    wires=(
        Wire(name="h_before", path=((84, _HIGH), (84, _BUS), (370, _BUS)), carries="several", arrow=False, dot=True),
        Wire(name="x", path=((104, 398), (104, _BUS)), carries="several"),
        Wire(name="x", path=((104, 358), (296, 358), (296, 178)), carries="several", dot=True),
        _riser(134),
        _riser(222),
        _riser(370),
        Wire(name="h_before", path=((4, _HIGH), (355, _HIGH))),
        Wire(name="r", path=((134, _GATES - 28), (134, 196), (207, 196)), carries="share"),
        Wire(name="n_from_state", path=((222, _GATES - 28), (222, 211))),
        Wire(
            name="recalled",
            path=((222, 181), (222, 150), (261, 150)),
            number_at=(214, 148),
            symbol="r · (W_{hn} h + b)",
            level=False,
            anchor="end",
        ),
        Wire(name="n", path=((331, 150), (441, 150))),
        Wire(name="z", path=((370, _GATES - 28), (370, _HIGH + 15)), carries="share"),
        Wire(name="z", path=((370, 206), (397, 206)), carries="share", dot=True),
        Wire(
            name="share",
            path=((427, 206), (456, 206), (456, 165)),
            carries="share",
            number_at=(430, 229),
            symbol="1 − z",
            level=False,
            anchor="start",
        ),
        Wire(name="kept", path=((385, _HIGH), (441, _HIGH)), number_at=(413, _HIGH - 12), symbol="z · h_{t−1}"),
        Wire(name="written", path=((456, 135), (456, _HIGH + 15)), number_at=(447, 117), symbol="(1−z) · n", level=False, anchor="end"),
        Wire(name="h", path=((471, _HIGH), (556, _HIGH))),
    ),
    ends=(
        End(name="h_before", symbol="h_{t−1}", at=(32, _HIGH - 28)),
        End(name="x", symbol="x_{t}", at=(136, 390), beside=True),
        End(name="h", symbol="h_{t}", at=(528, _HIGH - 28)),
    ),
)

_RNN = CellLayout(
    size=(560, 270),
    frame=(66, 20, 494, 242),
    boxes=(
        Box(name="h_from_state", symbol="W_{hh} h + b", function="", at=(168, 84), gauge="sign", width=96),
        Box(name="h_from_x", symbol="W_{ih} x + b", function="", at=(168, 184), gauge="sign", width=96),
        Box(name="h", symbol="h", function="tanh", at=(404, 134), gauge="sign"),
    ),
    signs=(Sign(name="h_sum", symbol="+", at=(272, 134)),),
    wires=(
        Wire(name="h_before", path=((4, 84), (120, 84)), carries="several"),
        Wire(name="x", path=((4, 184), (120, 184)), carries="several"),
        Wire(name="h_from_state", path=((216, 84), (272, 84), (272, 119))),
        Wire(name="h_from_x", path=((216, 184), (272, 184), (272, 149))),
        Wire(name="h_sum", path=((287, 134), (369, 134)), number_at=(326, 122), symbol="sum"),
        Wire(name="h", path=((439, 134), (556, 134))),
    ),
    ends=(
        End(name="h_before", symbol="h_{t−1}", at=(32, 56)),
        End(name="x", symbol="x_{t}", at=(32, 156)),
        End(name="h", symbol="h_{t}", at=(528, 106)),
    ),
)

_SECOND = 186.0  # height of the line that carries c in the article's GRU
_LOW = 306.0
_FEED = 372.0


def _low_riser(x: float) -> Wire:
    return Wire(name="read", path=((x, _FEED), (x, _LOW + 28)), carries="several", dot=True)


_ARTICLE_GRU = CellLayout(
    size=(560, 440),
    frame=(66, 20, 494, 410),
    boxes=(
        Box(name="z", symbol="z", function="σ", at=(146, _LOW)),
        Box(name="n", symbol="n", function="tanh", at=(240, _LOW), gauge="sign"),
        Box(name="r", symbol="r", function="σ", at=(334, _LOW)),
    ),
    signs=(
        Sign(name="kept_c", symbol="×", at=(146, _SECOND)),
        Sign(name="share_n", symbol="1−", at=(190, 246)),
        Sign(name="written_c", symbol="×", at=(240, 246)),
        Sign(name="c", symbol="+", at=(240, _SECOND)),
        Sign(name="kept_h", symbol="×", at=(334, _HIGH)),
        Sign(name="share_c", symbol="1−", at=(380, 240)),
        Sign(name="written_h", symbol="×", at=(456, 134)),
        Sign(name="h", symbol="+", at=(456, _HIGH)),
    ),
    wires=(
        Wire(name="h_before", path=((86, _HIGH), (86, _FEED), (334, _FEED)), carries="several", arrow=False, dot=True),
        Wire(name="x", path=((112, 438), (112, _FEED)), carries="several"),
        _low_riser(146),
        _low_riser(240),
        _low_riser(334),
        Wire(name="h_before", path=((4, _HIGH), (319, _HIGH))),
        Wire(name="c_before", path=((4, _SECOND), (131, _SECOND))),
        Wire(name="z", path=((146, _LOW - 28), (146, _SECOND + 15)), carries="share"),
        Wire(name="z", path=((146, 246), (175, 246)), carries="share", dot=True),
        Wire(name="share_n", path=((205, 246), (225, 246)), carries="share"),
        Wire(name="n", path=((240, _LOW - 28), (240, 261))),
        Wire(name="written_c", path=((240, 231), (240, _SECOND + 15)), number_at=(258, 229), anchor="start"),
        Wire(name="kept_c", path=((161, _SECOND), (225, _SECOND)), number_at=(193, _SECOND - 12), symbol="z · c_{t−1}"),
        Wire(name="c", path=((255, _SECOND), (556, _SECOND)), number_at=(294, _SECOND - 12), symbol="new c_{t}"),
        Wire(name="c", path=((410, _SECOND), (410, 134), (441, 134)), dot=True),
        Wire(name="r", path=((334, _LOW - 28), (334, _HIGH + 15)), carries="share"),
        Wire(name="r", path=((334, 240), (365, 240)), carries="share", dot=True),
        Wire(
            name="share_c",
            path=((395, 240), (456, 240), (456, 149)),
            carries="share",
            number_at=(412, 259),
            symbol="1 − r",
            level=False,
            anchor="start",
        ),
        Wire(name="kept_h", path=((349, _HIGH), (441, _HIGH)), number_at=(385, _HIGH - 12), symbol="r · h_{t−1}"),
        Wire(name="written_h", path=((456, 119), (456, _HIGH + 15)), number_at=(447, 113), anchor="end"),
        Wire(name="h", path=((471, _HIGH), (556, _HIGH))),
    ),
    ends=(
        End(name="h_before", symbol="h_{t−1}", at=(32, _HIGH - 28)),
        End(name="c_before", symbol="c_{t−1}", at=(32, _SECOND - 28)),
        End(name="x", symbol="x_{t}", at=(144, 430), beside=True),
        End(name="c", symbol="c_{t}", at=(528, _SECOND - 28)),
        End(name="h", symbol="h_{t}", at=(528, _HIGH - 28)),
    ),
)

CELL_LAYOUTS: Mapping[str, CellLayout] = MappingProxyType(
    {
        "rnn": _RNN,
        "lstm": _lstm(candidate="g", state="c", output="h", from_memory=False),
        "gru": _GRU,
        "article_lstm": _lstm(candidate="c", state="h", output="y", from_memory=True),
        "article_gru": _ARTICLE_GRU,
    }
)
