"""The timescales of the memory view: how long units remember, beside the task's own lags and what their bias predicts."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.memory import TimescaleInfo, plot_predicted_timescales, plot_timescales
from seqlab.gates.memory import UnitMemory, keep_bias, timescale_from_bias, unit_memory
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.memory_text import timescale, unit_remembers
from seqlab.ui.lab.take_away import offer

__all__ = ["draw_times"]

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.memory import keep_bias, timescale_from_bias, unit_memory

trace = seqlab.trace_gates(fitted.model, x)
memory, length = unit_memory(trace, layer, direction), trace.segment_length  # a step of the trace is so many of the data
bias = keep_bias(fitted.model, layer, direction)
table = pd.DataFrame({
    "unit": np.arange(len(memory.timescale)),
    "timescale": memory.timescale * length,
    "timescale_10th_percentile_of_windows": memory.low * length,
    "timescale_90th_percentile_of_windows": memory.high * length,
    "half_life": memory.half_life * length,
    "horizon": memory.horizon * length,
    "bias": np.nan if bias is None else bias,
    "timescale_from_bias": np.nan if bias is None else timescale_from_bias(bias) * length,
})
"""


def draw_times(bench: Bench) -> None:
    """Reading, pictures and numbers of the timescales; nothing where no gate keeps the state."""
    memory = unit_memory(bench.trace, bench.layer, bench.direction)
    if memory is None:
        return
    length = bench.trace.segment_length
    bias = keep_bias(bench.fitted.model, bench.layer, bench.direction)
    predicted = None if bias is None else timescale_from_bias(bias) * length
    marks = _marks(bench)
    info = TimescaleInfo(
        timescale=memory.timescale * length,
        half_life=memory.half_life * length,
        horizon=memory.horizon * length,
        low=memory.low * length,
        high=memory.high * length,
        marks=marks,
        unit=bench.unit,
        predicted=predicted,
    )
    st.markdown("**How long every unit remembers**")
    for sentence in _memory_reading(bench, memory, info, marks):
        st.caption(sentence)
    gate = bench.entry.keep_gate
    with st.grid(2, min_column_width=420):
        with st.container():
            windows = len(bench.samples)
            bars = f" Thin bars: from the 10th to the 90th percentile of the {bench.noun}s." if windows > 1 else ""
            st.caption(f"Measured over {windows} {bench.noun}{'' if windows == 1 else 's'} of the {bench.choice.part} part.{bars}")
            show_figure(plot_timescales(info), key="memory_timescales", alt="Half-life, timescale and horizon of every unit, sorted")
        if predicted is not None:
            with st.container():
                st.caption(
                    f"If {gate} saw nothing but its bias, all units would lie on the dashed line. Above it: inputs and state open {gate}; "
                    "below it: they close it."
                )
                show_figure(plot_predicted_timescales(info), key="memory_predicted", alt="Timescale from the bias against the measured one")
    offer(bench, "memory", lambda: _memory_table(bench, info, bias), SCRIPT)


def _marks(bench: Bench) -> Mapping[str, float]:
    """The task's own lags, in steps of the data."""
    if not bench.of_series:
        return {f"this {bench.noun}": float(bench.steps * bench.trace.segment_length)}
    season = bench.prepared.season_length
    marks = {"season": float(season)} if season > 1 else {}
    return {**marks, "context": float(bench.fitted.spec.window.context_length)}


def _memory_reading(bench: Bench, memory: UnitMemory, info: TimescaleInfo, marks: Mapping[str, float]) -> list[str]:
    hidden = len(info.timescale)
    unit = bench.unit
    endless, unknown = int(np.isinf(info.timescale).sum()), int(np.isnan(info.timescale).sum())
    samples = f"({memory.samples:,} samples of the gate {bench.entry.keep_gate})"
    if np.isfinite(info.timescale[unit]):
        half, most, nearly_all = (timescale(float(times[unit])) for times in (info.half_life, info.timescale, info.horizon))
        said = [f"Unit {unit}: after {half} half of what it stored is left, after {most} 37 %, after {nearly_all} 5 % {samples}."]
    else:
        said = [f"{unit_remembers(unit, float(info.timescale[unit]), bench.noun)} {samples}."]
    if unknown:
        said.append(f"{unknown} of {hidden} unit{'' if hidden == 1 else 's'} cannot be measured: the weights are no numbers.")
        return said
    for name, steps in marks.items():
        reach = int((info.horizon >= steps).sum())
        said.append(f"{reach} of {hidden} unit{'' if hidden == 1 else 's'} still {'has' if reach == 1 else 'have'} 5 % or more left after ")
        whole = "the whole context" if bench.of_series else f"the whole {bench.noun}"
        said[-1] += f"one {name} ({steps:,.0f} steps)." if name == "season" else f"{whole} ({steps:,.0f} steps)."
    if endless:
        said.append(f"{endless} never forget{'s' if endless == 1 else ''} in these {bench.noun}s and cannot be drawn on this axis.")
    if info.predicted is not None:
        log_ratio = np.log(info.timescale / info.predicted)
        log_ratio = log_ratio[np.isfinite(log_ratio)]
        if len(log_ratio):
            said.append(
                f"A typical unit's timescale is {np.exp(np.median(log_ratio)):.2f} times the one its bias alone would give: the rest is "
                "the work of inputs and state."
            )
    return said


def _memory_table(bench: Bench, info: TimescaleInfo, bias: npt.NDArray[np.float64] | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": np.arange(len(bench.order)),
            "timescale": info.timescale,
            "timescale_10th_percentile_of_windows": info.low,
            "timescale_90th_percentile_of_windows": info.high,
            "half_life": info.half_life,
            "horizon": info.horizon,
            "bias": np.nan if bias is None else bias,
            "timescale_from_bias": np.nan if info.predicted is None else info.predicted,
        }
    )
