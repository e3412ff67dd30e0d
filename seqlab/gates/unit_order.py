"""Orders in which the units of a layer are drawn, so that units that do the same stand together."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.gates.memory import memory_steps
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["UNIT_ORDERS", "default_order", "order_units"]

UNIT_ORDERS: Mapping[str, str] = MappingProxyType(
    {
        "memory": "Longest memory first",
        "activity": "Most active first",
        "similarity": "Alike units together",
        "number": "Unit number",
    }
)
"""Key → label of every order."""


def default_order(cell: str) -> str:
    """The order that says most about a cell: its memory where a gate keeps it, else its activity.

    Example:
        >>> default_order("lstm"), default_order("rnn")
        ('memory', 'activity')
    """
    return "memory" if cell_entry(cell).keep_gate else "activity"


def order_units(trace: GateTrace, layer: int, direction: str, order: str) -> npt.NDArray[np.intp]:
    """Unit numbers in the order asked for, over all windows and steps of the trace.

    Args:
        trace: the gates.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        order: a key of :data:`UNIT_ORDERS`; ``memory`` falls back to ``activity`` where no gate keeps the state.

    Returns:
        (hidden,) a permutation; equal units keep the order of their numbers.
    """
    h = np.asarray(trace.values("h", layer, direction), dtype=np.float64)
    h = h.reshape(-1, h.shape[-1])
    if order == "number":
        return np.arange(h.shape[1])
    if order == "similarity":
        return _chain(h)
    steps = memory_steps(trace, layer, direction) if order == "memory" else None
    return np.argsort(-(h.std(axis=0) if steps is None else steps), kind="stable")


def _chain(h: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Starts at the most active unit and goes on to the unit most correlated with the last one, sign ignored."""
    spread = h.std(axis=0)
    centred = (h - h.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    alike = np.abs(centred.T @ centred) / len(h)
    chain = [int(np.argmax(spread))]
    left = np.ones(h.shape[1], dtype=bool)
    left[chain[0]] = False
    while left.any():
        chain.append(int(np.argmax(np.where(left, alike[chain[-1]], -1.0))))
        left[chain[-1]] = False
    return np.array(chain, dtype=np.intp)
