"""The Cell page: a small cell with numbers one can type, every value of every step as curves, as a picture, in equations, as a table."""

import numpy as np
import streamlit as st

from seqlab.errors import SeqlabError
from seqlab.figures.hand_cell import HandLine, HandPanel, plot_hand
from seqlab.gates.hand_cell import value_table, weights_of
from seqlab.gates.hand_lesson import HandProblem, hand_problem
from seqlab.gates.one_step import gate_sums
from seqlab.gates.recipe import BEFORE, Doubles, Recipe, units_of
from seqlab.ui.cell_article import draw_article
from seqlab.ui.cell_choice import CellChoice, choose_cell, choose_place
from seqlab.ui.cell_numbers import edit_numbers
from seqlab.ui.cell_take_away import offer_cell
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.messages import show_error
from seqlab.ui.step_walk import StepPicture, draw_walk, scale_of

__all__ = ["draw_cell_page", "is_changed"]

INTRO = Intro(
    shown=(
        "A cell so small that every number fits on the screen: up to three units, one input per step. "
        "Nothing is trained here; the weights are set by hand, and you may type others."
    ),
    look_for=(
        "Choose a lesson (remember, forget, overwrite, count, latch), see which gate does it, then try it with another cell: "
        "not every cell can do everything."
    ),
    formulas=(
        r"\text{LSTM:}\quad c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)",
        r"\text{GRU:}\quad h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        r"\text{RNN:}\quad h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})",
    ),
    sources=(
        "Equations as in torch's LSTM, GRU and RNN. LSTM: Hochreiter & Schmidhuber 1997, forget gate: Gers et al. 2000.",
        "GRU: Cho et al. 2014, reset after the product as in cuDNN. RNN: Elman 1990.",
        "What counting needs: Weiss et al. 2018, 1805.04908.",
    ),
    myths=(
        ("“z = 1 means: update.”", "In PyTorch z = 1 keeps. Cho et al. 2014 and Chung et al. 2014 print the opposite roles."),
        (
            "“The reset gate acts on the state, before its weights.”",
            "In the paper. In PyTorch it acts after the product: on W h + b, so that the bias is reset as well.",
        ),
        ("“A fresh forget gate remembers.”", "With a bias of 0 it sits at 0.5: half of the memory is gone after one step."),
        ("“A GRU is an LSTM with fewer weights.”", "Not quite: its state is a mean, so it cannot count without end. Try the lesson Count."),
        ("“h is the memory of an LSTM.”", "c is. h is what the cell shows of it; it is bounded even where c is not."),
    ),
)  # fmt: skip

_CAN = {"yes": ":material/check_circle:", "nearly": ":material/adjust:", "no": ":material/block:"}


def draw_cell_page() -> None:
    """All of the page."""
    introduce(INTRO)
    choice = choose_cell()
    setting = choice.lesson.settings[choice.recipe.key]
    st.markdown(f"{_CAN[setting.can]} **{choice.lesson.label}, {choice.recipe.label}.** {setting.said}")
    given = hand_problem(choice.lesson.key, choice.recipe.key, choice.units, choice.steps)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        try:
            problem = edit_numbers(choice.recipe, given, choice.key)
        except SeqlabError as error:
            show_error(error)
            return
        if is_changed(given, problem):
            st.caption(":material/edit: You have changed numbers. What is said about the lesson above holds for its own.")
    unit, step = _draw_curves_and_place(choice, problem, right)
    _draw_step(choice.recipe, problem, unit, step)
    _draw_table(choice.recipe, problem)
    draw_article()


def is_changed(given: HandProblem, problem: HandProblem) -> bool:
    """Whether something was typed that is not in the lesson."""
    pairs = [
        (given.x, problem.x),
        *((given.initial[state], value) for state, value in problem.initial.items()),
        *((given.parameters[name], value) for name, value in problem.parameters.items()),
    ]
    return not all(np.array_equal(before, after) for before, after in pairs)


