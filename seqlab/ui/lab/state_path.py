"""From the states of a trace to the picture of their path: what the trajectory and the pair view both draw."""

from typing import TYPE_CHECKING

import numpy as np

from seqlab.figures.trajectory import TrajectoryInfo
from seqlab.gates.trajectory import Trajectory
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace
from seqlab.ui.lab.step_places import step_labels, step_places, step_rows

if TYPE_CHECKING:
    from seqlab.data.prepare import Prepared

__all__ = ["has_phase", "largest_units", "path_picture", "states_of"]


def states_of(cell: str) -> dict[str, str]:
    """Label → name of the states of a cell, the one that is handed on first.

    Example:
        >>> states_of("lstm")
        {'Hidden state h': 'h', 'Cell state c': 'c'}
    """
    states = sorted((gate for gate in cell_entry(cell).gates if gate.is_state), key=lambda gate: gate.name != "h")
    return {f"{gate.label} {gate.name}": gate.name for gate in states}


def has_phase(prepared: "Prepared", trace: GateTrace) -> bool:
    """Whether the steps of a trace lie at different positions of the season."""
    return prepared.season_length > 1 and bool(trace.segment_length % prepared.season_length)


def path_picture(
    seen: Trajectory, prepared: "Prepared", trace: GateTrace, *, first_row: int, step: int, by_phase: bool = False
) -> TrajectoryInfo:
    """The record that the figures of :mod:`seqlab.figures.trajectory` draw.

    Args:
        seen: the projected states; the first window is the one on the screen.
        prepared: the data they were read from.
        trace: the trace they are of.
        first_row: row of the window's first input step.
        step: where the cursor stands.
        by_phase: whether steps are coloured by their position in the season instead of by time.
    """
    rows = step_rows(first_row, seen.projections.shape[1], trace.segment_length)
    season = prepared.season_length
    return TrajectoryInfo(
        projections=seen.projections,
        share=seen.share,
        labels=step_labels(prepared, rows),
        places=step_places(prepared, rows),
        phase=(rows % season).astype(np.int64) if by_phase else None,
        season_length=season,
        step=step,
    )


def largest_units(seen: Trajectory, component: int, most: int = 3) -> str:
    """The units that weigh most in a component, in words.

    Example:
        >>> line = np.arange(4.0)[None, :, None] * np.array([3.0, -4.0])
        >>> from seqlab.gates.trajectory import project_states
        >>> largest_units(project_states(line), 0)
        'unit 1 (+0.80), unit 0 (−0.60)'
    """
    weights = seen.loadings[component]
    units = np.argsort(-np.abs(weights), kind="stable")[:most]
    return ", ".join(f"unit {unit} ({'+' if weights[unit] >= 0 else '−'}{abs(weights[unit]):.2f})" for unit in units)
