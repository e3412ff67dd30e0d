"""What every view of the laboratory looks at: a model, a window with others beside it, and where the cursor stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.gate_numbers import GatePanel
from seqlab.gates.unit_order import order_units
from seqlab.models.table import CellEntry, cell_entry
from seqlab.records import Forecast, GateTrace
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.choice import WindowChoice, choose_order, choose_stack, choose_step, choose_unit, choose_window
from seqlab.ui.opened import open_windows

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["Bench", "panels_of", "samples_around", "set_up"]

MOST_WINDOWS = 64
MOST_NUMBERS = 16_000_000  # 64 MB of float32 traces


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One look into one model. Views read it and never change it: the model is shared by all visitors.

    Args:
        run: the run the model is of.
        fitted: the model with its data.
        entry: its cell.
        choice: part, window and column on the screen.
        samples: (batch,) sample numbers of the part's windows; the window on the screen is the first.
        x: (batch, time, feature) what the model reads of them, scaled.
        future: (batch, horizon, known) what is known of the steps ahead.
        y: (batch, horizon, target) what came, scaled; NaN where nothing was observed.
        trace: every gate of them; ``trace.values(gate, layer, direction)[0]`` is the window on the screen.
        forecast: the model's forecast from the window on the screen, in the data's own units.
        layer, direction: which part of the stack is looked at.
        order: (hidden,) unit numbers from top to bottom.
        unit: the unit that was picked.
        step: the step of the trace where the cursor stands, from 0; a step is ``trace.segment_length`` steps of the data.
        groups: (first row, name) of the groups in ``order``; empty where it has none.
    """

    run: RunSummary
    fitted: "Fitted"
    entry: CellEntry
    choice: WindowChoice
    samples: npt.NDArray[np.int64]
    x: npt.NDArray[np.float32]
    future: npt.NDArray[np.float32]
    y: npt.NDArray[np.float32]
    trace: GateTrace
    forecast: Forecast
    layer: int
    direction: str
    order: npt.NDArray[np.intp]
    unit: int
    step: int
    groups: tuple[tuple[int, str], ...] = ()

    @property
    def steps(self) -> int:
        """Steps of the trace."""
        return int(self.trace.values("h", self.layer, self.direction).shape[1])

    @property
    def first_row(self) -> int:
        """Row of the data that is the window's first input step."""
        return self.choice.origin - self.fitted.spec.window.context_length

    @property
    def target(self) -> int:
        """Which target of the model's output the chosen column is."""
        return self.choice.column if self.fitted.prepared.target_size > 1 else 0

    def values(self, gate: str) -> npt.NDArray[np.floating]:
        """(batch, step, hidden) of a gate or state in the chosen layer and direction."""
        return self.trace.values(gate, self.layer, self.direction)


def panels_of(entry: CellEntry, names: tuple[str, ...] | list[str] | None = None) -> list[GatePanel]:
    """Gates of a cell, ready to be drawn: all of them, or some."""
    return [
        GatePanel(name=gate.name, label=gate.label, low=gate.low, high=gate.high)
        for gate in entry.gates
        if names is None or gate.name in names
    ]


def set_up(run: RunSummary, fitted: "Fitted") -> Bench:
    """Draws the choices that all views share, and opens the model over what was chosen.

    Raises:
        SeqlabError: the model cannot be opened over these windows.
    """
    prepared = fitted.prepared
    choice = choose_window(prepared)
    samples = samples_around(fitted, choice)
    opened = open_windows(run.folder, choice.part, samples)
    x, trace = opened.x, opened.trace
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer, direction = choose_stack(trace.num_layers, trace.directions)
        column = choice.column if prepared.target_size > 1 else 0
        ordered = order_units(trace, layer, direction, choose_order(trace.cell), series=x[:, :, column])
        unit = choose_unit([int(number) for number in ordered.units])
        step = choose_step(trace.values("h", layer, direction).shape[1])
    return Bench(
        run=run,
        fitted=fitted,
        entry=cell_entry(trace.cell),
        choice=choice,
        samples=samples,
        x=x,
        future=opened.future,
        y=opened.y,
        trace=trace,
        forecast=opened.forecast,
        layer=layer,
        direction=direction,
        order=ordered.units,
        groups=ordered.groups,
        unit=unit,
        step=step,
    )


def samples_around(fitted: "Fitted", choice: WindowChoice) -> npt.NDArray[np.int64]:
    """The chosen window first, then windows spread over the part: an order and a band from one window would prove nothing."""
    model, window = fitted.spec.model, fitted.spec.window
    per_window = window.context_length // model.segment_length * model.hidden_size * model.num_layers * (1 + model.bidirectional) * 6
    most = int(np.clip(MOST_NUMBERS // max(1, per_window), 1, MOST_WINDOWS))
    others = np.unique(np.linspace(0, choice.windows - 1, min(most, choice.windows)).astype(np.int64))
    series = choice.column if fitted.prepared.target_size == 1 else 0
    return np.concatenate([[choice.window], others[others != choice.window]]) + series * choice.windows
