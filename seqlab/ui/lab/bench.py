"""What every view of the laboratory looks at: a model, a window with others beside it, and where the cursor stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.figures.gate_numbers import GatePanel
from seqlab.gates.unit_order import UnitOrder, order_units
from seqlab.models.table import CellEntry, cell_entry
from seqlab.records import Forecast, GateTrace
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.choice import WindowChoice, choose_order, choose_stack, choose_step, choose_unit, choose_window
from seqlab.ui.opened import OpenWindows, open_windows

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["Bench", "panels_of", "samples_around", "set_up", "target_of"]

MOST_WINDOWS = 64
MOST_NUMBERS = 16_000_000  # 64 MB of float32 traces


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One look into one model. Views read it and never change it: the model is shared by all visitors.

    Args:
        run: the run the model is of.
        fitted: the model with its data.
        choice: part, window and column on the screen.
        samples: (batch,) sample numbers of the part's windows; the window on the screen is the first.
        opened: what the model reads of them and does with them.
        layer, direction: which part of the stack is looked at.
        ordered: its units from top to bottom.
        unit: the unit that was picked.
        step: the step of the trace where the cursor stands, from 0; a step is ``trace.segment_length`` steps of the data.
    """

    run: RunSummary
    fitted: "Fitted"
    choice: WindowChoice
    samples: npt.NDArray[np.int64]
    opened: OpenWindows
    layer: int
    direction: str
    ordered: UnitOrder
    unit: int
    step: int

    @property
    def entry(self) -> CellEntry:
        """The model's cell."""
        return cell_entry(self.trace.cell)

    @property
    def x(self) -> npt.NDArray[np.float32]:
        """(batch, time, feature) what the model reads of the windows, scaled."""
        return self.opened.x

    @property
    def future(self) -> npt.NDArray[np.float32]:
        """(batch, horizon, known) what is known of the steps ahead."""
        return self.opened.future

    @property
    def y(self) -> npt.NDArray[np.float32]:
        """(batch, horizon, target) what came, scaled; NaN where nothing was observed."""
        return self.opened.y

    @property
    def trace(self) -> GateTrace:
        """Every gate; ``trace.values(gate, layer, direction)[0]`` is the window on the screen."""
        return self.opened.trace

    @property
    def forecast(self) -> Forecast:
        """The model's forecast from the window on the screen, in the data's own units."""
        return self.opened.forecast

    @property
    def order(self) -> npt.NDArray[np.intp]:
        """(hidden,) unit numbers from top to bottom."""
        return self.ordered.units

    @property
    def groups(self) -> tuple[tuple[int, str], ...]:
        """(first row, name) of the groups in the order; empty where it has none."""
        return self.ordered.groups

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
        return target_of(self.fitted, self.choice)

    @property
    def series(self) -> int:
        """Which series the windows are of: the chosen column's where columns share the weights, else the only one."""
        return _series_number(self.fitted, self.choice)

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
    choice = choose_window(fitted.prepared)
    samples = samples_around(fitted, choice)
    opened = open_windows(run.folder, choice.part, samples)
    trace = opened.trace
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer, direction = choose_stack(trace.num_layers, trace.directions)
        ordered = order_units(trace, layer, direction, choose_order(trace.cell), series=opened.x[:, :, target_of(fitted, choice)])
        unit = choose_unit([int(number) for number in ordered.units])
        step = choose_step(trace.values("h", layer, direction).shape[1])
    return Bench(
        run=run, fitted=fitted, choice=choice, samples=samples, opened=opened, layer=layer, direction=direction, ordered=ordered, unit=unit,
        step=step,
    )  # fmt: skip


def samples_around(fitted: "Fitted", choice: WindowChoice) -> npt.NDArray[np.int64]:
    """The chosen window first, then windows spread over the part: an order and a band from one window would prove nothing."""
    model, window = fitted.spec.model, fitted.spec.window
    per_window = window.context_length // model.segment_length * model.hidden_size * model.num_layers * (1 + model.bidirectional) * 6
    most = int(np.clip(MOST_NUMBERS // max(1, per_window), 1, MOST_WINDOWS))
    others = np.unique(np.linspace(0, choice.windows - 1, min(most, choice.windows)).astype(np.int64))
    return np.concatenate([[choice.window], others[others != choice.window]]) + _series_number(fitted, choice) * choice.windows


def target_of(fitted: "Fitted", choice: WindowChoice) -> int:
    """Which target of a model's output the chosen column is: with shared weights it has only one."""
    return choice.column if fitted.prepared.target_size > 1 else 0


def _series_number(fitted: "Fitted", choice: WindowChoice) -> int:
    """Which series of its windows the chosen column is: with joint targets there is only one."""
    return choice.column if fitted.prepared.target_size == 1 else 0
