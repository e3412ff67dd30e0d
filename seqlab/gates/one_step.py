"""One step of one unit, with its numbers: every gate as the sum that it is, term by term, and compared with the trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.errors import TraceError
from seqlab.gates.hand_table import HAND_CELLS, hand_cell
from seqlab.gates.recipe import BEFORE, Doubles, GateWeights, Recipe, compute_step, units_of
from seqlab.records import GateTrace

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = ["GateSum", "OneStep", "Term", "gate_sums", "one_step", "split_weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One product in a gate's sum.

    Args:
        source: ``x``, ``h`` (the state, whatever its letter) or ``bias``.
        name: what it belongs to, in words.
        weight, value: its factors; the value of a bias is 1.
        product: what it adds to the sum; a factor that stands before the bracket (the reset gate) is multiplied in.
    """

    source: str
    name: str
    weight: float
    value: float
    product: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSum:
    """One gate of one unit: value = activation(total), and total is the sum of the terms.

    Args:
        name: letter of the gate.
        activation: ``sigmoid`` or ``tanh``.
        terms: inputs first, then the bias beside them, then the states, then the bias beside those.
        factor: what multiplies everything that comes from the state; 1 if nothing does.
        factor_name: the gate that it is.
        total: the sum before the activation.
        value: after it.
        traced: the value in the trace; NaN if there is none.
    """

    name: str
    activation: str
    terms: tuple[Term, ...] = field(repr=False)
    factor: float = 1.0
    factor_name: str = ""
    total: float = 0.0
    value: float = 0.0
    traced: float = float("nan")

    def subtotal(self, source: str) -> float:
        """Sum of the terms of one source: ``x``, ``h`` or ``bias``."""
        return float(sum(term.product for term in self.terms if term.source == source))

    def largest(self, count: int, source: str = "") -> list[Term]:
        """The terms that add or take away most, largest first; of one source, or of all."""
        some = [term for term in self.terms if not source or term.source == source]
        return sorted(some, key=lambda term: -abs(term.product))[:count]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStep:
    """One unit of one layer and direction at one step, computed again from the weights in double precision.

    Args:
        recipe: the cell.
        sums: every node that has weights, as a sum.
        values: name → number: states before the step and all nodes, of this unit.
        traced: the values of the trace, where it has them.
        x: (features,) the input of the layer.
        h_before: (hidden,) the layer's last states h.
        layer, direction, unit, step, sample: where it is.
    """

    recipe: Recipe
    sums: tuple[GateSum, ...] = field(repr=False)
    values: Mapping[str, float] = field(repr=False)
    traced: Mapping[str, float]
    x: Doubles = field(repr=False)
    h_before: Doubles = field(repr=False)
    layer: int
    direction: str
    unit: int
    step: int
    sample: int

    @property
    def max_error(self) -> float:
        """Largest |recomputed - traced| over the gates and states of the unit; NaN if one is NaN."""
        return float(np.max([abs(self.values[name] - value) for name, value in self.traced.items()]))

    def table(self) -> pd.DataFrame:
        """Every term of every gate: ``gate``, ``source``, ``name``, ``weight``, ``value``, ``product``; ``sum`` closes each gate.

        The row ``sum`` holds the sum as ``product`` and the gate after its activation as ``value``.
        """
        rows = [
            (one.name, term.source, term.name, term.weight, term.value, term.product)
            for one in self.sums
            for term in (*one.terms, Term(source="sum", name="", weight=float("nan"), value=one.value, product=one.total))
        ]
        return pd.DataFrame(rows, columns=["gate", "source", "name", "weight", "value", "product"])


def split_weights(recipe: Recipe, stacked: Sequence[npt.ArrayLike]) -> dict[str, GateWeights]:
    """Torch's stacked weights, gate by gate.

    Args:
        recipe: a cell whose weighted nodes are in torch's order.
        stacked: ``(W_ih, W_hh, b_ih, b_hh)`` of one layer and direction, blocks on top of each other.

    Example:
        >>> stacked = (np.zeros((9, 2)), np.zeros((9, 3)), np.arange(9.0), np.zeros(9))
        >>> split_weights(hand_cell("gru"), stacked)["z"].b_input.tolist()
        [3.0, 4.0, 5.0]
    """
    parts = [np.split(np.asarray(one, dtype=np.float64), len(recipe.weighted)) for one in stacked]
    if recipe.joined:  # one bias in the article's cells, where torch has two
        parts[2:] = [[b_ih + b_hh for b_ih, b_hh in zip(*parts[2:], strict=True)], [np.zeros_like(one) for one in parts[3]]]
    return {
        node.name: GateWeights(w_input=w_ih, w_state=w_hh, b_input=b_ih, b_state=b_hh)
        for node, w_ih, w_hh, b_ih, b_hh in zip(recipe.weighted, *parts, strict=True)
    }


