"""What a cell computes in one step, as a list of nodes: numbers, equations, sentences and pictures are all made from it.

Plain numpy in double precision, one step after the other, so that every number can be followed by hand. Training and tracing
use torch's fused modules instead.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from seqlab.errors import ConfigError

__all__ = [
    "BEFORE",
    "GateWeights",
    "Node",
    "Recipe",
    "Stage",
    "Values",
    "compute_step",
    "fill_in",
    "names_by_stage",
    "run_recipe",
    "short",
    "units_of",
]

Doubles = npt.NDArray[np.float64]
Values = Mapping[str, Doubles]
"""Node → (units,) or (time, units)."""

BEFORE = "_before"
"""A state of the step before is called by its name and this: ``h_before`` is h_{t-1}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One number per unit that a cell computes in a step.

    A node with an ``activation`` has weights: it is activation(W_i x + b_i + factor · (W_h s + b_h)), where s is the state it
    ``reads``, and both halves of its sum are numbers of their own, ``<name>_from_x`` and ``<name>_from_state``, as is the
    whole, ``<name>_sum``. All other nodes are a ``formula`` of what was computed before them.

    Args:
        name: its letter, or a word for a number that has none.
        label: name on the screen.
        kind: ``gate`` (lets through a share), ``candidate`` (what may be written), ``state`` (is carried to the next step),
            ``output`` (is shown), or ``part`` of another node.
        symbols: its equation in LaTeX.
        numbers: the right-hand side with ``{node}`` where a number goes; empty for nodes with weights.
        letter: its own symbol in LaTeX.
        low, high: bounds of its values; ``None`` where there are none.
        activation: ``sigmoid`` or ``tanh`` of a node with weights.
        reads: the state that it reads, as it was before the step.
        factor: the node that multiplies what comes from the state.
        formula: values so far → its value.
    """

    name: str
    label: str
    kind: Literal["gate", "candidate", "state", "output", "part"]
    symbols: str
    letter: str
    numbers: str = ""
    low: float | None = None
    high: float | None = None
    activation: Literal["", "sigmoid", "tanh"] = ""
    reads: str = ""
    factor: str = ""
    formula: Callable[[Values], Doubles] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A few nodes that are computed at once, in the slow motion of a step.

    Args:
        title: one or two words.
        nodes: their names.
        sentence: what happens, with ``{node}`` where a number goes and ``{node:%}`` where a share goes.
    """

    title: str
    nodes: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One step of a cell.

    Args:
        key: its word in the address.
        label: name on the screen.
        summary: one sentence.
        nodes: in an order in which they can be computed.
        stages: the slow motion; every node is in one of them.
        states: what is carried to the next step.
        output: what the cell shows.
        joined: whether the weights are written as one matrix over [state, input] and one bias, as in the article.
    """

    key: str
    label: str
    summary: str
    nodes: tuple[Node, ...]
    stages: tuple[Stage, ...]
    states: tuple[str, ...]
    output: str
    joined: bool = False

    @property
    def weighted(self) -> tuple[Node, ...]:
        """The nodes that have weights."""
        return tuple(node for node in self.nodes if node.activation)

    def node(self, name: str) -> Node:
        """The node of that name.

        Raises:
            ConfigError: there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise ConfigError(f"The {self.label} has no {name!r}. It computes: {' '.join(node.name for node in self.nodes)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWeights:
    """The weights of one node.

    Args:
        w_input: (units, features)
        w_state: (units, units)
        b_input, b_state: (units,)
    """

    w_input: Doubles
    w_state: Doubles
    b_input: Doubles
    b_state: Doubles


def _sigmoid(a: Doubles) -> Doubles:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * a))  # no overflow for any a


_ACTIVATIONS: Mapping[str, Callable[[Doubles], Doubles]] = {"sigmoid": _sigmoid, "tanh": lambda a: np.asarray(np.tanh(a))}


def compute_step(recipe: Recipe, weights: Mapping[str, GateWeights], x: Doubles, before: Values) -> dict[str, Doubles]:
    """Every number of one step.

    Args:
        recipe: the cell.
        weights: node → its weights.
        x: (features,) the input.
        before: state → (units,) before the step.

    Returns:
        name → (units,): the states before the step, all nodes, and of nodes with weights both halves of their sum and the sum.
    """
    values: dict[str, Doubles] = {state + BEFORE: np.asarray(before[state], dtype=np.float64) for state in recipe.states}
    for node in recipe.nodes:
        if node.activation:
            its = weights[node.name]
            from_x = its.w_input @ x + its.b_input
            from_state = its.w_state @ values[node.reads + BEFORE] + its.b_state
            total = from_x + (values[node.factor] * from_state if node.factor else from_state)
            values |= {f"{node.name}_from_x": from_x, f"{node.name}_from_state": from_state, f"{node.name}_sum": total}
            values[node.name] = _ACTIVATIONS[node.activation](total)
        elif node.formula is not None:
            values[node.name] = node.formula(values)
    return values


