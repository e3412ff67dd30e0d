"""CELLS: the one table of recurrent cells. Describing a cell costs no heavy import."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from seqlab.errors import ConfigError, UnknownKeyError

if TYPE_CHECKING:
    import torch
    from torch import nn

    from seqlab.models.edit import Edits, States
    from seqlab.models.gradient import Recorded

__all__ = ["CELLS", "CellEntry", "CellImplementation", "GateEntry", "cell_entry", "check_chrono"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateEntry:
    """One gate or state of a cell, always after its activation.

    Args:
        name: its letter.
        label: name on the screen.
        meaning: one sentence for somebody who has read nothing.
        low, high: bounds of its values; ``None`` where there are none.
        is_state: whether it is carried to the next step.
    """

    name: str
    label: str
    meaning: str
    low: float | None
    high: float | None
    is_state: bool = False


class CellImplementation(Protocol):
    """What the module named by ``CellEntry.implementation`` provides."""

    def build_stack(
        self, *, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool, dropout: float, forget_bias: float | None
    ) -> "nn.Module":
        """A fused torch module with ``batch_first=True``."""

    def run_layers(self, stack: "nn.Module", x: "torch.Tensor") -> "list[torch.Tensor]":
        """The fused output of every layer, each (batch, time, directions * hidden), without dropout."""

    def open_gates(
        self,
        x: "torch.Tensor",
        h_previous: "torch.Tensor",
        weights: "tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]",
        *,
        reverse: bool,
    ) -> "dict[str, torch.Tensor]":
        """Every gate and state of one layer and direction, each (batch, time, hidden), from its input and its previous output."""

    BLOCKS: tuple[str, ...]
    """What the rows of the weights stack, each (hidden, ·): the gates, or a state that has an activation of its own."""

    def project_input(self, x: "torch.Tensor", weights: "tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]") -> "torch.Tensor":
        """(..., blocks * hidden): what the input (..., input) adds to every gate before its activation."""

    def step(
        self,
        gates: "torch.Tensor",
        before: "States",
        after: "States",
        weights: "tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]",
        edits: "Edits",
    ) -> None:
        """One step in place: ``gates`` holds ``project_input`` and becomes the gates; ``after`` is filled from ``before``."""

    def state_jacobian(
        self,
        gates: "Mapping[str, torch.Tensor]",
        previous: "Mapping[str, torch.Tensor]",
        weights: "tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]",
    ) -> "torch.Tensor":
        """∂s_t/∂s_{t-1} of single steps, (step, state, state), from gates and previous states, each (step, hidden); s is all states."""

    def record(
        self, x: "torch.Tensor", weights: "tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]", *, terms: int = 1
    ) -> "Recorded":
        """The output of one layer and direction, and a function that carries gradients back through it in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEntry:
    """One kind of recurrent cell.

    Args:
        key: key in :data:`CELLS`.
        label: name on the screen.
        summary: one sentence.
        gates: gates and states in the cell's own order, states last.
        equations: LaTeX, one step, in PyTorch's convention.
        keep_gate: the gate that multiplies the old state; empty if none does.
        write_gate: the gate that multiplies what is written; empty if there is none, or if the gate that keeps decides that as well.
        kept_state: the state it multiplies; empty if none is kept.
        written: the factors whose product is added to that state at every step, ``"1-z"`` standing for 1 − z; so with
            ``keep_gate="z"``, ``kept_state="h"`` and ``written=("1-z", "n")`` a step is h_t = z ⊙ h_{t-1} + (1 − z) ⊙ n.
        has_forget_bias: whether ``ModelConfig.forget_bias`` applies.
        weight_blocks: how many (hidden, ·) blocks the weights stack: 4 for an LSTM.
        note: what a reader of the papers may trip over.
        implementation: module that builds and opens the cell, imported when used.
    """

    key: str
    label: str
    summary: str
    gates: tuple[GateEntry, ...]
    equations: tuple[str, ...]
    has_forget_bias: bool
    weight_blocks: int
    note: str
    implementation: str
    keep_gate: str = ""
    write_gate: str = ""
    kept_state: str = ""
    written: tuple[str, ...] = ()

    @property
    def gate_names(self) -> tuple[str, ...]:
        """Names of the gates and states, in order."""
        return tuple(gate.name for gate in self.gates)

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of what is carried to the next step, in order."""
        return tuple(gate.name for gate in self.gates if gate.is_state)

    def load(self) -> CellImplementation:
        """The implementation; imports torch."""
        return importlib.import_module(self.implementation)


_HIDDEN = GateEntry(
    name="h",
    label="Hidden state",
    meaning="What the cell shows to the next layer and to itself one step later.",
    low=-1.0,
    high=1.0,
    is_state=True,
)

_ENTRIES = (
    CellEntry(
        key="lstm",
        label="LSTM",
        summary="Keeps a separate memory, the cell state, and three gates that decide what enters, stays and is shown.",
        gates=(
            GateEntry(name="i", label="Input gate", meaning="How much of the candidate is written: 0 writes nothing.", low=0.0, high=1.0),
            GateEntry(
                name="f", label="Forget gate", meaning="How much of the old memory is kept: 1 keeps all, 0 forgets.", low=0.0, high=1.0
            ),
            GateEntry(name="g", label="Candidate", meaning="What would be written, from -1 to 1.", low=-1.0, high=1.0),
            GateEntry(name="o", label="Output gate", meaning="How much of the memory is shown.", low=0.0, high=1.0),
            GateEntry(name="c", label="Cell state", meaning="The memory itself; it has no bounds.", low=None, high=None, is_state=True),
            _HIDDEN,
        ),
        equations=(
            r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi})",
            r"f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf})",
            r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
            r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho})",
            r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
            r"h_t = o_t \odot \tanh(c_t)",
        ),
        has_forget_bias=True,
        weight_blocks=4,
        note="Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000. A fresh forget gate sits near 0.5, not near 1.",
        implementation="seqlab.models.lstm",
        keep_gate="f",
        write_gate="i",
        kept_state="c",
        written=("i", "g"),
    ),
    CellEntry(
        key="gru",
        label="GRU",
        summary="One state, two gates: the update gate mixes old state and candidate, the reset gate hides the old state from it.",
        gates=(
            GateEntry(name="r", label="Reset gate", meaning="How much of the old state the candidate may use.", low=0.0, high=1.0),
            GateEntry(
                name="z",
                label="Update gate (1 = keep)",
                meaning="How much of the old state stays: 1 keeps it, 0 replaces it.",
                low=0.0,
                high=1.0,
            ),
            GateEntry(name="n", label="Candidate", meaning="What would replace the old state, from -1 to 1.", low=-1.0, high=1.0),
            _HIDDEN,
        ),
        equations=(
            r"r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{t-1} + b_{hr})",
            r"z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz})",
            r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))",
            r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        ),
        has_forget_bias=False,
        weight_blocks=3,
        note=(
            "Cho et al. 2014 write the update gate the other way round (1 = replace) and reset before the matrix product; "
            "this is PyTorch's form, which resets after it."
        ),
        implementation="seqlab.models.gru",
        keep_gate="z",
        kept_state="h",
        written=("1-z", "n"),
    ),
    CellEntry(
        key="rnn",
        label="RNN (Elman)",
        summary="No gates at all: the state is overwritten at every step. The yardstick the other two were invented against.",
        gates=(_HIDDEN,),
        equations=(r"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})",),
        has_forget_bias=False,
        weight_blocks=1,
        note="Elman 1990, with tanh.",
        implementation="seqlab.models.rnn",
    ),
)

CELLS: Mapping[str, CellEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def cell_entry(key: str) -> CellEntry:
    """The entry of one cell.

    Raises:
        UnknownKeyError: there is no such cell.

    Example:
        >>> cell_entry("gru").gate_names
        ('r', 'z', 'n', 'h')
    """
    if key not in CELLS:
        raise UnknownKeyError.of("cell", key, list(CELLS))
    return CELLS[key]


def check_chrono(cell: str, longest: int | None) -> None:
    """Makes sure that a cell can start with a chrono initialisation, where one is asked for.

    Args:
        cell: key of :data:`CELLS`.
        longest: the longest lag; ``None`` asks for nothing.

    Raises:
        ConfigError: no gate of the cell keeps its state.
        UnknownKeyError: there is no such cell.
    """
    if longest is not None and not cell_entry(cell).keep_gate:
        able = ", ".join(key for key, entry in CELLS.items() if entry.keep_gate)
        raise ConfigError(
            f"ModelConfig.chrono_length is {longest}, but no gate of the cell {cell!r} keeps its state. "
            f"Leave it empty, or choose one of: {able}."
        )
