"""Orders in which the units of a layer are drawn, so that units that do the same stand together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.gates.memory import memory_steps
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["UNIT_ORDERS", "UnitOrder", "default_order", "input_correlation", "order_units"]

UNIT_ORDERS: Mapping[str, str] = MappingProxyType(
    {
        "memory": "Longest memory first",
        "activity": "Most active first",
        "input": "Nearest to the input first",
        "similarity": "Alike units in groups",
        "number": "Unit number",
    }
)
"""Key → label of every order."""

MOST_GROUPS = 6
_UNITS_PER_GROUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOrder:
    """Units from top to bottom.

    Args:
        units: (hidden,) a permutation of the unit numbers.
        groups: (first row, name) of every group; empty where the order has none.
    """

    units: npt.NDArray[np.intp]
    groups: tuple[tuple[int, str], ...] = ()


def default_order(cell: str) -> str:
    """The order that says most about a cell: its memory where a gate keeps it, else its activity.

    Example:
        >>> default_order("lstm"), default_order("rnn")
        ('memory', 'activity')
    """
    return "memory" if cell_entry(cell).keep_gate else "activity"


def order_units(trace: GateTrace, layer: int, direction: str, order: str, *, series: npt.NDArray[np.floating] | None = None) -> UnitOrder:
    """Unit numbers in the order asked for, over all windows and steps of the trace.

    Args:
        trace: the gates.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        order: a key of :data:`UNIT_ORDERS`; ``memory`` falls back to ``activity`` where no gate keeps the state, and
            so does ``input`` without a series.
        series: (batch, time) the input that ``input`` compares with, one value per step of the data.

    Returns:
        The order; equal units keep the order of their numbers, and units with NaN among what they are ordered by go last.
    """
    flat = np.asarray(trace.values("h", layer, direction)[trace.inside()], dtype=np.float64)
    if order == "number":
        return UnitOrder(units=np.arange(flat.shape[1]))
    if order == "similarity":
        return _grouped(flat)
    first = flat.std(axis=0)
    if order == "memory":
        steps = memory_steps(trace, layer, direction)
        first = first if steps is None else steps
    elif order == "input" and series is not None:
        first = np.abs(input_correlation(trace, layer, direction, series))
    return UnitOrder(units=np.argsort(-first, kind="stable"))


def input_correlation(trace: GateTrace, layer: int, direction: str, series: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Pearson's correlation of every unit's h with an input at the same step, over all windows.

    Args:
        series: (batch, time) one value per step of the data; where a step of the trace reads several, the mean of those there are
            counts.

    Returns:
        (hidden,) from -1 to 1; 0 where one of both never changes, NaN where one holds NaN.
    """
    h = np.asarray(trace.values("h", layer, direction), dtype=np.float64)
    inside = trace.inside()
    x = _by_step(np.asarray(series, dtype=np.float64), h.shape[1], trace.segment_length, padded=trace.lengths is not None)[inside]
    flat = h[inside]
    centred, x = flat - flat.mean(axis=0), x - x.mean()
    size = np.sqrt((centred**2).sum(axis=0) * (x**2).sum())
    found = np.zeros(flat.shape[1])
    np.divide(x @ centred, size, out=found, where=~(size <= 1e-12 * len(x)))  # not >: NaN would become 0, no correlation
    return found


def _by_step(series: npt.NDArray[np.float64], steps: int, length: int, *, padded: bool) -> npt.NDArray[np.float64]:
    """(batch, step) mean over the data steps of each step; of those before the end of a sequence where they are of unequal length."""
    missing = max(0, steps * length - series.shape[1])
    series = np.pad(series, ((0, 0), (0, missing)), constant_values=np.nan)[:, : steps * length]
    parts = series.reshape(len(series), steps, length)
    if not (padded or missing):
        return np.asarray(parts.mean(axis=2))
    there = ~np.isnan(parts)
    return np.asarray(np.where(there, parts, 0.0).sum(axis=2) / np.maximum(1, there.sum(axis=2)))


def _grouped(h: npt.NDArray[np.float64]) -> UnitOrder:
    """Groups of units whose h rises and falls together, sign ignored: average linkage on 1 − |correlation|, leaves in optimal order.

    Units that hold NaN are like no other and stand behind the groups.
    """
    whole = np.isfinite(h).all(axis=0)
    kept, broken = np.flatnonzero(whole), np.flatnonzero(~whole)
    h, hidden = h[:, kept], len(kept)
    if hidden < 3:
        return UnitOrder(units=np.append(kept[np.argsort(-h.std(axis=0), kind="stable")], broken))
    from scipy.cluster import hierarchy  # takes a moment to import; only this order waits for it
    from scipy.spatial.distance import squareform

    spread = h.std(axis=0)
    centred = (h - h.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    apart = 1.0 - np.clip(np.abs(centred.T @ centred) / len(h), 0.0, 1.0)
    np.fill_diagonal(apart, 0.0)
    tree = hierarchy.linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
    leaves = hierarchy.leaves_list(tree).astype(np.intp)
    wanted = min(MOST_GROUPS, max(2, hidden // _UNITS_PER_GROUP))
    member = hierarchy.fcluster(tree, wanted, "maxclust")[leaves]
    starts = np.flatnonzero(np.diff(member, prepend=member[0] - 1))
    groups = [(int(start), f"group {number}") for number, start in enumerate(starts, start=1)]
    if len(broken):
        groups.append((hidden, "not a number"))
    return UnitOrder(units=np.append(kept[leaves], broken), groups=tuple(groups))
