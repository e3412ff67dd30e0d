"""How long every unit remembers: the timescale of the gate that keeps the state."""

import numpy as np
import numpy.typing as npt

from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["memory_steps"]


def memory_steps(trace: GateTrace, layer: int, direction: str) -> npt.NDArray[np.float64] | None:
    """Memory timescale of every unit, τ = -1 / mean_t(log f_t), in steps of the trace; z in place of f for a GRU.

    After τ steps a share 1/e of what was stored is left (Mahto et al. 2021, 2009.12727).

    Returns:
        (hidden,), or None if no gate of the cell keeps the state.
    """
    gate = cell_entry(trace.cell).keep_gate
    if not gate:
        return None
    keep = np.asarray(trace.values(gate, layer, direction), dtype=np.float64)
    mean_log = np.log(np.clip(keep, 1e-12, 1.0)).mean(axis=(0, 1))
    steps = np.full(mean_log.shape, np.inf)
    np.divide(-1.0, mean_log, out=steps, where=mean_log < 0)
    return steps