def gate_sums(
    recipe: Recipe,
    weights: Mapping[str, GateWeights],
    x: Doubles,
    values: Mapping[str, Doubles],
    unit: int,
    *,
    inputs: Sequence[str] = (),
    states: Sequence[str] = (),
    traced: Mapping[str, float] | None = None,
) -> tuple[GateSum, ...]:
    """The sums of one unit at one step.

    Args:
        recipe: the cell.
        weights: node → its weights.
        x: (features,) the input.
        values: what :func:`~seqlab.gates.recipe.compute_step` made of it, each (units,).
        unit: which unit.
        inputs: names of the features; ``x0``, ``x1``, … if not given.
        states: names of the units' last states.
        traced: gate → value of the trace.
    """
    inputs = inputs or [f"x{place}" for place in range(len(x))]
    sums = []
    for node in recipe.weighted:
        its, before = weights[node.name], values[node.reads + BEFORE]
        named = states or [f"{node.reads} of unit {place}" for place in range(len(before))]
        factor = float(values[node.factor][unit]) if node.factor else 1.0
        from_x = [
            Term(source="x", name=name, weight=float(w), value=float(v), product=float(w * v))
            for name, w, v in zip(inputs, its.w_input[unit], x, strict=True)
        ]
        from_state = [
            Term(source="h", name=name, weight=float(w), value=float(v), product=float(factor * w * v))
            for name, w, v in zip(named, its.w_state[unit], before, strict=True)
        ]
        b_input, b_state = float(its.b_input[unit]), float(its.b_state[unit])
        sums.append(
            GateSum(
                name=node.name,
                activation=node.activation,
                terms=(
                    *from_x,
                    Term(source="bias", name="bias" if recipe.joined else "bias b_i", weight=b_input, value=1.0, product=b_input),
                    *from_state,
                    *([] if recipe.joined else [Term(source="bias", name="bias b_h", weight=b_state, value=1.0, product=factor * b_state)]),
                ),
                factor=factor,
                factor_name=node.factor,
                total=float(values[f"{node.name}_sum"][unit]),
                value=float(values[node.name][unit]),
                traced=float((traced or {}).get(node.name, np.nan)),
            )
        )
    return tuple(sums)


def one_step(
    model: "nn.Module",
    x: "torch.Tensor | npt.ArrayLike",
    trace: GateTrace,
    *,
    layer: int = 0,
    direction: str = "forward",
    unit: int,
    step: int,
    sample: int = 0,
    feature_names: Sequence[str] = (),
) -> OneStep:
    """One unit at one step of a trained model, computed again from its weights, x_t and h_{t-1}.

    Args:
        model: as for :func:`~seqlab.gates.trace.trace_gates`.
        x: (batch, time, feature), scaled, what the trace was made from.
        trace: the trace; it gives the layer's input, for layers above the first, and its last states.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``; in a backward layer the step before is the next one of the input.
        unit: unit number, from 0.
        step: step of the trace, from 0.
        sample: which window.
        feature_names: names of x's features; with segments each stands for as many numbers as a segment has steps.

    Raises:
        TraceError: there is no such layer, direction, unit, step or sample, or the cell cannot be taken apart.

    Example:
        >>> import torch
        >>> from seqlab.gates.trace import trace_gates
        >>> model, x = torch.nn.GRU(2, 3, batch_first=True), torch.ones(1, 5, 2)
        >>> one_step(model, x, trace_gates(model, x), unit=1, step=4).max_error < 1e-6
        True
    """
    from seqlab.gates.opening import open_stack, stack_input  # imports torch
    from seqlab.models.stack import layer_weights

    h = trace.values("h", layer, direction)
    for name, number, count in (("sample", sample, h.shape[0]), ("step", step, h.shape[1]), ("unit", unit, h.shape[2])):
        most = min(count, trace.steps(sample)) if name == "step" else count
        if not 0 <= number < most:
            raise TraceError(f"There is no {name} {number}. This trace has {name}s 0 to {most - 1}.")
    if trace.cell not in HAND_CELLS:
        raise TraceError(f"A {trace.cell} cell cannot be taken apart step by step. These can: {', '.join(HAND_CELLS)}.")
    recipe, opened = hand_cell(trace.cell), open_stack(model)
    stacked = [part.detach().cpu().numpy() for part in layer_weights(opened.stack, layer, reverse=direction == "backward")]
    weights = split_weights(recipe, stacked)
    if layer == 0:
        read = stack_input(model, x)[sample, step].detach().cpu().numpy()
        names = _input_names(feature_names, len(read), trace.segment_length)
    else:
        read = np.concatenate([trace.values(recipe.output, layer - 1, each)[sample, step] for each in trace.directions])
        names = _names_below(trace, layer)
    last = step + 1 if direction == "backward" else step - 1
    before = {
        state: trace.values(state, layer, direction)[sample, last] if 0 <= last < trace.steps(sample) else np.zeros(h.shape[2])
        for state in recipe.states
    }
    read = np.asarray(read, dtype=np.float64)
    values = compute_step(recipe, weights, read, {state: np.asarray(each, dtype=np.float64) for state, each in before.items()})
    traced = {name: float(trace.values(name, layer, direction)[sample, step, unit]) for name in trace.gate_names}
    last_state = "output" if recipe.output == "h" else "memory"
    states = [f"unit {number}'s last {last_state}" for number in range(h.shape[2])]
    return OneStep(
        recipe=recipe,
        sums=gate_sums(recipe, weights, read, values, unit, inputs=names, states=states, traced=traced),
        values=units_of(values, unit),
        traced=traced,
        x=read,
        h_before=values["h" + BEFORE],
        layer=layer,
        direction=direction,
        unit=unit,
        step=step,
        sample=sample,
    )


def _input_names(names: Sequence[str], count: int, segment_length: int) -> list[str]:
    """One name per number that the first layer reads."""
    if not names or len(names) * segment_length != count:
        return [f"input {number}" for number in range(count)]
    if segment_length == 1:
        return list(names)
    return [f"{name}, segment step {place + 1}" for place in range(segment_length) for name in names]


def _names_below(trace: GateTrace, layer: int) -> list[str]:
    both = len(trace.directions) > 1
    units = trace.values("h", layer - 1).shape[2]
    return [f"unit {unit} of layer {layer}{f', {direction}' if both else ''}" for direction in trace.directions for unit in range(units)]
