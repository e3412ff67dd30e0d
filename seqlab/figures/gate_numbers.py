"""The numbers behind the gate picture: one window's gates, columns on the input's time axis, a unit beside all windows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.records import GateTrace

__all__ = ["MAX_COLUMNS", "MAX_UNITS", "GateInfo", "GatePanel", "PanelInfo", "gate_info", "panel_rank", "round_limit"]

MAX_COLUMNS = 600
"""Columns of a heat map at most: two pixels each on a wide screen; longer windows show means over several steps."""

MAX_UNITS = 128
"""Rows of a heat map at most; of larger layers the first ones of the order are drawn."""


ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePanel:
    """One gate or state to draw.

    Args:
        name: its letter in the trace.
        label: its name on the screen.
        low, high: bounds of its values; ``None`` for an unbounded state, which gets symmetric limits of its own.
    """

    name: str
    label: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelInfo:
    """The numbers of one gate.

    Args:
        panel: what is drawn.
        values: (unit, column) of the window, units in the order asked for.
        low, high: limits of the colours.
        line: (column,) of the unit that was picked.
        band_low, band_high: (column,) 10th and 90th percentile of that unit over all windows of the trace.
    """

    panel: GatePanel
    values: npt.NDArray[np.float32]
    low: float
    high: float
    line: npt.NDArray[np.float32]
    band_low: npt.NDArray[np.float32]
    band_high: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInfo:
    """The numbers of the picture.

    Args:
        units: (unit,) unit numbers from top to bottom.
        hidden_size: units in the layer; more than are drawn if it is large.
        steps: (column, 2) first and last input step, counted from the window's first, that a column stands for.
        pooled: steps of the trace averaged into one column.
        windows: windows in the trace, the one drawn included.
        panels: one per gate: those in [0, 1] first, then those in [-1, 1], then the unbounded.
    """

    units: npt.NDArray[np.intp]
    hidden_size: int
    steps: npt.NDArray[np.int64]
    pooled: int
    windows: int
    panels: tuple[PanelInfo, ...]


def round_limit(values: npt.NDArray[np.floating]) -> float:
    """The 99th percentile of |values|, rounded up to two digits that are easy to read; never below 0.1.

    A single outlier so neither sets the colours of all other cells nor changes them from window to window.

    Example:
        >>> round_limit(np.array([-3.1, 0.2, 2.9]))
        4.0
    """
    finite = np.abs(values[np.isfinite(values)])
    top = float(np.quantile(finite, 0.99)) if finite.size else 0.0
    if top <= 0.1:
        return 0.1
    power = 10.0 ** math.floor(math.log10(top))
    return float(next(round(factor * power, 10) for factor in ROUND if top <= factor * power * (1 + 1e-9)))


def gate_info(
    trace: GateTrace,
    panels: Sequence[GatePanel],
    *,
    sample: int,
    layer: int,
    direction: str,
    unit: int,
    order: npt.NDArray[np.intp],
    max_columns: int = MAX_COLUMNS,
    max_units: int = MAX_UNITS,
) -> GateInfo:
    """Numbers of the gate picture for one window of a trace.

    Args:
        trace: gates of one or more windows.
        panels: what to draw.
        sample: which window of the trace.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        unit: the unit whose lines are drawn.
        order: (hidden,) unit numbers from top to bottom.
        max_columns: columns of a heat map at most.
        max_units: rows of a heat map at most.
    """
    total = trace.values("h", layer, direction).shape[1]
    pooled = math.ceil(total / max_columns)
    starts = np.arange(0, total, pooled)
    ends = np.minimum(starts + pooled, total) - 1
    units = order[:max_units]
    infos = []
    for panel in sorted(panels, key=panel_rank):
        values = trace.values(panel.name, layer, direction)
        bounded = panel.low is not None and panel.high is not None
        limit = 0.0 if bounded else round_limit(values)
        band = np.quantile(values[:, :, unit], (0.1, 0.9), axis=0)
        infos.append(
            PanelInfo(
                panel=panel,
                values=_pool(values[sample], starts)[:, units].T.astype(np.float32),
                low=-limit if panel.low is None else panel.low,
                high=limit if panel.high is None else panel.high,
                line=_pool(values[sample, :, unit], starts).astype(np.float32),
                band_low=_pool(band[0], starts).astype(np.float32),
                band_high=_pool(band[1], starts).astype(np.float32),
            )
        )
    length = trace.segment_length
    return GateInfo(
        units=units,
        hidden_size=len(order),
        steps=np.stack([starts * length, (ends + 1) * length - 1], axis=1).astype(np.int64),
        pooled=pooled,
        windows=int(trace.values("h", layer, direction).shape[0]),
        panels=tuple(infos),
    )


def panel_rank(panel: GatePanel) -> int:
    """Where a gate stands among the others: those in [0, 1] first, then those in [-1, 1], then the unbounded."""
    if panel.low is None or panel.high is None:
        return 2
    return 0 if panel.low >= 0 else 1


def _pool(values: npt.NDArray[np.floating], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.floating]:
    """Means over consecutive steps along axis 0."""
    if len(starts) == len(values):
        return values
    counts = np.diff(np.append(starts, len(values))).reshape(-1, *[1] * (values.ndim - 1))
    pooled: npt.NDArray[np.floating] = np.add.reduceat(values, starts, axis=0) / counts
    return pooled