def _draw_curves_and_place(choice: CellChoice, problem: HandProblem, place: "st.delta_generator.DeltaGenerator") -> tuple[int, int]:
    values = problem.work()
    with place:
        unit, step = choose_place(choice)
        show_figure(
            plot_hand(_panels(choice.recipe, problem, values), unit=unit, step=step),
            key="hand_curves",
            alt=f"Input, gates and states of the {choice.recipe.label} over {choice.steps} steps",
        )
        for sentence in _reading(choice.recipe, problem, values, unit):
            st.caption(sentence)
    return unit, step


def _panels(recipe: Recipe, problem: HandProblem, values: dict[str, Doubles]) -> list[HandPanel]:
    def lines(*kinds: str) -> tuple[HandLine, ...]:
        return tuple(HandLine(name=node.name, values=values[node.name]) for node in recipe.nodes if node.kind in kinds)

    states = tuple(HandLine(name=state, values=np.concatenate([problem.initial[state][None], values[state]])) for state in recipe.states)
    shown = tuple(line for line in lines("candidate", "output") if line.name not in recipe.states)
    return [
        HandPanel(title="Input", lines=(HandLine(name="x", values=problem.x),)),
        HandPanel(title="Gates", lines=lines("gate"), low=0.0, high=1.0),
        HandPanel(title="Candidate and output" if recipe.output not in recipe.states else "Candidate", lines=shown, low=-1.0, high=1.0),
        HandPanel(title="State, carried from step to step", lines=states, first=0),
    ]


def _reading(recipe: Recipe, problem: HandProblem, values: dict[str, Doubles], unit: int) -> list[str]:
    """What became of the memory: from the start to the last step, measured."""
    state = recipe.states[0] if recipe.key != "article_gru" else "h"
    begin, end = float(problem.initial[state][unit]), float(values[state][-1, unit])
    kept = ""
    if begin and np.isfinite(end):
        kept = f", {100 * end / begin:,.1f} % of it".replace("-", "−")
    said = [f"Unit {unit}: {state} starts at {begin:.4g} and is {end:.4g} after step {len(problem.x)}{kept}.".replace("-", "−")]
    if problem.units > 1:
        said.append("Strong lines: the chosen unit. Dotted: the other units.")
    return said


def _draw_step(recipe: Recipe, problem: HandProblem, unit: int, step: int) -> None:
    st.subheader(f"Step {step + 1}, with the numbers of unit {unit}", anchor=False)
    values = {name: each[step] for name, each in problem.work().items()}
    of_unit = units_of(values, unit) | {"x": float(problem.x[step, 0])}
    sums = gate_sums(recipe, weights_of(recipe, problem.parameters), problem.x[step], values, unit, inputs=["x"])
    draw_walk(
        StepPicture(
            key="hand",
            recipe=recipe,
            values=of_unit,
            sums=sums,
            scale=scale_of(of_unit, recipe),
            alt=f"The {recipe.label} cell at step {step + 1}, with the numbers of unit {unit} on its lines",
        )
    )


def _draw_table(recipe: Recipe, problem: HandProblem) -> None:
    st.subheader("Every value of every step", anchor=False)
    table = value_table(problem.x, problem.work())
    labels = {node.name: f"{node.label}: {node.symbols}" for node in recipe.nodes}
    for node in recipe.weighted:
        labels |= {
            f"{node.name}_from_x": f"What the input adds to {node.name}, with its bias",
            f"{node.name}_from_state": f"What the last states add to {node.name}, with their bias",
            f"{node.name}_sum": f"What {'σ' if node.activation == 'sigmoid' else 'tanh'} of {node.name} reads",
        }
    labels |= {state + BEFORE: f"{state} of the step before" for state in recipe.states}
    st.dataframe(
        table,
        hide_index=True,
        key="hand_table",
        height=min(38 + 35 * len(table), 420),
        column_config={
            name: st.column_config.NumberColumn(format="%.6f", help=labels.get(name))
            for name in table.columns
            if name not in {"step", "unit"}
        },
    )
    offer_cell(problem)
