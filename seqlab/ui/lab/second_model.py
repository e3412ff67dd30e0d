"""The second model beside the one that is looked at: which run, and which of its windows shows the same dates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from seqlab.data.prepare import Prepared
from seqlab.gates.unit_order import UNIT_ORDERS, default_order, order_units
from seqlab.records import GateTrace
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.bench import Bench, drawn_input, samples_around
from seqlab.ui.lab.choice import PARTS, WindowChoice
from seqlab.ui.opened import open_windows
from seqlab.ui.supervision import store

if TYPE_CHECKING:
    from seqlab.data.prepare_sequences import PreparedSequences
    from seqlab.training.fitted import Fitted

__all__ = ["Alignment", "align", "choose_second", "open_beside", "same_step", "step_beside"]

MOST_RUNS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which window of the second model is shown.

    Args:
        choice: the window.
        same_dates: whether it forecasts from the same row of the same data.
        said: what differs, in sentences.
    """

    choice: WindowChoice
    same_dates: bool
    said: tuple[str, ...]


def choose_second(run: RunSummary) -> RunSummary | None:
    """A menu of the other runs that have a model, bound to the address; ``None`` if there are none.

    An option is the run's name with the end of its id: Streamlit keeps the text of an option in the address.
    """
    others = [
        other
        for other in store().list()[:MOST_RUNS]
        if other.run_id != run.run_id and other.result and other.folder.has_model and other.spec.model.network != "cnn"  # it has no gates
    ]
    names = {other.name if other.read_only else f"{other.name} · {other.run_id[-6:]}": other for other in others}
    if not names:
        return None
    alike = [name for name, other in names.items() if other.spec.dataset == run.spec.dataset]
    first = next(iter(alike or names))
    chosen = st.selectbox(
        "Second model", list(names), list(names).index(first), key="pair_run", bind="query-params", width=420,
        help="Any other run with a trained model. The first model is the one chosen in the sidebar.",
    )  # fmt: skip
    return names.get(chosen, names[first])


def align(bench: Bench, second: "Fitted") -> Alignment:
    """The second model's window that forecasts from the same date, or else one of its own.

    Args:
        bench: the first model, with the window on the screen.
        second: the second model.
    """
    if not isinstance(second.prepared, Prepared) or not bench.of_series:
        return _align_sequences(bench, second)
    prepared = second.prepared
    if not _same_data(bench.fitted.prepared, prepared):
        return _own_window(second, "It was trained on other data: its last test window is shown.")
    said = []
    name = bench.fitted.prepared.target_names[bench.choice.column]
    column = prepared.target_names.index(name) if name in prepared.target_names else 0
    if name not in prepared.target_names:
        said.append(f"It does not forecast {name}; shown is {prepared.target_names[0]}.")
    part, window, origin = _nearest(prepared, bench.choice)
    if origin != bench.choice.origin:
        said.append("It has no window that forecasts from the same date, so its nearest one is shown.")
    elif part != bench.choice.part:
        said.append(f"For this model the window lies in its {part} part.")
    ours, theirs = bench.fitted.spec.window, second.spec.window
    differing = []
    if theirs.context_length != ours.context_length:
        differing.append(f"reads {theirs.context_length:,} steps instead of {ours.context_length:,}")
    if theirs.horizon != ours.horizon:
        differing.append(f"forecasts {theirs.horizon:,} instead of {ours.horizon:,}")
    if differing:
        said.append(f"It {' and '.join(differing)}.")
    choice = WindowChoice(part=part, window=window, windows=prepared.windows(part).window_count, column=column, origin=origin)
    return Alignment(choice=choice, same_dates=origin == bench.choice.origin, said=tuple(said))


def _own_window(second: "Fitted", said: str) -> Alignment:
    """One of the second model's own, as nothing of it is the first model's: the last window of its test part, or its first sequence."""
    windows = second.prepared.windows("test")
    window = windows.window_count - 1 if isinstance(second.prepared, Prepared) else 0
    choice = WindowChoice(part="test", window=window, windows=windows.window_count, column=0, origin=int(windows.origins[window]))
    return Alignment(choice=choice, same_dates=False, said=(said,))


