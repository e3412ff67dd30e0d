"""A cell without a fused torch module: from one step and its derivatives everything that the package asks of a cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from seqlab.models.edit import Edits, States
from seqlab.models.gradient import LayerGradients, Recorded, carry_back
from seqlab.models.stack import Weights, layer_weights, project_input
from seqlab.models.stepped_gradient import Factors, step_jacobian, walk_back
from seqlab.models.stepped_stack import SteppedStack, run_layer, walk
from seqlab.models.table import CellEntry, cell_entry

__all__ = ["SteppedCell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedCell:
    """What :class:`~seqlab.models.table.CellImplementation` asks for, made from one step.

    Values are (…, hidden, batch) in here: a gate then is a block of contiguous rows, so that one activation serves several gates.
    The recurrent weights of every such cell read its state h.

    Args:
        key: key of ``seqlab.CELLS``.
        BLOCKS: what the rows of the weights stack.
        step: one step in place, with values changed on the way: as the table asks for it.
        factors: gates and states after a step, states before it, weights → the derivatives of the step.
        late: the block that reads not h but h times what ``Factors.late`` says; empty if there is none.
        extra_gradients: gradients by the sums before the activations, states before the steps, states after them, each
            (time, hidden, batch) → gradients by the weights that the cell has beyond torch's four.
    """

    key: str
    BLOCKS: tuple[str, ...]
    step: Callable[[torch.Tensor, States, States, Weights, Edits], None]
    factors: Callable[[States, States, Weights], Factors]
    late: str = ""
    extra_gradients: Callable[[States, States, States], tuple[torch.Tensor, ...]] | None = None

    @property
    def entry(self) -> CellEntry:
        """Its line in the table."""
        return cell_entry(self.key)

    @property
    def inner(self) -> str:
        """The state that is not the output; empty if there is none."""
        return next((name for name in self.entry.state_names if name != self.entry.output), "")

    def recurrent(self, weights: Weights) -> dict[str, torch.Tensor]:
        """Block → its rows of the recurrent weights, (hidden, hidden)."""
        return dict(zip(self.BLOCKS, weights[1].chunk(len(self.BLOCKS)), strict=True))

    def build_stack(
        self, *, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool, dropout: float, forget_bias: float | None
    ) -> SteppedStack:
        """A stack of such cells; ``forget_bias`` as for the LSTM, where the cell has a forget gate."""
        stack = SteppedStack(
            self.key, input_size, hidden_size, num_layers, bidirectional=bidirectional, dropout=dropout if num_layers > 1 else 0.0
        )
        if forget_bias is not None and self.entry.has_forget_bias:
            place = self.BLOCKS.index(self.entry.keep_gate) * hidden_size
            with torch.no_grad():
                for name, parameter in stack.named_parameters():
                    if name.startswith("bias"):
                        parameter[place : place + hidden_size] = forget_bias if name.startswith("bias_ih") else 0.0
        return stack

    def run_layers(self, stack: SteppedStack, x: torch.Tensor) -> list[torch.Tensor]:
        """The output of every layer, each (batch, time, directions * hidden), without dropout."""
        outputs = []
        for layer in range(stack.num_layers):
            ways = (False, True) if stack.bidirectional else (False,)
            halves = [run_layer(self, x, layer_weights(stack, layer, reverse=reverse), reverse=reverse)[0] for reverse in ways]
            x = torch.cat(halves, dim=-1) if len(halves) > 1 else halves[0]
            outputs.append(x)
        return outputs

    def project_input(self, x: torch.Tensor, weights: Weights) -> torch.Tensor:
        """As :func:`seqlab.models.stack.project_input`: nothing stands between the biases and the activation."""
        return project_input(x, weights)

    def open_gates(
        self,
        x: torch.Tensor,
        h_previous: torch.Tensor,
        weights: Weights,
        *,
        reverse: bool,
    ) -> dict[str, torch.Tensor]:
        """Every gate and state of one layer and direction, each (batch, time, hidden).

        States that the output does not give are found step by step; then all steps are computed anew at once, each from what
        stood before it, the given output included.
        """
        x, h_previous = (x.flip(1), h_previous.flip(1)) if reverse else (x, h_previous)
        before = {name: _columns(values.permute(2, 0, 1)) for name, values in walk(self, x, weights).before.items()}
        before[self.entry.output] = _columns(h_previous)
        made = _columns(self.project_input(x, weights))
        after = {name: torch.empty_like(values) for name, values in before.items()}
        self.step(made, before, after, weights, {})
        found = {**dict(zip(self.BLOCKS, made.chunk(len(self.BLOCKS)), strict=True)), **after}
        ordered = {name: found[name].t().reshape(*x.shape[:2], -1) for name in self.entry.gate_names}
        return {name: values.flip(1) if reverse else values for name, values in ordered.items()}

    def state_jacobian(self, gates: Mapping[str, torch.Tensor], previous: Mapping[str, torch.Tensor], weights: Weights) -> torch.Tensor:
        """∂s_t/∂s_{t-1} of single steps, (step, state, state), from gates and previous states, each (step, hidden)."""
        after, before = ({name: values.unsqueeze(-1) for name, values in given.items()} for given in (gates, previous))
        return step_jacobian(
            self.factors(after, before, weights),
            self.recurrent(weights),
            self.entry.state_names,
            output=self.entry.output,
            inner=self.inner,
            late=self.late,
        )

    def record(self, x: torch.Tensor, weights: Weights, *, terms: int = 1) -> Recorded:  # noqa: ARG002  one way serves any number
        """The output of one layer and direction, (batch, time, hidden), and a function that carries gradients back through it."""
        walked, entry = walk(self, x, weights), self.entry

        def pull_back(direct: torch.Tensor) -> LayerGradients:
            values = {**walked.blocks, **walked.after}
            factors = self.factors(values, walked.before, weights)
            back = walk_back(
                factors,
                self.recurrent(weights),
                direct.permute(2, 3, 0, 1),  # (time, hidden, term, batch)
                output=entry.output,
                inner=self.inner,
                late=self.late,
            )
            found = {entry.output: back.output} | ({} if back.inner is None else {self.inner: back.inner})
            sums = torch.stack([back.sums[name] for name in self.BLOCKS], dim=1).flatten(1, 2)  # (time, blocks * hidden, term, batch)
            return LayerGradients(
                states={name: found[name].permute(2, 3, 0, 1) for name in entry.state_names},
                highway=self._highway(values, factors, direct),
                inputs=torch.einsum("krtb,ri->tbki", sums, weights[0]),
            )

        return walked.after[entry.output].permute(2, 0, 1), pull_back

    def _highway(self, values: States, factors: Factors, direct: torch.Tensor) -> torch.Tensor | None:
        """What comes back through the product of the gate that keeps, alone."""
        entry = self.entry
        if not entry.kept_state:
            return None
        kept = values[entry.kept_state]
        keep = values[entry.keep_gate] if entry.keep_gate else torch.ones_like(kept)
        if entry.kept_state != entry.output and factors.passed is not None:
            direct = factors.passed.permute(2, 0, 1) * direct
        return carry_back(keep.permute(2, 0, 1), direct)


def _columns(values: torch.Tensor) -> torch.Tensor:
    """(batch, time, size) as (size, batch * time)."""
    return values.flatten(0, 1).t().contiguous()
