"""Saturation: how much of the time every gate is shut or open (Karpathy, Johnson & Fei-Fei 2015, 1506.02078)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.window import WindowSet
from seqlab.errors import TraceError
from seqlab.gates.part_trace import trace_in_chunks
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

if TYPE_CHECKING:
    from torch import nn

__all__ = ["OPEN", "SHUT", "Saturation", "measure_saturation", "saturating_gates", "saturation"]

Doubles = npt.NDArray[np.float64]
SHUT, OPEN = 0.1, 0.9
"""A gate below the first is shut, above the second open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturation:
    """How much of the time the units of one gate are shut and open.

    Args:
        gate: its name.
        left: (hidden,) share of steps at which the gate is below 0.1: left-saturated, shut. NaN for a unit with a NaN among its values.
        right: (hidden,) share of steps at which it is above 0.9: right-saturated, open. NaN as for left.
        samples: (sequence, step) pairs that were counted; 1,000 or more say something.
    """

    gate: str
    left: Doubles = field(repr=False)
    right: Doubles = field(repr=False)
    samples: int


def saturating_gates(cell: str) -> tuple[str, ...]:
    """The gates of a cell that lie in [0, 1]. Candidates and states in [-1, 1] are contents, not gates, and are left out.

    Example:
        >>> saturating_gates("lstm"), saturating_gates("gru"), saturating_gates("rnn")
        (('i', 'f', 'o'), ('r', 'z'), ())
    """
    return tuple(gate.name for gate in cell_entry(cell).gates if gate.low == 0.0 and gate.high == 1.0)


def saturation(trace: GateTrace, layer: int, direction: str) -> Mapping[str, Saturation]:
    """Left and right saturation of every gate in [0, 1], over all windows and steps of a trace.

    Args:
        trace: gates of one or more windows.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Returns:
        gate name → its saturation.

    Raises:
        TraceError: the cell has no gates in [0, 1], or there is no such layer or direction.
    """
    return _counted([trace], layer, direction)


def measure_saturation(
    model: "nn.Module", windows: WindowSet, samples: npt.ArrayLike, layer: int, direction: str
) -> Mapping[str, Saturation]:
    """The same over any number of windows of a part, which are opened a few at a time.

    Args:
        model: as for :func:`~seqlab.gates.trace.trace_gates`.
        windows: the windows of a part.
        samples: (sample,) sample numbers.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Raises:
        TraceError: as for :func:`saturation`, or no sample is given.
    """
    return _counted(trace_in_chunks(model, windows, samples), layer, direction)


def _counted(traces: Iterable[GateTrace], layer: int, direction: str) -> dict[str, Saturation]:
    left: dict[str, Doubles] = {}
    right: dict[str, Doubles] = {}
    samples = 0
    for trace in traces:
        names = saturating_gates(trace.cell)
        if not names:
            raise TraceError(
                f"A cell of the kind {cell_entry(trace.cell).label} has no gates between 0 and 1, so nothing can be shut or open. "
                "Choose a model with gates."
            )
        inside = trace.inside()
        for name in names:
            values = trace.values(name, layer, direction)[inside]
            # neither shut nor open is what a gate half open is; a NaN is nothing known
            known = np.where(np.isnan(values).any(axis=0), np.nan, 0.0)
            left[name] = left.get(name, 0.0) + (values < SHUT).sum(axis=0) + known
            right[name] = right.get(name, 0.0) + (values > OPEN).sum(axis=0) + known
        samples += int(inside.sum())
    return {name: Saturation(gate=name, left=left[name] / samples, right=right[name] / samples, samples=samples) for name in left}
