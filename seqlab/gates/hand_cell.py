"""A small cell worked by hand: its parameters as one would write them down, and every number of every step."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.errors import ConfigError
from seqlab.gates.hand_table import hand_cell
from seqlab.gates.recipe import Doubles, GateWeights, Node, Recipe, run_recipe

__all__ = ["parameter_shapes", "value_table", "weights_of", "work_by_hand"]


def parameter_shapes(recipe: Recipe, units: int, features: int = 1) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a cell's parameters: torch's letters, or one matrix and one bias per gate as in the article.

    Example:
        >>> parameter_shapes(hand_cell("rnn"), 3)
        {'W_ih': (3, 1), 'W_hh': (3, 3), 'b_ih': (3,), 'b_hh': (3,)}
        >>> parameter_shapes(hand_cell("article_gru"), 3)["W_r"]
        (3, 2)
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for node in recipe.weighted:
        name = _letter(recipe, node)
        if recipe.joined:
            shapes |= {f"W_{name}": (units, 1 + features), f"b_{name}": (units,)}
        else:
            shapes |= {f"W_i{name}": (units, features), f"W_h{name}": (units, units), f"b_i{name}": (units,), f"b_h{name}": (units,)}
    return shapes


def _letter(recipe: Recipe, node: Node) -> str:
    """The article calls the weights of its candidate W_c and b_c, in both cells."""
    return "c" if recipe.joined and node.kind == "candidate" else node.name


def weights_of(recipe: Recipe, parameters: Mapping[str, npt.ArrayLike], features: int = 1) -> dict[str, GateWeights]:
    """The parameters, gate by gate, as what multiplies the input and what multiplies the state.

    Args:
        recipe: the cell.
        parameters: as :func:`parameter_shapes` names them. A matrix of an article's cell is (units, 1 + features): column 0 is
            for the unit's own previous state, the rest for the input; or (units, units + features), where every unit sees all.
        features: numbers per step of the input.

    Raises:
        ConfigError: a parameter is missing or has another shape.
    """
    given = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
    missing = [name for name in parameter_shapes(recipe, 1) if name not in given]
    if missing:
        raise ConfigError(f"{missing[0]} is missing. The {recipe.label} needs: {', '.join(parameter_shapes(recipe, 1))}.")
    units = next((len(value) for name, value in given.items() if name.startswith("b_") and value.ndim == 1), 0)
    wanted = parameter_shapes(recipe, units, features)
    for name, shape in wanted.items():
        every = (units, units + features) if recipe.joined and name.startswith("W") else shape
        if given[name].shape not in {shape, every}:
            also = f", or {every}, where each unit sees the states of all" if every != shape else ""
            raise ConfigError(
                f"{name} has the shape {given[name].shape}. For {units} units and {features} input features it must be {shape}{also}."
            )
    return {node.name: _of_node(recipe, node, given, features) for node in recipe.weighted}


def _of_node(recipe: Recipe, node: Node, given: Mapping[str, Doubles], features: int) -> GateWeights:
    name = _letter(recipe, node)
    if not recipe.joined:
        return GateWeights(
            w_input=given[f"W_i{name}"], w_state=given[f"W_h{name}"], b_input=given[f"b_i{name}"], b_state=given[f"b_h{name}"]
        )
    matrix, bias = given[f"W_{name}"], given[f"b_{name}"]
    seen = matrix.shape[1] - features
    own = seen == 1
    return GateWeights(
        w_input=matrix[:, seen:],
        w_state=np.diag(matrix[:, 0]) if own else matrix[:, :seen],
        b_input=bias,
        b_state=np.zeros(len(bias)),
    )


def work_by_hand(
    cell: str, parameters: Mapping[str, npt.ArrayLike], x: npt.ArrayLike, initial: Mapping[str, npt.ArrayLike] | None = None
) -> dict[str, Doubles]:
    """Every number that a small cell computes over a sequence.

    Args:
        cell: key of :data:`HAND_CELLS`.
        parameters: as :func:`parameter_shapes` names them.
        x: (time,) or (time, features) the inputs.
        initial: state → (units,) before the first step; 0 where not given.

    Returns:
        name → (time, units): states before each step, every gate, candidate, part, state and output, and the sums before
        the activations.

    Raises:
        UnknownKeyError: there is no such cell.
        ConfigError: a parameter, an input or a start value is missing, not finite, or has another shape.

    Example:
        >>> halves = {name: np.zeros(shape) for name, shape in parameter_shapes(hand_cell("lstm"), 1).items()}
        >>> work_by_hand("lstm", halves, [0.0, 0.0], {"c": [1.0]})["c"].ravel().tolist()
        [0.5, 0.25]
    """
    recipe = hand_cell(cell)
    inputs = np.asarray(x, dtype=np.float64)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    if inputs.ndim != 2 or not inputs.size:
        raise ConfigError(f"x must be (time, features) with at least one step; it is {inputs.shape}.")
    weights = weights_of(recipe, parameters, inputs.shape[1])
    units = len(next(iter(weights.values())).b_input)
    for state, values in (initial or {}).items():
        if state not in recipe.states or np.shape(values) != (units,):
            raise ConfigError(
                f"The start value of {state!r} has the shape {np.shape(values)}. The {recipe.label} carries {' and '.join(recipe.states)}, "
                f"each of shape ({units},)."
            )
    return run_recipe(recipe, weights, inputs, initial)


def value_table(x: npt.ArrayLike, values: Mapping[str, Doubles]) -> pd.DataFrame:
    """Every value of every step as a table: one row per step and unit, steps counted from 1 and units from 0.

    Args:
        x: (time,) or (time, features) the inputs.
        values: from :func:`work_by_hand`.

    Example:
        >>> shapes = parameter_shapes(hand_cell("rnn"), 2)
        >>> values = work_by_hand("rnn", {name: np.zeros(shape) for name, shape in shapes.items()}, [1.0, 2.0, 3.0])
        >>> value_table([1.0, 2.0, 3.0], values).shape
        (6, 8)
    """
    inputs = np.asarray(x, dtype=np.float64)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    time, units = next(iter(values.values())).shape
    names = ["x"] if inputs.shape[1] == 1 else [f"x{number}" for number in range(inputs.shape[1])]
    ordered = sorted(values, key=lambda name: name.endswith(("_from_x", "_from_state", "_sum")))  # what is summed up comes last
    columns: dict[str, npt.NDArray[np.generic]] = {
        "step": np.repeat(np.arange(1, time + 1), units),
        "unit": np.tile(np.arange(units), time),
        **{name: np.repeat(inputs[:, place], units) for place, name in enumerate(names)},
        **{name: values[name].ravel() for name in ordered},
    }
    return pd.DataFrame(columns)
