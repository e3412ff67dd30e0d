"""The ledger of the memory view: one unit over the window, one step taken apart, all units at the cursor."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.ledger import (
    LedgerInfo,
    StepInfo,
    drawn_rows,
    plot_content_by_age,
    plot_step_content,
    plot_step_units,
    plot_unit_ledger,
)
from seqlab.gates.ledger import StepLedger, UnitLedger, content_by_age, step_ledger, unit_ledger
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.check import draw_check
from seqlab.ui.lab.reading import labels_of, read_name, read_series, words_of
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape

__all__ = ["draw_ledger"]

NAMED = 3
SHOWN = 120  # steps on the axes at first: of longer ledgers the past would be a sliver

UNIT_SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.ledger import unit_ledger

ledger = unit_ledger(seqlab.trace_gates(fitted.model, x[:1]), layer, direction, unit=unit)
print("completeness error:", ledger.error)
rows, columns = len(ledger.rows), len(ledger.columns)
table = pd.DataFrame({
    "step": np.repeat(ledger.rows + 1, columns),
    "written_from_step": np.tile(ledger.columns[:, 0] + 1, rows),
    "written_to_step": np.tile(ledger.columns[:, 1] + 1, rows),
    "content": ledger.content.ravel(),
    "state": np.repeat(ledger.state, columns),
})
"""

STEP_SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.ledger import step_ledger

ledger = step_ledger(seqlab.trace_gates(fitted.model, x[:1]), layer, direction, step=step)
print("completeness error:", ledger.error)
units, steps = ledger.content.shape
table = pd.DataFrame({
    "unit": np.repeat(np.arange(units), steps),
    "written_at_step": np.tile(np.arange(1, steps + 1), units),
    "written": ledger.written.ravel(),
    "left": ledger.left.ravel(),
    "content": ledger.content.ravel(),
    "state": np.repeat(ledger.state, steps),
})
"""


def draw_ledger(bench: Bench) -> None:
    """Reading, pictures, check and numbers of the ledger."""
    whole = unit_ledger(bench.trace, bench.layer, bench.direction, unit=bench.unit)
    at = step_ledger(bench.trace, bench.layer, bench.direction, step=bench.step)
    ages = content_by_age(bench.trace, bench.layer, bench.direction, unit=bench.unit, step=bench.step)
    state, labels = bench.entry.kept_state, labels_of(bench)
    if bench.trace.lengths is not None:
        ages = ages[bench.trace.lengths > bench.step]  # shorter sequences do not reach the step
    parts = StepInfo(
        content=at.content[bench.order],
        units=bench.order,
        unit=bench.unit,
        series=read_series(bench),
        series_name=read_name(bench),
        labels=labels,
        words=words_of(bench),
        state=state,
        step=bench.step,
        shown=shown_steps(bench.step, bench.steps, backward=bench.direction == "backward"),
    )
    st.markdown(f"**Ledger of unit {bench.unit}**")
    for sentence in [_largest(bench, at, parts), _recent(ages[0]), *_what_a_step_is(bench, whole)]:
        st.caption(sentence)
    _draw_unit(bench, whole, parts)
    _draw_check(bench, whole, at)
    offer(bench, "ledger_unit", lambda: _unit_table(whole), UNIT_SCRIPT)
    st.markdown(f"**All units at step {bench.step + 1:,}**")
    _draw_step(bench, parts, ages)
    offer(bench, "ledger_step", lambda: _step_table(at), STEP_SCRIPT)


def shown_steps(step: int, steps: int, *, backward: bool, most: int = SHOWN) -> tuple[int, int] | None:
    """First and last step to show at first: those before the cursor, as the direction reads; ``None`` for all.

    Example:
        >>> shown_steps(500, 960, backward=False), shown_steps(5, 960, backward=False), shown_steps(5, 36, backward=False)
        ((381, 500), (0, 119), None)
    """
    if steps <= most:
        return None
    first = min(step, steps - most) if backward else max(0, step - most + 1)
    return first, first + most - 1


def _draw_unit(bench: Bench, whole: UnitLedger, parts: StepInfo) -> None:
    info = LedgerInfo(
        content=whole.content,
        rows=whole.rows,
        columns=whole.columns,
        labels=parts.labels,
        state=parts.state,
        unit=bench.unit,
        step=bench.step,
        backward=bench.direction == "backward",
        shown=parts.shown,
        words=parts.words,
    )
    beside_whole, beside_step = _what_is_drawn(parts, whole.pooled, read=bool(parts.series_name))
    with st.grid(2, min_column_width=420):
        with st.container():
            st.caption(beside_whole)
            show_figure(plot_unit_ledger(info), key="memory_ledger", alt=f"Ledger of unit {bench.unit}: step looked at by step written")
        with st.container():
            st.caption(beside_step)
            show_figure(plot_step_content(parts), key="memory_step", alt=f"What unit {bench.unit} holds at the cursor, by step written")


def _what_is_drawn(parts: StepInfo, pooled: int, *, read: bool = True) -> tuple[str, str]:
    """What the ledger and the bars beside it show; of a long window only one in so many steps has a row, so the cursor's may not."""
    framed, alone = ("The cursor's row", "The framed row") if pooled == 1 else ("The row nearest to the cursor", "The cursor's step")
    return (
        f"Every row is one step: what {parts.state} of unit {parts.unit} was made of then. {framed} is framed.",
        f"{alone} alone: {parts.state} at step {parts.step + 1:,} is the sum of these bars.{' Above: what was read.' if read else ''}",
    )


