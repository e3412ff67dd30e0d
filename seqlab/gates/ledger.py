"""The memory ledger: how much of a state was written at which step, exactly.

A cell that keeps its state by a gate adds to it: s_t = k_t ⊙ s_{t-1} + w_t, with what is written w = i ⊙ g for an LSTM's
c and w = (1 − z) ⊙ n for a GRU's h. Unrolled,

    s_t = Σ_{j ≤ t} (∏_{k=j+1..t} k_k) ⊙ w_j

as s_0 is 0 in every model here; so every state is a sum with one term per step (Levy et al. 2018, 1805.03716, eq. 8). The
products are formed step by step in double precision, not as sums of logarithms: so a gate of exactly 0 is no special case.
Every result carries how far its sum is from the state of the trace.

It is content written at step j, not information from x_j alone: what was written at j depends on all that was read before.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqlab.errors import TraceError
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["StepLedger", "UnitLedger", "content_by_age", "has_ledger", "step_ledger", "unit_ledger"]

Doubles = npt.NDArray[np.float64]
MOST_CELLS = 600
"""Rows and columns of a unit's ledger at most: two pixels each on a wide screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLedger:
    """What one unit's state was made of at every step.

    ``content[r, c]`` is the part of the state at step ``rows[r]`` that was written at the steps ``columns[c, 0]`` to
    ``columns[c, 1]``, both counted from 0 in the input's time. Cells of the future (for a backward direction: of the past) are 0.

    Args:
        content: (row, column).
        state: (row,) the state itself, from the trace.
        rows: (row,) steps looked at.
        columns: (column, 2) first and last step a column stands for.
        pooled: steps in a column at most; 1 unless the window is long.
        error: largest |Σ_j content − state| / max(1, |state|) over all steps, those between the rows included.
    """

    content: Doubles = field(repr=False)
    state: Doubles = field(repr=False)
    rows: npt.NDArray[np.int64] = field(repr=False)
    columns: npt.NDArray[np.int64] = field(repr=False)
    pooled: int
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLedger:
    """What the states of all units are made of at one step.

    ``content[u, j]`` is the part of unit u's state that was written at step j: ``left[u, j] * written[u, j]``.

    Args:
        content: (hidden, step).
        left: (hidden, step) share of what was written at a step that is still there; 0 for steps not read yet.
        written: (hidden, step) what was written at a step.
        state: (hidden,) the state itself, from the trace.
        error: largest |Σ_j content − state| / max(1, |state|) over the units.
    """

    content: Doubles = field(repr=False)
    left: Doubles = field(repr=False)
    written: Doubles = field(repr=False)
    state: Doubles = field(repr=False)
    error: float


def has_ledger(cell: str) -> bool:
    """Whether a cell keeps its state by adding to it.

    Example:
        >>> has_ledger("gru"), has_ledger("rnn")
        (True, False)
    """
    entry = cell_entry(cell)
    return bool(entry.kept_state and entry.written)