def _align_sequences(bench: Bench, second: "Fitted") -> Alignment:
    """The same sequence of the same data, in whichever part the second model has it."""
    prepared = second.prepared
    if bench.of_series or isinstance(prepared, Prepared) or not _same_data(bench.fitted.prepared, prepared):
        return _own_window(second, "It was trained on other data: one of its own is shown.")
    for part in dict.fromkeys((bench.choice.part, *PARTS)):
        windows = prepared.windows(part)
        found = np.flatnonzero(windows.origins == bench.choice.origin)
        if len(found):
            column = min(bench.choice.column, len(prepared.feature_names) - 1)
            choice = WindowChoice(
                part=part, window=int(found[0]), windows=windows.window_count, column=column, origin=bench.choice.origin
            )  # fmt: skip
            elsewhere = () if part == bench.choice.part else (f"For this model the {bench.noun} lies in its {part} part.",)
            return Alignment(choice=choice, same_dates=True, said=elsewhere)
    return _own_window(second, f"It does not have this {bench.noun}: one of its own is shown.")


def _same_data(first: "Prepared | PreparedSequences", second: "Prepared | PreparedSequences") -> bool:
    return first.dataset.fingerprint == second.dataset.fingerprint


def _nearest(prepared: "Prepared", wanted: WindowChoice) -> tuple[str, int, int]:
    """Part, window and origin nearest to an origin; of equally near ones that of the same part."""
    found = []
    for part in PARTS:
        origins = prepared.windows(part).origins
        window = int(np.abs(origins - wanted.origin).argmin())
        found.append((abs(int(origins[window]) - wanted.origin), part != wanted.part, part, window, int(origins[window])))
    _, _, part, window, origin = min(found)
    return part, window, origin


def open_beside(bench: Bench, run: RunSummary, second: "Fitted", alignment: Alignment, *, unit: int | None = None) -> Bench:
    """A bench of the second model whose cursor stands at the same date as that of the first, where both read it.

    Args:
        bench: the first model.
        run, second: the second model.
        alignment: which of its windows is shown.
        unit: the unit that was picked in it; its first one in the order of its layer if there is no such unit.

    Raises:
        SeqlabError: the model cannot be opened over this window.
    """
    samples = samples_around(second, alignment.choice)
    opened = open_windows(run.folder, alignment.choice.part, samples)
    trace = opened.trace
    layer = min(bench.layer, trace.num_layers - 1)
    direction = bench.direction if bench.direction in trace.directions else trace.directions[0]
    asked = {label: key for key, label in UNIT_ORDERS.items()}.get(st.session_state.get("order", ""), default_order(trace.cell))
    ordered = order_units(trace, layer, direction, asked, series=opened.x[:, :, drawn_input(second, alignment.choice)])
    return Bench(
        run=run,
        fitted=second,
        choice=alignment.choice,
        samples=samples,
        opened=opened,
        layer=layer,
        direction=direction,
        ordered=ordered,
        unit=int(ordered.units[0]) if unit is None or unit not in ordered.units else unit,
        step=_step(bench, trace),
    )


def _step(bench: Bench, trace: GateTrace) -> int:
    """Where the cursor of the second model stands."""
    length, steps = trace.segment_length, trace.steps()
    if bench.of_series:
        return step_beside(bench.step, bench.steps, bench.trace.segment_length, steps, length)
    return same_step(bench.step, bench.trace.segment_length, steps, length)


def same_step(step: int, length: int, other_steps: int, other_length: int) -> int:
    """The step of another trace of the same sequence that reads the same place, counted from its beginning.

    Args:
        step, length: a step, from 0, of a trace whose steps read so many steps of the sequence.
        other_steps, other_length: of the other trace.

    Example:
        >>> same_step(5, 1, 10, 2), same_step(2, 2, 10, 1), same_step(9, 1, 3, 1)
        (2, 5, 2)
    """
    return min(max(0, ((step + 1) * length - 1) // other_length), other_steps - 1)


def step_beside(step: int, steps: int, length: int, other_steps: int, other_length: int) -> int:
    """The step of another trace that reads the same place, counted back from the first step that is forecast.

    Args:
        step, steps, length: a step, from 0, of a trace with so many steps of so many rows each.
        other_steps, other_length: of the other trace.

    Example:
        >>> step_beside(23, 24, 1, 36, 1), step_beside(0, 24, 1, 36, 1), step_beside(0, 36, 1, 24, 1), step_beside(19, 24, 1, 6, 4)
        (35, 12, 0, 4)
    """
    rows_before_forecast = (steps - 1 - step) * length
    return min(max(0, other_steps - 1 - rows_before_forecast // other_length), other_steps - 1)
