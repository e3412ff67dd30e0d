"""What is looked at: part, window, column, layer, direction, unit, step; all of it in the address."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from seqlab.gates.unit_order import UNIT_ORDERS, default_order
from seqlab.ui.messages import escape
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.data.prepare import Prepared

__all__ = [
    "WindowChoice",
    "choose_number",
    "choose_order",
    "choose_stack",
    "choose_step",
    "choose_unit",
    "choose_window",
    "follow_default",
    "note_inputs",
    "one_of",
    "order_labels",
]

PARTS = ("train", "validation", "test")
MOST_ON_SLIDER = 1_000  # of more, a hand cannot find one


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChoice:
    """A window of the data, or a sequence.

    Args:
        part: ``train``, ``validation`` or ``test``.
        window: its number within the part, from 0.
        windows: how many there are.
        column: which target column, from 0; of sequences which feature.
        origin: row of the first forecast step; of sequences the number of the sequence in the data set.
    """

    part: str
    window: int
    windows: int
    column: int
    origin: int


def one_of(label: str, options: list[str], default: str, *, key: str, help: str | None = None) -> str:
    """One of a few options, shown side by side and kept in the address; just ``default`` if there is no choice."""
    if len(options) < 2:
        return default
    chosen = st.segmented_control(label, options, default=default, key=key, help=help, bind="query-params", required=True, wrap=True)
    return chosen if chosen in options else default


def choose_window(prepared: "Prepared") -> WindowChoice:
    """Part, column and window of the data."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        part = one_of("Part", list(PARTS), "test", key="part", help="Only the test part shows what the model does with data it never met.")
        column = 0
        if len(prepared.target_names) > 1:
            names = list(prepared.target_names)
            chosen = st.selectbox("Column", names, key="column", bind="query-params", width=240)
            column = names.index(chosen) if chosen in names else 0
        windows = prepared.windows(part)
        number = choose_number("Window", "window", windows.window_count)
    origin = int(windows.origins[number - 1])
    spec, index = prepared.spec.window, prepared.index
    until = f" to {when(index, origin + spec.horizon - 1)}" if spec.horizon > 1 else ""
    st.caption(
        f"Window {number:,} of {windows.window_count:,} of the {part} part: it reads {when(index, origin - spec.context_length)} to "
        f"{when(index, origin - 1)} and forecasts {when(index, origin)}{until}."
    )
    return WindowChoice(part=part, window=number - 1, windows=windows.window_count, column=column, origin=origin)


def follow_default(key: str, default: object) -> None:
    """Moves a widget to its default, where nobody has chosen anything else.

    Another run, layer or window may have another default. Streamlit keeps the old one's value, which then would look
    chosen, though the address does not hold it. Call it before the widget is drawn.

    Args:
        key: of the widget.
        default: its default now.
    """
    followed = f"{key}_default"
    value = st.session_state.get(key)
    if value is not None and value == st.session_state.get(followed):
        st.session_state[key] = default
    st.session_state[followed] = default


def choose_number(label: str, key: str, count: int, *, first: int | None = None) -> int:
    """A number from 1 to ``count``, kept in the address.

    Args:
        label: what stands above it.
        key: names it in the address.
        count: how many there are.
        first: the number by default; ``None`` for the last one, as it lies farthest from what was trained on.
    """
    if count == 1:
        return 1
    default = count if first is None else first
    follow_default(key, default)
    _keep_within(key, 1, count)
    shared: dict[str, Any] = {"min_value": 1, "max_value": count, "value": default, "step": 1, "key": key, "bind": "query-params"}
    few = count <= MOST_ON_SLIDER
    chosen = st.slider(label, **shared, help="The arrow keys move by one.") if few else st.number_input(label, **shared)
    return min(max(int(chosen or default), 1), count)


def _keep_within(key: str, low: int, high: int) -> None:
    """A value that another run or part left behind is moved into the bounds, which Streamlit would refuse otherwise."""
    value = st.session_state.get(key)
    if value is not None and not low <= value <= high:
        st.session_state[key] = min(max(int(value), low), high)


def choose_stack(num_layers: int, directions: tuple[str, ...], noun: str = "window") -> tuple[int, str]:
    """Layer, from 0, and direction; of a network that reads a ``noun``."""
    layers = [str(number + 1) for number in range(num_layers)]
    layer = one_of("Layer", layers, "1", key="layer", help="Layer 1 reads the data; each further one reads the layer below.")
    direction = one_of(
        "Direction",
        list(directions),
        directions[0],
        key="direction",
        help=f"The backward half reads the {noun} from its end. A column belongs to the same input step in both.",
    )
    return int(layer) - 1, direction


def order_labels(cell: str) -> dict[str, str]:
    """Label → key of the ways in which the units of a cell can be sorted."""
    return {label: key for key, label in UNIT_ORDERS.items() if key != "memory" or default_order(cell) == "memory"}


def choose_order(cell: str, *, by_input: bool = True) -> str:
    """How the units are sorted: a key of ``UNIT_ORDERS``; by their nearness to the input only where that is a number."""
    keys = {label: key for label, key in order_labels(cell).items() if by_input or key != "input"}
    labels = list(keys)
    default = UNIT_ORDERS[default_order(cell)]
    chosen = st.selectbox("Units from top to bottom", labels, labels.index(default), key="order", bind="query-params", width=240)
    return keys.get(chosen, default_order(cell))


def choose_unit(units: list[int]) -> int:
    """One unit of the layer; the first of the order by default."""
    names = [str(unit) for unit in units]
    follow_default("unit", names[0])
    chosen = st.selectbox(
        "Unit", names, key="unit", bind="query-params", width=120, help="It is framed in the heat maps and drawn as lines below."
    )
    return int(chosen) if chosen in names else units[0]


def choose_step(steps: int, noun: str = "window") -> int:
    """The step of a ``noun``'s trace where the cursor stands, from 0; the last one by default, as a forecast is made from it."""
    if steps == 1:
        return 0
    follow_default("step", steps)
    _keep_within("step", 1, steps)
    shared: dict[str, Any] = {"min_value": 1, "max_value": steps, "value": steps, "step": 1, "key": "step", "bind": "query-params"}
    chosen = st.number_input("Step", **shared, width=130, help=f"Where the cursor stands; 1 is the first step of the {noun}.")
    return min(max(int(chosen or steps), 1), steps) - 1


def note_inputs(prepared: "Prepared", column: int = 0) -> str:
    """What else the model reads beside the target column that is drawn; empty if nothing."""
    together = prepared.target_size > 1  # else each target is read by itself
    drawn = (prepared.target_names[column],) if together else prepared.target_names
    others = [name for name in prepared.feature_names if name not in (*drawn, "target")]
    named = [escape(name) for name in others if not name.startswith("calendar:")]
    if len(named) < len(others):
        named.append("the calendar (phase of day, week and year)")
    return f"The model also reads {', '.join(named)}." if named else ""