def unit_ledger(
    trace: GateTrace,
    layer: int,
    direction: str,
    *,
    unit: int,
    window: int = 0,
    max_cells: int = MOST_CELLS,
) -> UnitLedger:
    """The ledger of one unit over a whole window.

    Of a window with more than ``max_cells`` steps, every n-th step is looked at, and a column is the sum of what n steps wrote:
    a sum, as the ledger is one, so that rows still add up to the state.

    Args:
        trace: gates of one or more windows.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        unit: number of the unit.
        window: which window of the trace.
        max_cells: rows and columns at most.

    Raises:
        TraceError: nothing is kept additively, or there is no such layer, direction, unit or window.
    """
    keep, written, state = (values[:, unit] for values in _of_window(trace, layer, direction, window, unit))
    steps = len(keep)
    pooled = -(-steps // max_cells)
    firsts = np.arange(0, steps, pooled)
    ends = np.minimum(firsts + pooled, steps) - 1
    content, now, sums = np.zeros((len(ends), len(ends))), np.zeros(len(ends)), np.zeros(steps)
    for step in range(steps):
        now *= keep[step]
        now[step // pooled] += written[step]
        sums[step] = now.sum()
        if step == ends[step // pooled]:
            content[step // pooled] = now
    columns = np.stack([firsts, ends], axis=1)
    looked = ends
    error = _error(sums, state)
    if direction == "backward":  # step 0 of the direction is the input's last
        content = content[::-1, ::-1]
        columns, looked = (steps - 1 - columns)[::-1, ::-1], (steps - 1 - ends)[::-1]
        state = state[::-1]
    return UnitLedger(content=content, state=state[looked], rows=looked, columns=columns, pooled=pooled, error=error)


def step_ledger(trace: GateTrace, layer: int, direction: str, *, step: int, window: int = 0) -> StepLedger:
    """The ledger of all units at one step; for windows of any length.

    Args:
        trace: gates of one or more windows.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.
        step: the step looked at, from 0, in the input's time.
        window: which window of the trace.

    Raises:
        TraceError: nothing is kept additively, or there is no such layer, direction, step or window.
    """
    keep, written, states = _of_window(trace, layer, direction, window)
    last = _place(step, len(keep), direction)
    left = _left(keep, last)
    content = left * written
    turn = slice(None, None, -1 if direction == "backward" else 1)
    return StepLedger(
        content=content[turn].T,
        left=left[turn].T,
        written=written[turn].T,
        state=states[last],
        error=_error(content.sum(axis=0), states[last]),
    )


def content_by_age(trace: GateTrace, layer: int, direction: str, *, unit: int, step: int) -> Doubles:
    """What one unit's state is made of at one step, in every window of the trace, by how long ago it was written.

    Args:
        trace: gates of one or more windows.
        layer, direction: which part of the stack.
        unit: number of the unit.
        step: the step looked at, from 0, in the input's time.

    Returns:
        (batch, age): age 0 was written at the step itself. Sequences that do not reach the step are NaN.

    Raises:
        TraceError: as for :func:`step_ledger`.
    """
    rows = []
    longest = 0
    for window in range(trace.values("h", layer, direction).shape[0]):
        keep, written, _ = (values[:, [unit]] for values in _of_window(trace, layer, direction, window, unit))
        if trace.lengths is not None and step >= len(keep):
            rows.append(np.empty(0))
            continue
        last = _place(step, len(keep), direction)
        rows.append((_left(keep, last) * written)[last::-1, 0])
        longest = max(longest, last + 1)
    # Backward, a longer sequence holds more at the same step: nothing of the others is so old.
    return np.stack([np.pad(row, (0, longest - len(row)), constant_values=0.0 if len(row) else np.nan) for row in rows])


class _Additive(NamedTuple):
    """One window of one layer and direction, (step, hidden) each, in the order in which the direction runs."""

    keep: Doubles
    written: Doubles
    state: Doubles


def _of_window(trace: GateTrace, layer: int, direction: str, window: int, unit: int = 0) -> _Additive:
    entry = cell_entry(trace.cell)
    if not has_ledger(trace.cell):
        raise TraceError(
            f"Nothing is kept additively in a cell of the kind {entry.label}: its state is overwritten at every step, "
            "so it has no ledger. Choose a model with a cell that has a gate which keeps the state."
        )
    windows, _, hidden = trace.values("h", layer, direction).shape
    if window not in range(windows):
        raise TraceError(f"There is no window {window}. This trace has windows 0 to {windows - 1}.")
    if unit not in range(hidden):
        raise TraceError(f"There is no unit {unit}. This layer has units 0 to {hidden - 1}.")
    turn, steps = slice(None, None, -1 if direction == "backward" else 1), trace.steps(window)

    def values(name: str) -> Doubles:
        return trace.values(name, layer, direction)[window, :steps][turn].astype(np.float64)

    written = np.ones(1)
    for factor in entry.written:
        written = written * (1.0 - values(factor[2:]) if factor.startswith("1-") else values(factor))
    state = values(entry.kept_state)
    return _Additive(values(entry.keep_gate) if entry.keep_gate else np.ones_like(state), written, state)


def _place(step: int, steps: int, direction: str) -> int:
    """Where a step of the input lies in the order in which a direction runs."""
    if step not in range(steps):
        raise TraceError(f"There is no step {step}. This window has steps 0 to {steps - 1}.")
    return steps - 1 - step if direction == "backward" else step


def _left(keep: Doubles, last: int) -> Doubles:
    """∏_{k=j+1..last} keep_k for every step j, (step, hidden); 0 for steps after ``last``."""
    left = np.zeros_like(keep)
    left[last] = 1.0
    left[:last] = np.cumprod(keep[last:0:-1], axis=0)[::-1]  # of keep_last, keep_last · keep_{last-1}, …
    return left


def _error(sums: Doubles, state: Doubles) -> float:
    return float(np.max(np.abs(sums - state) / np.maximum(1.0, np.abs(state))))
