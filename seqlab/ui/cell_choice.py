"""The choices of the Cell page: cell, lesson, units and steps, and where to look; all of it in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from seqlab.gates.hand_lesson import HAND_LESSONS, HandLesson
from seqlab.gates.hand_table import HAND_CELLS
from seqlab.gates.recipe import Recipe

__all__ = ["CellChoice", "choose_cell", "choose_place"]

MOST_UNITS, MOST_STEPS = 3, 30
DEFAULT_CELL, DEFAULT_LESSON = "lstm", "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChoice:
    """What the page works on.

    Args:
        recipe: the cell.
        lesson: where the numbers come from.
        units, steps: how many.
    """

    recipe: Recipe
    lesson: HandLesson
    units: int
    steps: int

    @property
    def key(self) -> str:
        """Keeps the numbers typed for one choice apart from those of another."""
        return f"{self.recipe.key}.{self.lesson.key}.{self.units}.{self.steps}"


def choose_cell() -> CellChoice:
    """Cell, lesson, units, steps."""
    cells = {recipe.label: key for key, recipe in HAND_CELLS.items()}
    lessons = {lesson.label: key for key, lesson in HAND_LESSONS.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        cell = _one("Cell", list(cells), HAND_CELLS[DEFAULT_CELL].label, key="hand_cell")
        label = _one("Lesson", list(lessons), HAND_LESSONS[DEFAULT_LESSON].label, key="hand_lesson", on_change=_begin_lesson)
        lesson = HAND_LESSONS[lessons[label]]
        units = _one("Units", [str(number) for number in range(1, MOST_UNITS + 1)], str(lesson.units), key="hand_units")
        steps = _number("Steps", "hand_steps", MOST_STEPS, len(lesson.x))
    return CellChoice(recipe=HAND_CELLS[cells[cell]], lesson=lesson, units=int(units), steps=steps)


def choose_place(choice: CellChoice) -> tuple[int, int]:
    """The unit and the step that are looked at, both from 0."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        unit = 0
        if choice.units > 1:
            unit = int(_one("Unit", [str(number) for number in range(choice.units)], "0", key="hand_unit"))
        step = _number("Step", "hand_step", choice.steps, min(choice.lesson.step + 1, choice.steps)) - 1
    return unit, step


def _begin_lesson() -> None:
    """Another lesson brings its own number of units and steps, and its own step to look at."""
    lesson = next((one for one in HAND_LESSONS.values() if one.label == st.session_state.get("hand_lesson")), None)
    if lesson is not None:
        st.session_state["hand_units"] = str(lesson.units)
        st.session_state["hand_steps"] = len(lesson.x)
        st.session_state["hand_step"] = lesson.step + 1


def _one(label: str, options: list[str], default: str, *, key: str, on_change: Callable[[], None] | None = None) -> str:
    """One of a few, side by side, in the address."""
    if st.session_state.get(key) not in {None, *options}:
        st.session_state.pop(key)
    given: dict[str, Any] = {} if key in st.session_state else {"default": default}
    chosen = st.segmented_control(label, options, key=key, bind="query-params", required=True, wrap=True, on_change=on_change, **given)
    return chosen if chosen in options else default


def _number(label: str, key: str, high: int, default: int) -> int:
    """A number from 1 to ``high``, in the address; one that another choice left behind is moved into the bounds.

    The widget's own limit is always the same: with another limit it would be another widget to Streamlit, and start again from
    the address, whatever a lesson has set.
    """
    kept = st.session_state.get(key)
    if kept is not None:
        st.session_state[key] = min(max(int(kept), 1), high)
    given: dict[str, Any] = {} if key in st.session_state else {"value": default}
    chosen = st.number_input(
        label, min_value=1, max_value=MOST_STEPS, step=1, key=key, bind="query-params", width=130, help=f"From 1 to {high}.", **given
    )  # fmt: skip
    if chosen and chosen > high:  # from an address just opened, which goes before what was kept: only the next run can move it
        st.rerun()
    return int(chosen or default)
