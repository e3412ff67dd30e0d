"""One step in slow motion: the picture of the cell with its numbers, the stage it has reached, a sentence and the equations."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from seqlab.figures.cell_diagram import draw_cell
from seqlab.figures.cell_layout import CELL_LAYOUTS
from seqlab.gates.one_step import GateSum
from seqlab.gates.recipe import BEFORE, Recipe, names_by_stage
from seqlab.ui.step_text import equation, stage_nodes, stage_sentence

__all__ = ["StepPicture", "draw_walk", "scale_of"]

WHOLE = "Whole step"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPicture:
    """One step of one unit, ready to be shown.

    Args:
        key: names the widgets; the stage stands in the address as ``<key>_stage``.
        recipe: the cell.
        values: name → number of this unit; ``x`` as well, if the input is a single number.
        sums: its gates as sums.
        scale: a state of this size is drawn with the thickest line.
        alt: what the picture shows, in plain words.
        note: a sentence below the picture; may be empty.
    """

    key: str
    recipe: Recipe
    values: Mapping[str, float] = field(repr=False)
    sums: tuple[GateSum, ...] = field(repr=False)
    scale: float
    alt: str
    note: str = ""


@st.fragment
def draw_walk(picture: StepPicture) -> None:
    """The walk: choice of the stage, picture and sentence, equations. A click reruns this alone."""
    recipe, key = picture.recipe, f"{picture.key}_stage"
    options = [WHOLE, *(f"{number}. {stage.title}" for number, stage in enumerate(recipe.stages, start=1))]
    place = _choose(key, options)
    stage = recipe.stages[place - 1] if place else None
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _draw_picture(picture, place - 1 if place else None)
        if picture.note:
            st.caption(picture.note)
    with right:
        if stage is None:
            st.markdown(f"All {len(recipe.stages)} stages at once. Step through them with **Next** to see them happen one by one.")
        else:
            st.markdown(f"**Stage {place} of {len(recipe.stages)}.** {stage_sentence(stage, picture.values)}")
        sums = {one.name: one for one in picture.sums}
        for node in stage_nodes(recipe, stage):
            st.latex(equation(node, picture.values, sums.get(node.name)))


def _choose(key: str, options: list[str]) -> int:
    """The stage that is shown; 0 for the whole step."""
    if st.session_state.get(key) not in {None, *options}:
        st.session_state.pop(key)  # another cell's stage
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.segmented_control(
            "Slow motion",
            options,
            default=None if key in st.session_state else WHOLE,
            key=key,
            bind="query-params",
            required=True,
            wrap=True,
        )
        place = options.index(chosen) if chosen in options else 0
        st.button(
            "Back", key=f"{key}_back", icon=":material/arrow_back:", on_click=_go, args=(key, options, place - 1), disabled=place == 0
        )
        st.button(
            "Next", key=f"{key}_next", icon=":material/arrow_forward:", on_click=_go, args=(key, options, place + 1),
            disabled=place == len(options) - 1, type="primary",
        )  # fmt: skip
    return place


def _go(key: str, options: list[str], place: int) -> None:
    st.session_state[key] = options[min(max(place, 0), len(options) - 1)]


def _draw_picture(picture: StepPicture, stage: int | None) -> None:
    recipe = picture.recipe
    if recipe.key not in CELL_LAYOUTS:
        return
    labels = {node.name: f"{node.label} {node.name if len(node.name) == 1 else ''}".strip() for node in recipe.nodes}
    labels |= {state + BEFORE: f"{recipe.node(state).label} of the step before" for state in recipe.states} | {"x": "Input"}
    svg = draw_cell(
        recipe.key, picture.values, names_by_stage(recipe), stage=stage, scale=picture.scale, labels=labels, alt=picture.alt
    )  # fmt: skip
    # Own text and numbers only, escaped where it is made. st.html would strip the picture: it lets HTML pass, not SVG.
    st.markdown(f'<div style="max-width:760px">{svg}</div>', unsafe_allow_html=True)
    st.caption(
        "Green: what a gate lets through. Red and blue: numbers above and below 0. The thicker, the larger; "
        "thin grey lines carry several numbers."
    )


def scale_of(values: Mapping[str, float], recipe: Recipe) -> float:
    """A round size (1, 2, 5, 10, …) that no state of the step exceeds.

    Example:
        >>> from seqlab.gates.hand_table import hand_cell
        >>> scale_of({"c": -2.4, "c_before": 0.5, "h": 0.9, "h_before": 0.1}, hand_cell("lstm"))
        5.0
    """
    sizes = [abs(values.get(name, 0.0)) for state in recipe.states for name in (state, state + BEFORE)]
    largest = max([1.0, *(size for size in sizes if math.isfinite(size))])
    power = 10.0 ** math.floor(math.log10(largest))
    return next(float(step * power) for step in (1, 2, 5, 10) if step * power >= largest)
