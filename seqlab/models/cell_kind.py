"""What the table of cells says about a cell, and what the module behind it provides."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch
    from torch import nn

    from seqlab.models.edit import Edits, States
    from seqlab.models.gradient import Recorded

__all__ = ["CellEntry", "CellImplementation", "GateEntry"]


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
        """A module with the interface of torch's, ``batch_first=True``: a fused one, or one that is run step by step."""

    def run_layers(self, stack: "nn.Module", x: "torch.Tensor") -> "list[torch.Tensor]":
        """The module's own output of every layer, each (batch, time, directions * hidden), without dropout."""

    def open_gates(
        self,
        x: "torch.Tensor",
        h_previous: "torch.Tensor",
        weights: "tuple[torch.Tensor, ...]",
        *,
        reverse: bool,
    ) -> "dict[str, torch.Tensor]":
        """Every gate and state of one layer and direction, each (batch, time, hidden), from its input and its previous output.

        A cell whose gates read more than that goes through the steps again.
        """

    @property
    def BLOCKS(self) -> tuple[str, ...]:  # noqa: N802  a module has it as a constant
        """What the rows of the weights stack, each (hidden, ·): the gates, or a state that has an activation of its own."""

    def project_input(self, x: "torch.Tensor", weights: "tuple[torch.Tensor, ...]") -> "torch.Tensor":
        """(..., blocks * hidden): what the input (..., input) adds to every gate before its activation."""

    def step(
        self,
        gates: "torch.Tensor",
        before: "States",
        after: "States",
        weights: "tuple[torch.Tensor, ...]",
        edits: "Edits",
    ) -> None:
        """One step in place: ``gates`` holds ``project_input`` and becomes the gates; ``after`` is filled from ``before``.

        Both hold ``CellEntry.result_names``.
        """

    def state_jacobian(
        self,
        gates: "Mapping[str, torch.Tensor]",
        previous: "Mapping[str, torch.Tensor]",
        weights: "tuple[torch.Tensor, ...]",
    ) -> "torch.Tensor":
        """∂s_t/∂s_{t-1} of single steps, (step, state, state), from gates and previous states, each (step, hidden); s is all states."""

    def record(self, x: "torch.Tensor", weights: "tuple[torch.Tensor, ...]", *, terms: int = 1) -> "Recorded":
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
        output: letter of what goes to the next layer and to the head; a state, or a value made from one.
        has_forget_bias: whether ``ModelConfig.forget_bias`` applies.
        weight_blocks: how many (hidden, ·) blocks the weights stack: 4 for an LSTM.
        fused: whether torch has a fused module for it; else it is run step by step, which takes longer.
        extra_weights: names of the weights beyond torch's four, and how many times ``hidden`` numbers each has.
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
    output: str = "h"
    fused: bool = True
    extra_weights: tuple[tuple[str, int], ...] = ()

    @property
    def gate_names(self) -> tuple[str, ...]:
        """Names of the gates and states, in order."""
        return tuple(gate.name for gate in self.gates)

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of what is carried to the next step, in order."""
        return tuple(gate.name for gate in self.gates if gate.is_state)

    @property
    def result_names(self) -> tuple[str, ...]:
        """Names of what a step leaves behind: its states, and its output where that is none of them."""
        return self.state_names if self.output in self.state_names else (*self.state_names, self.output)

    @property
    def carried_names(self) -> tuple[str, ...]:
        """The same in the order in which modules hand it on: the output first."""
        return (self.output, *(name for name in self.state_names if name != self.output))

    def load(self) -> CellImplementation:
        """The implementation, a module or the ``CELL`` in it; imports torch."""
        module = importlib.import_module(self.implementation)
        made: CellImplementation = getattr(module, "CELL", module)
        return made
