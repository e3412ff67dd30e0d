"""The path of the state: where the memory goes while the window is read, in the directions in which it moves most."""

import dataclasses

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.trajectory import faint_windows, plot_components, plot_trajectory, stretched
from seqlab.gates.trajectory import Trajectory, project_states
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.state_path import has_phase, largest_units, path_picture, states_of
from seqlab.ui.lab.take_away import offer

__all__ = ["draw"]

PLANES = {"1 and 2": (0, 1), "1 and 3": (0, 2), "2 and 3": (1, 2)}

INTRO = Intro(
    shown=(
        "At every step the state is a list of numbers, one per unit: a point in a space with as many directions as there are units. "
        "Here this space is turned until the directions in which the state moves most lie on the screen; drawn is the path of the point."
    ),
    look_for=(
        "Look for loops (the state returns every season), for a slow drift (something is being counted), and for places where all "
        "windows end up: there the past is forgotten."
    ),
    formulas=(
        r"S - \bar S = U \Sigma V^\top \qquad p_k = (s_t - \bar s)\cdot v_k",
        r"\text{share}_k = \sigma_k^2 \big/ \textstyle\sum_j \sigma_j^2",
    ),
    sources=(
        "Principal components: Pearson 1901; Jolliffe 2002, Principal Component Analysis.",
        "The rows of S are the states of all windows and steps; v_k, a column of V, is component k.",
        "A component and its mirror image are equally good: the sign is chosen so that the unit with the largest weight counts upward.",
        "Paths of states as a way to read recurrent networks: Sussillo & Barak 2013, Neural Computation 25(3).",
    ),
    myths=(
        (
            "“A component is a unit.”",
            "It is a weighted mixture of all of them; the units that weigh most are named below the picture.",
        ),
        (
            "“A closed loop proves that the network has learned the season.”",
            "Not by itself: the input goes round too, and drags the state along, even in an untrained network. Compare with the loss.",
        ),
        (
            "“What is not in the picture does not matter.”",
            "The share on each axis says how much is seen. A direction in which the state hardly moves can still decide the forecast.",
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    look_for=(
        "Look for places where sequences of one class end up together, for a slow drift (something is being counted), and for places "
        "where all of them end up: there the past is forgotten."
    ),
    sources=tuple(source.replace("windows", "sequences") for source in INTRO.sources),
    myths=(
        INTRO.myths[0],
        (
            "“Where the path turns, something was decided.”",
            "Not by itself: the input drags the state along, even in an untrained network. Compare with the probability of the answer.",
        ),
        (
            INTRO.myths[2][0],
            "The share on each axis says how much is seen. A direction in which the state hardly moves can still decide the answer.",
        ),
    ),
)

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.trajectory import project_states

trace = seqlab.trace_gates(fitted.model, x)
seen = project_states(trace.values({state!r}, layer, direction), inside=trace.inside())
print("explained share:", seen.share)
windows, steps, components = seen.projections.shape
table = pd.DataFrame(seen.projections.reshape(-1, components), columns=["component_1", "component_2", "component_3"])
table.insert(0, "step", np.tile(np.arange(1, steps + 1), windows))
table.insert(0, "window", np.repeat(np.arange(1, windows + 1), steps))  # 1 is the window on the screen
"""


def draw(bench: Bench) -> None:
    """Choices, the path in a plane and over time, what the components are made of."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    states = states_of(bench.trace.cell)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        state = states[one_of("State", list(states), next(iter(states)), key="trajectory_state")]
        across, up = PLANES[one_of("Components across and up", list(PLANES), "1 and 2", key="trajectory_plane")]
        colours = ["Step", "Season"] if has_phase(bench) else ["Step"]
        colour = one_of("Colour", colours, "Step", key="trajectory_colour", help="Season: points of one colour are at the same phase.")
    seen = project_states(bench.trace.values(state, bench.layer, bench.direction), inside=bench.trace.inside())
    info = path_picture(seen, bench, by_phase=colour == "Season")
    windows = len(seen.projections)
    st.caption(_reading(seen, windows, bench) + _farthest(bench.values(state)[0], bench.noun))
    with st.grid(2, min_column_width=420):
        show_figure(
            plot_trajectory(info, across=across, up=up),
            key="trajectory_plane_figure",
            alt=f"Path of the state {state} in the plane of components {across + 1} and {up + 1}, from the first step to the last",
        )
        show_figure(plot_components(info), key="trajectory_time_figure", alt="The three largest components of the state over time")
    if windows > 1:
        st.caption(_what_is_drawn(windows, info.projections.shape[1], bench.noun))
        if not bench.of_series:
            st.caption(f"Of longer {bench.noun}s as many steps are drawn as this one has; all of their steps count for the components.")
    if stretched(info, across, up):
        st.caption("One direction is far shorter than the other and has been stretched; else the path would be a line.")
    if seen.note and seen.share.any():
        st.caption(seen.note)
    if bench.direction == "backward":
        st.caption("The backward half reads from the last step to the first, so its path begins at the diamond.")
    offer(bench, "trajectory", lambda: _table(seen), SCRIPT.format(state=state))


def _what_is_drawn(windows: int, steps: int, noun: str = "window") -> str:
    """Whose paths and bands the pictures show."""
    others, drawn = windows - 1, len(faint_windows(windows, steps))
    said = f"{drawn} of the {others} other {noun}s, which are" if drawn < others else f"{others} other {noun}{'' if others == 1 else 's'}"
    return (
        f"Bold: this {noun}. Grey paths: {said} spread over the part. Bands: the middle 80 % of all {windows} {noun}s at the same step "
        f"of the {noun}."
    )


def _reading(seen: Trajectory, windows: int, bench: Bench) -> str:
    if not seen.share.any():
        return seen.note
    steps, hidden = seen.projections.shape[1], seen.loadings.shape[1]
    first = float(seen.share[:2].sum())
    said = (
        f"The first two components hold {100 * first:.0f} % of the spread of {hidden:,} unit{'' if hidden == 1 else 's'} over "
        f"{windows:,} {bench.noun}{'' if windows == 1 else 's'}"
        + (f" of {steps:,} step{'' if steps == 1 else 's'}. " if bench.of_series else f" with {int(bench.trace.inside().sum()):,} steps. ")
    )
    made = [f"Component {k + 1} is mostly {largest_units(seen, k)}" for k in range(2) if seen.share[k] > 0]
    return said + "; c".join([made[0], *[text[1:] for text in made[1:]]]) + "."


def _farthest(state: npt.NDArray[np.floating], noun: str = "window") -> str:
    """Where the (step, hidden) state moves farthest: in all of its directions, of which the pictures show three."""
    moved = np.linalg.norm(np.diff(state, axis=0), axis=1)
    if not len(moved) or not moved.max() > 0:
        return ""
    step = int(moved.argmax())
    return f" In this {noun} the state moves farthest from step {step + 1:,} to step {step + 2:,}."


def _table(seen: Trajectory) -> pd.DataFrame:
    windows, steps, components = seen.projections.shape
    table = pd.DataFrame(seen.projections.reshape(-1, components), columns=[f"component_{k + 1}" for k in range(components)])
    table.insert(0, "step", np.tile(np.arange(1, steps + 1), windows))
    table.insert(0, "window", np.repeat(np.arange(1, windows + 1), steps))
    return table