def run_recipe(
    recipe: Recipe, weights: Mapping[str, GateWeights], x: npt.ArrayLike, initial: Mapping[str, npt.ArrayLike] | None = None
) -> dict[str, Doubles]:
    """Every number of every step.

    Args:
        recipe: the cell.
        weights: node → its weights.
        x: (time, features) the inputs.
        initial: state → (units,) before the first step; 0 where not given.

    Returns:
        name → (time, units), names as for :func:`compute_step`.

    Raises:
        ConfigError: x is empty, or a number is not finite.
    """
    inputs = np.asarray(x, dtype=np.float64)
    if inputs.ndim != 2 or not inputs.size:
        raise ConfigError(f"The inputs must be (time, features) with at least one step; they are {inputs.shape}.")
    units = len(next(iter(weights.values())).b_input)
    before = {state: np.zeros(units) for state in recipe.states}
    before |= {state: np.asarray(given, dtype=np.float64) for state, given in (initial or {}).items()}
    every = [inputs, *before.values(), *(part for one in weights.values() for part in (one.w_input, one.w_state, one.b_input, one.b_state))]
    if not all(np.isfinite(part).all() for part in every):
        raise ConfigError("An input, a start value or a weight is empty or not finite. Every one must be a number.")
    steps: list[dict[str, Doubles]] = []
    for at in inputs:
        values = compute_step(recipe, weights, at, before)
        before = {state: values[state] for state in recipe.states}
        steps.append(values)
    return {name: np.stack([values[name] for values in steps]) for name in steps[0]}


_PLACE = re.compile(r"\{(\w+)(:%)?\}")


def fill_in(template: str, values: Mapping[str, float], write: Callable[[float], str] | None = None) -> str:
    """A text with the numbers of one unit in it.

    Args:
        template: ``{node}`` stands for a number, ``{node:%}`` for a share in percent.
        values: name → number.
        write: number → text; :func:`short` if not given.

    Example:
        >>> fill_in("{f:%} of {c_before} stays.", {"f": 0.871, "c_before": -0.31})
        '87 % of −0.31 stays.'
    """

    def put(match: "re.Match[str]") -> str:
        number = float(values[match[1]])
        if match[2]:
            return _percent(number)
        return (write or short)(number)

    return _PLACE.sub(put, template)


def _percent(share: float) -> str:
    """Whole percent, but never 0 or 100 for what is not quite so.

    Example:
        >>> _percent(0.871), _percent(0.9999), _percent(0.004)
        ('87 %', '99.99 %', '0.4 %')
    """
    if not np.isfinite(share):
        return "an unknown share"
    for decimals in (0, 1, 2):
        text = f"{100 * share:.{decimals}f}"
        if float(text) not in {0.0, 100.0} or share in {0.0, 1.0}:
            return f"{text} %".replace("-", "−")
    return "nearly all" if share > 0.5 else "almost nothing"


def short(number: float) -> str:
    """A number in few characters, with a real minus sign; the decimals grow fewer as it grows.

    Example:
        >>> short(-0.3062), short(12.345), short(-1234.5), short(0.0004), short(3e9)
        ('−0.31', '12.3', '−1,234', '0.0004', '3.0e9')
    """
    size = abs(number)
    if not np.isfinite(number):
        return "?"
    if size >= 1e6 or 0 < size < 5e-7:
        return f"{number:.1e}".replace("-", "−").replace("e+0", "e").replace("e+", "e").replace("e−0", "e−")
    if 0 < size < 0.005:
        text = f"{number:.1g}" if size >= 1e-4 else f"{number:.7f}".rstrip("0")
        return text.replace("-", "−")
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{number:,.{decimals}f}".replace("-", "−")


def units_of(values: Values, unit: int) -> dict[str, float]:
    """The numbers of one unit, at one step."""
    return {name: float(each[unit]) for name, each in values.items()}


def names_by_stage(recipe: Recipe) -> list[tuple[str, ...]]:
    """For every stage the names that are known from it on: the first also knows the input and the states before."""
    first = ("x", *(state + BEFORE for state in recipe.states))
    return [first + stage.nodes if not number else stage.nodes for number, stage in enumerate(recipe.stages)]
