"""What every view of the laboratory looks at: a model, a window with others beside it, and where the cursor stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.data.prepare import Prepared
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.figures.gate_numbers import GatePanel
from seqlab.gates.unit_order import UnitOrder, order_units
from seqlab.models.table import CellEntry, cell_entry
from seqlab.records import Forecast, GateTrace, Prediction
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.choice import WindowChoice, choose_order, choose_stack, choose_step, choose_unit, choose_window
from seqlab.ui.lab.sequence_choice import choose_sequence
from seqlab.ui.opened import OpenWindows, open_windows

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["Bench", "drawn_input", "panels_of", "samples_around", "set_up", "target_of"]

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

    The window on the screen is a window of a series, or a sequence; sequences of unequal length are NaN after their end.
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
    def of_series(self) -> bool:
        """Whether the model forecasts a series; else it reads sequences."""
        return isinstance(self.fitted.prepared, Prepared)

    @property
    def prepared(self) -> Prepared:
        """The data of a model that forecasts a series."""
        return cast("Prepared", self.fitted.prepared)

    @property
    def sequences(self) -> PreparedSequences:
        """The data of a model that reads sequences."""
        return cast("PreparedSequences", self.fitted.prepared)

    @property
    def task(self) -> str:
        """Key of ``seqlab.tasks.TASKS``."""
        return "forecast" if self.of_series else self.sequences.task

    @property
    def noun(self) -> str:
        """What is looked at: a window, a text or a sequence."""
        return _noun(self.fitted)

    @property
    def answer(self) -> str:
        """What the model gives: a forecast or an answer."""
        return "forecast" if self.of_series else "answer"

    @property
    def loss(self) -> str:
        """Name of the loss that training made small."""
        from seqlab.models.loss import loss_name  # imports torch

        return loss_name(self.fitted.model, self.fitted.spec.training.loss)

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
        return cast("Forecast", self.opened.said)

    @property
    def said(self) -> Prediction:
        """What the model says of the window on the screen."""
        return self.opened.said

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
        """Steps of the trace, of the window on the screen."""
        return self.trace.steps()

    @property
    def first_row(self) -> int:
        """Row of the data that is the window's first input step."""
        return self.choice.origin - self.fitted.spec.window.context_length

    @property
    def target(self) -> int:
        """Which target of the model's output the chosen column is; the first, of sequences."""
        return target_of(self.fitted, self.choice) if self.of_series else 0

    @property
    def series(self) -> int:
        """Which series the windows are of: the chosen column's where columns share the weights, else the only one."""
        return _series_number(self.fitted, self.choice)

    def values(self, gate: str) -> npt.NDArray[np.floating]:
        """(batch, step, hidden) of a gate or state in the chosen layer and direction, at the steps of the window on the screen.

        Shorter sequences are NaN after their end.
        """
        return self.trace.values(gate, self.layer, self.direction)[:, : self.steps]

    def everywhere(self, gate: str) -> npt.NDArray[np.floating]:
        """(sample, hidden) of a gate or state at all steps of all windows, padding left out."""
        return self.trace.values(gate, self.layer, self.direction)[self.trace.inside()]


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
    choice = choose_window(fitted.prepared) if isinstance(fitted.prepared, Prepared) else choose_sequence(run, fitted)
    samples = samples_around(fitted, choice)
    opened = open_windows(run.folder, choice.part, samples)
    trace = opened.trace
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer, direction = choose_stack(trace.num_layers, trace.directions, _noun(fitted))
        order = choose_order(trace.cell, by_input=not _reads_words(fitted))
        ordered = order_units(trace, layer, direction, order, series=opened.x[:, :, drawn_input(fitted, choice)])
        unit = choose_unit([int(number) for number in ordered.units])
        step = choose_step(trace.steps(), _noun(fitted))
    return Bench(
        run=run, fitted=fitted, choice=choice, samples=samples, opened=opened, layer=layer, direction=direction, ordered=ordered, unit=unit,
        step=step,
    )  # fmt: skip


def samples_around(fitted: "Fitted", choice: WindowChoice) -> npt.NDArray[np.int64]:
    """The chosen window first, then windows spread over the part: an order and a band from one window would prove nothing."""
    model = fitted.spec.model
    time = fitted.prepared.windows(choice.part).x.shape[2]
    per_window = time // model.segment_length * model.hidden_size * model.num_layers * (1 + model.bidirectional) * 6
    most = int(np.clip(MOST_NUMBERS // max(1, per_window), 1, MOST_WINDOWS))
    others = np.unique(np.linspace(0, choice.windows - 1, min(most, choice.windows)).astype(np.int64))
    return np.concatenate([[choice.window], others[others != choice.window]]) + _series_number(fitted, choice) * choice.windows


def target_of(fitted: "Fitted", choice: WindowChoice) -> int:
    """Which target of a model's output the chosen column is: with shared weights it has only one."""
    return choice.column if fitted.prepared.target_size > 1 else 0


def _noun(fitted: "Fitted") -> str:
    return "text" if _reads_words(fitted) else "sequence" if isinstance(fitted.prepared, PreparedSequences) else "window"


def _reads_words(fitted: "Fitted") -> bool:
    """Whether the numbers that the model reads stand for words, so that their size says nothing."""
    return isinstance(fitted.prepared, PreparedSequences) and bool(fitted.prepared.vocabulary)


def drawn_input(fitted: "Fitted", choice: WindowChoice) -> int:
    """Which feature of what the model reads is drawn."""
    return target_of(fitted, choice) if isinstance(fitted.prepared, Prepared) else choice.column


def _series_number(fitted: "Fitted", choice: WindowChoice) -> int:
    """Which series of its windows the chosen column is: with joint targets there is only one, and of sequences too."""
    if not isinstance(fitted.prepared, Prepared):
        return 0
    return choice.column if fitted.prepared.target_size == 1 else 0