def _draw_step(bench: Bench, parts: StepInfo, ages: npt.NDArray[np.float64]) -> None:
    with st.grid(2, min_column_width=420):
        with st.container():
            st.caption(_which_units(parts))
            show_figure(plot_step_units(parts), key="memory_units", alt="What every unit holds at the cursor, by step written")
        with st.container():
            st.caption(
                f"How old is what unit {bench.unit} holds at step {bench.step + 1:,}? Here {len(ages)} "
                f"{bench.noun}{'' if len(ages) == 1 else 's'} of the part are asked: one {bench.noun} alone proves nothing."
            )
            show_figure(
                plot_content_by_age(ages, state=parts.state, shown=SHOWN if parts.shown else None, noun=bench.noun),
                key="memory_ages",
                alt=f"Content by age, this {bench.noun} and others",
            )


def _which_units(parts: StepInfo) -> str:
    """Which units have a row."""
    rows = drawn_rows(parts)
    if len(rows) == len(parts.units):
        return "A row per unit, in the order chosen above; the picked one is framed."
    last = int(rows[-1]) + 1
    if last > len(rows):
        return f"The first {len(rows) - 1} of {len(parts.units):,} units in the order chosen above, and the picked one, which is framed."
    return f"The first {len(rows)} of {len(parts.units):,} units in the order chosen above; the picked one is framed."


def _largest(bench: Bench, at: StepLedger, parts: StepInfo) -> str:
    """The state, and the steps that wrote most of it."""
    content = at.content[bench.unit]
    named = []
    for step in np.argsort(-np.abs(content), kind="stable")[:NAMED]:
        if content[step]:
            was = f"{parts.series[step]:,.6g}".replace("-", "−")
            read = f", when {escape(parts.series_name)} was {was}" if np.isfinite(parts.series[step]) else ""
            named.append(f"{_signed(content[step])} written at {escape(parts.labels[step])}{read}")
    said = f"At {escape(parts.labels[bench.step])}, {parts.state} of unit {bench.unit} is {_signed(at.state[bench.unit])}."
    return said + (f" Its largest part{'s' if len(named) > 1 else ''}: {'; '.join(named)}." if named else " Nothing is in it yet.")


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


def _recent(ages: npt.NDArray[np.float64]) -> str:
    """How many steps back nine tenths of the content reach.

    Example:
        >>> _recent(np.array([0.5, -0.3, 0.2]))
        'Nine tenths of what it holds (by size, signs ignored) were written in its last 3 steps.'
    """
    size = np.cumsum(np.abs(ages))
    enough = int(np.searchsorted(size, 0.9 * size[-1])) + 1
    last = "step" if enough == 1 else f"{enough:,} steps"
    return f"Nine tenths of what it holds (by size, signs ignored) were written in its last {last}."


def _what_a_step_is(bench: Bench, whole: UnitLedger) -> Sequence[str]:
    said = []
    if whole.pooled > 1:
        said.append(
            f"{bench.steps:,} steps would not fit the screen: one in {whole.pooled} is looked at, and a column adds up what "
            f"{whole.pooled} of them wrote."
        )
    if bench.steps > SHOWN:
        said.append(f"The pictures begin with the {SHOWN} steps up to the cursor; a double click on one shows the whole {bench.noun}.")
    if bench.trace.segment_length > 1:
        said.append(f"A step is a segment of {bench.trace.segment_length} rows of the data; the series shows its mean.")
    if bench.direction == "backward":
        said.append("The backward half reads from the last step to the first: what it holds at a step was written at later steps.")
    return said


def _draw_check(bench: Bench, whole: UnitLedger, at: StepLedger) -> None:
    error = max(whole.error, at.error) if np.isfinite([whole.error, at.error]).all() else np.nan
    state = bench.entry.kept_state
    draw_check(
        error,
        held=(
            f"the parts add up to {state}; largest |Σ − {state}| / max(1, |{state}|) = {error:.2g}, over all steps of unit {bench.unit} "
            f"and all {at.content.shape[0]:,} units at step {bench.step + 1:,}."
        ),
        broken=f"The ledger is not complete: its parts differ from {state} by up to",
    )


def _unit_table(ledger: UnitLedger) -> pd.DataFrame:
    rows, columns = len(ledger.rows), len(ledger.columns)
    return pd.DataFrame(
        {
            "step": np.repeat(ledger.rows + 1, columns),
            "written_from_step": np.tile(ledger.columns[:, 0] + 1, rows),
            "written_to_step": np.tile(ledger.columns[:, 1] + 1, rows),
            "content": ledger.content.ravel(),
            "state": np.repeat(ledger.state, columns),
        }
    )


def _step_table(ledger: StepLedger) -> pd.DataFrame:
    units, steps = ledger.content.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), steps),
            "written_at_step": np.tile(np.arange(1, steps + 1), units),
            "written": ledger.written.ravel(),
            "left": ledger.left.ravel(),
            "content": ledger.content.ravel(),
            "state": np.repeat(ledger.state, steps),
        }
    )
