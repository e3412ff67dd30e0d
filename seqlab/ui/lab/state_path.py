"""From the states of a trace to the picture of their path: what the trajectory and the pair view both draw."""

import numpy as np

from seqlab.figures.trajectory import TrajectoryInfo
from seqlab.gates.trajectory import Trajectory
from seqlab.models.table import cell_entry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.reading import labels_of, places_of, words_of
from seqlab.ui.lab.step_places import step_rows

__all__ = ["has_phase", "largest_units", "path_picture", "states_of"]


def states_of(cell: str) -> dict[str, str]:
    """Label → name of the states of a cell, the one that is handed on first.

    Example:
        >>> states_of("lstm")
        {'Hidden state h': 'h', 'Cell state c': 'c'}
    """
    states = sorted((gate for gate in cell_entry(cell).gates if gate.is_state), key=lambda gate: gate.name != "h")
    return {f"{gate.label} {gate.name}": gate.name for gate in states}


def has_phase(bench: Bench) -> bool:
    """Whether the steps of a trace lie at different positions of the season."""
    season = bench.fitted.prepared.season_length
    return season > 1 and bool(bench.trace.segment_length % season)


def path_picture(seen: Trajectory, bench: Bench, *, by_phase: bool = False) -> TrajectoryInfo:
    """The record that the figures of :mod:`seqlab.figures.trajectory` draw.

    Args:
        seen: the projected states; the first window is the one on the screen.
        bench: what they were read from, and where the cursor stands.
        by_phase: whether steps are coloured by their position in the season instead of by time.
    """
    season = bench.fitted.prepared.season_length
    phase = None
    if by_phase:
        phase = (step_rows(bench.first_row, bench.steps, bench.trace.segment_length) % season).astype(np.int64)
    return TrajectoryInfo(
        projections=seen.projections[:, : bench.steps],
        share=seen.share,
        labels=labels_of(bench),
        places=places_of(bench),
        phase=phase,
        season_length=season,
        step=bench.step,
        noun=bench.noun,
        words=words_of(bench),
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
