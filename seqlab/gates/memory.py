"""How long every unit remembers: the timescale of the gate that keeps the state, measured, and predicted from its bias."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.models.table import cell_entry
from seqlab.records import GateTrace, check_place

if TYPE_CHECKING:
    from torch import nn

__all__ = ["HORIZON_SHARE", "UnitMemory", "keep_bias", "memory_steps", "timescale_from_bias", "unit_memory"]

Doubles = npt.NDArray[np.float64]
HORIZON_SHARE = 0.05
"""What is left of what was stored when the horizon is reached."""

SMALLEST = 1e-12  # of a keeping gate: below it a logarithm says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMemory:
    """How long the units of a layer keep what they store, in steps of the trace.

    Infinite where a gate never forgets, NaN where one of its values is NaN.

    Args:
        timescale: (hidden,) τ: after τ steps 1/e, 37 %, is left.
        low, high: (hidden,) 10th and 90th percentile of τ measured in each window by itself.
        layer: τ of the mean log gate over all units: what a typical unit has when units are alike.
        samples: (window, step) pairs that were measured.
    """

    timescale: Doubles = field(repr=False)
    low: Doubles = field(repr=False)
    high: Doubles = field(repr=False)
    layer: float
    samples: int

    @property
    def half_life(self) -> Doubles:
        """(hidden,) ln 2 · τ: the steps after which half is left."""
        return np.asarray(np.log(2.0) * self.timescale)

    @property
    def horizon(self) -> Doubles:
        """(hidden,) ln 20 · τ, about 3 τ: the steps after which 5 % is left."""
        return np.asarray(-np.log(HORIZON_SHARE) * self.timescale)


def memory_steps(trace: GateTrace, layer: int, direction: str) -> Doubles | None:
    """Memory timescale of every unit, τ = -1 / mean_t(log f_t), in steps of the trace; z in place of f for a GRU.

    After τ steps a share 1/e of what was stored is left (Mahto et al. 2021, 2009.12727).

    Returns:
        (hidden,), infinite where the gate never forgets, NaN where one of its values is NaN; or None if no gate of the cell
        keeps the state.
    """
    logs = _log_keep(trace, layer, direction)
    return None if logs is None else _timescale(logs[trace.inside()].mean(axis=0))


def unit_memory(trace: GateTrace, layer: int, direction: str) -> UnitMemory | None:
    """Timescale, half-life and horizon of every unit, over all windows and steps of the trace.

    τ = -1 / mean_t(log f_t) is exact for the product of gates that the ledger is made of: over T steps it is exp(-T / τ).

    Args:
        trace: gates of one or more windows.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Returns:
        ``None`` if no gate of the cell keeps the state.

    Raises:
        TraceError: there is no such layer or direction.
    """
    logs = _log_keep(trace, layer, direction)
    if logs is None:
        return None
    inside = trace.inside()
    whole = logs[inside]
    each = np.where(inside[..., None], logs, 0.0).sum(axis=1) / inside.sum(axis=1, keepdims=True)
    # of the mean logs, not of the timescales: a quantile of infinite ones would be NaN; the order is the same
    low, high = np.quantile(each, (0.1, 0.9), axis=0)
    return UnitMemory(
        timescale=_timescale(whole.mean(axis=0)),
        low=_timescale(low),
        high=_timescale(high),
        layer=float(_timescale(np.atleast_1d(whole.mean()))[0]),
        samples=len(whole),
    )


def timescale_from_bias(bias: npt.ArrayLike) -> Doubles:
    """The timescale of a keeping gate that sees nothing but its bias, τ = 1 / log(1 + e^{-b}) (Mahto et al. 2021, 2009.12727).

    Example:
        >>> timescale_from_bias([0.0, 1.0, 3.0]).round(2).tolist()
        [1.44, 3.19, 20.58]
    """
    given = np.asarray(bias, dtype=np.float64)
    # log(1 + e^{-b}) for any b; it is 0 for b above about 745
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / np.logaddexp(0.0, -given))


def keep_bias(model: "nn.Module", layer: int, direction: str) -> Doubles | None:
    """The bias of the gate that keeps the state, b_ih + b_hh, of one layer and direction.

    Args:
        model: as for :func:`~seqlab.gates.trace.trace_gates`.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Returns:
        (hidden,), or ``None`` if the cell has no such gate with a bias of its own.

    Raises:
        TraceError: the model has no recurrent stack of a known cell, or there is no such layer or direction.
    """
    from seqlab.gates.opening import open_stack  # imports torch
    from seqlab.models.stack import layer_weights

    opened = open_stack(model)
    check_place(layer, direction, num_layers=opened.stack.num_layers, directions=opened.directions)
    entry = cell_entry(opened.cell)
    blocks = entry.load().BLOCKS
    if entry.keep_gate not in blocks:
        return None
    b_ih, b_hh = layer_weights(opened.stack, layer, reverse=direction == "backward")[2:4]
    rows = (b_ih + b_hh).detach().cpu().numpy().astype(np.float64).reshape(len(blocks), -1)
    return np.asarray(rows[blocks.index(entry.keep_gate)])


def _log_keep(trace: GateTrace, layer: int, direction: str) -> Doubles | None:
    """(batch, step, hidden) log of the gate that keeps the state; ``None`` if there is none."""
    gate = cell_entry(trace.cell).keep_gate
    if not gate:
        return None
    keep = np.asarray(trace.values(gate, layer, direction), dtype=np.float64)
    return np.asarray(np.log(np.clip(keep, SMALLEST, 1.0)))


def _timescale(mean_log: Doubles) -> Doubles:
    steps = np.full(mean_log.shape, np.inf)
    np.divide(-1.0, mean_log, out=steps, where=mean_log != 0)  # not < 0: NaN would become endless memory
    return steps
