"""The tables in which inputs, start values, weights and biases of a small cell are typed, and what stands in them."""

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.errors import ConfigError
from seqlab.gates.hand_lesson import HandProblem
from seqlab.gates.recipe import Doubles, Recipe

__all__ = ["LARGEST", "edit_numbers", "input_frame", "read_problem", "start_frame", "weight_frame"]

LARGEST = 1_000.0
ROW = 30  # pixels; every row is shown, as a table that scrolls hides numbers
_VERSION = "hand_version"


def edit_numbers(recipe: Recipe, given: HandProblem, key: str) -> HandProblem:
    """Draws the tables, filled with a lesson's numbers, and reads what the user made of them.

    Args:
        recipe: the cell.
        given: the numbers to start from.
        key: keeps what was typed for one choice apart from another.

    Raises:
        ConfigError: a number is missing or too large.
    """
    key = f"{key}.{st.session_state.get(_VERSION, 0)}"
    number = st.column_config.NumberColumn(format="%g", required=True, width=58)

    def edit(label: str, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        st.caption(label)
        columns = dict.fromkeys(frame.columns, number)
        return st.data_editor(
            frame, key=f"{name}.{key}", column_config=columns, width="content", row_height=ROW, height=ROW * (len(frame) + 1) + 3
        )

    x = edit("**Inputs**, one per step", input_frame(given), "hand_x")
    start = edit("**Start values**: the state before step 1", start_frame(recipe, given), "hand_start")
    weights = edit(f"**Weights and biases**: {_columns_in_words(recipe, given.units)}", weight_frame(recipe, given), "hand_weights")
    st.button(
        "Back to the lesson's numbers", icon=":material/undo:", key="hand_reset", type="tertiary", on_click=_reset,
        help="Undoes everything that was typed.",
    )  # fmt: skip
    return read_problem(recipe, x, start, weights)


def _reset() -> None:
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _columns_in_words(recipe: Recipe, units: int) -> str:
    if recipe.joined:
        return "a row per gate and unit; *own* multiplies the unit's own previous state, *x* the input, *b* is added."
    states = "*h0*" if units == 1 else f"*h0* to *h{units - 1}*"
    return f"a row per gate and unit; *x* multiplies the input, {states} the last output of each unit; *b_i* and *b_h* are added."


def input_frame(problem: HandProblem) -> pd.DataFrame:
    """One row, a column per step."""
    return pd.DataFrame(problem.x.T, index=["x"], columns=[str(step + 1) for step in range(len(problem.x))])


def start_frame(recipe: Recipe, problem: HandProblem) -> pd.DataFrame:
    """A row per state, a column per unit."""
    return pd.DataFrame(
        [problem.initial[state] for state in recipe.states],
        index=list(recipe.states),
        columns=[f"unit {unit}" for unit in range(problem.units)],
    )


def weight_frame(recipe: Recipe, problem: HandProblem) -> pd.DataFrame:
    """A row per gate and unit; columns as :func:`_columns_in_words` says."""
    rows, index = [], []
    for node in recipe.weighted:
        for unit in range(problem.units):
            rows.append(_row(recipe, problem, node.name, unit))
            index.append(f"{node.name}, unit {unit}" if problem.units > 1 else node.name)
    return pd.DataFrame(rows, index=index, columns=_columns(recipe, problem.units))


def _columns(recipe: Recipe, units: int) -> list[str]:
    return ["own", "x", "b"] if recipe.joined else ["x", *(f"h{unit}" for unit in range(units)), "b_i", "b_h"]


def _letter(recipe: Recipe, gate: str) -> str:
    return "c" if recipe.joined and recipe.node(gate).kind == "candidate" else gate


def _row(recipe: Recipe, problem: HandProblem, gate: str, unit: int) -> list[float]:
    its, name = problem.parameters, _letter(recipe, gate)
    if recipe.joined:
        return [*its[f"W_{name}"][unit], its[f"b_{name}"][unit]]
    return [*its[f"W_i{name}"][unit], *its[f"W_h{name}"][unit], its[f"b_i{name}"][unit], its[f"b_h{name}"][unit]]


def read_problem(recipe: Recipe, x: pd.DataFrame, start: pd.DataFrame, weights: pd.DataFrame) -> HandProblem:
    """The numbers of three tables.

    Args:
        recipe: the cell.
        x, start, weights: as :func:`input_frame`, :func:`start_frame` and :func:`weight_frame` make them.

    Raises:
        ConfigError: a number is missing, not finite or too large.
    """
    inputs, begin = _numbers(x, "input at step {column}"), _numbers(start, "start value of {row}, {column}")
    every = _numbers(weights, "number {column} of gate {row}")
    units = begin.shape[1]
    parameters: dict[str, Doubles] = {}
    for place, node in enumerate(recipe.weighted):
        block, name = every[place * units : (place + 1) * units], _letter(recipe, node.name)
        if recipe.joined:
            parameters |= {f"W_{name}": block[:, :2], f"b_{name}": block[:, 2]}
        else:
            parameters |= {f"W_i{name}": block[:, :1], f"W_h{name}": block[:, 1 : 1 + units]}
            parameters |= {f"b_i{name}": block[:, -2], f"b_h{name}": block[:, -1]}
    initial = {state: begin[place] for place, state in enumerate(recipe.states)}
    return HandProblem(cell=recipe.key, parameters=parameters, x=inputs.T, initial=initial)


def _numbers(frame: pd.DataFrame, what: str) -> Doubles:
    values: Doubles = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.argwhere(~(np.abs(values) <= LARGEST))
    if len(wrong):
        row, column = wrong[0]
        named = what.format(row=frame.index[row], column=frame.columns[column])
        given = "is empty" if not np.isfinite(values[row, column]) else f"is {values[row, column]:g}"
        raise ConfigError(f"The {named} {given}. Type a number from −{LARGEST:,.0f} to {LARGEST:,.0f}.")
    return values
