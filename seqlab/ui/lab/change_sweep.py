"""The causal sweep: what each gate matters for the loss at each step, below the gates themselves."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.figures.sweep import SweepInfo, plot_sweep, sweep_info
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench, panels_of
from seqlab.ui.lab.reading import name_of_step, numbered_axis, words_of
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key

if TYPE_CHECKING:
    from seqlab.gates.sweep import CausalSweep, SweepRow

__all__ = ["draw_sweep"]

MOST_WORK = 150_000_000  # gate values computed: between one and two seconds
WINDOWS, ENOUGH_WINDOWS = 16, 6
COLUMNS = (72, 48, 36, 24, 12)

SCRIPT = """
import pandas as pd
from seqlab.gates.sweep import causal_sweep

swept = causal_sweep(
    fitted.model, x[:{windows}], y[:{windows}], loss={loss!r}, future=future[:{windows}], layer=layer, direction=direction, span={span},
    first_steps={first_steps},
)
table = pd.DataFrame(
    [
        {{
            "sample": sample, "gate": row.gate, "set_to": "mean" if row.value is None else row.value, "first_step": first + 1,
            "last_step": last + 1, "loss_without": swept.loss[window], "loss_change": swept.delta[window, number, column],
        }}
        for window, sample in enumerate({samples})
        for number, row in enumerate(swept.rows)
        for column, (first, last) in enumerate(swept.steps.tolist())
    ]
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSize:
    """How large a sweep may be: windows, and neighbouring steps that are forced together."""

    windows: int
    span: int


def draw_sweep(bench: Bench) -> None:
    """The two maps, what they say, and their numbers."""
    st.subheader("Which gate matters when", anchor=False)
    st.markdown(
        "Each gate is forced, at one step and in all units of the layer, to its bounds, to 0 and to its mean, and the loss is compared. "
        f"100 % is as much as the mean loss of the {bench.noun}s. "
        "Look for columns that are bright in the gates but pale below: active, and of no importance here."
    )
    size = _size(bench)
    samples = bench.samples[: size.windows].tobytes()
    swept = _swept(bench, model_key(bench.run.folder), samples, bench.choice.part, bench.layer, bench.direction, size)
    names = {row.gate for row in swept.rows}
    info = sweep_info(
        rows=[_row_text(row) for row in swept.rows],
        delta=swept.delta,
        loss=swept.loss,
        steps=swept.steps,
        segment_length=bench.trace.segment_length,
        panels=[panel for panel in panels_of(bench.entry) if panel.name in names],
        values={name: bench.values(name)[0] for name in names},
        labels=words_of(bench),
    )
    for sentence in _reading(bench, swept, info, size):
        st.caption(sentence)
    index, first_row = numbered_axis(bench)
    figure = plot_sweep(info, index=index, first_row=first_row, noun=bench.noun)
    show_figure(figure, key="change_sweep_figure", alt=f"Gates of the {bench.noun}, and how the loss changes if each is forced, by step")
    script = SCRIPT.format(
        windows=size.windows,
        span=size.span,
        loss=bench.loss,
        samples=bench.samples[: size.windows].tolist(),
        first_steps=None if bench.of_series else bench.steps,
    )
    offer(bench, "causal_sweep", lambda: _table(bench, swept), script)


def _size(bench: Bench) -> SweepSize:
    """As many windows and as fine as a second or two allow."""
    rows = 3 * len(bench.entry.gates)
    per_step = bench.entry.weight_blocks * len(bench.order) * bench.trace.num_layers * len(bench.trace.directions)
    size = SweepSize(windows=1, span=bench.steps)
    for columns in COLUMNS:
        span = -(-bench.steps // columns)
        # Half: a variant begins at the step at which it is forced.
        one_window = max(1, rows * -(-bench.steps // span) * bench.steps * per_step // 2)
        size = SweepSize(windows=int(np.clip(MOST_WORK // one_window, 1, min(WINDOWS, len(bench.samples)))), span=span)
        if size.windows >= min(ENOUGH_WINDOWS, len(bench.samples)):
            break
    return size


@st.cache_data(max_entries=32, show_spinner="Running the sweep…")
def _swept(
    _bench: Bench,
    key: tuple[str, int],  # noqa: ARG001  names the model for the cache
    samples: bytes,  # noqa: ARG001
    part: str,  # noqa: ARG001  the samples are of this part
    layer: int,
    direction: str,
    size: SweepSize,
) -> "CausalSweep":
    from seqlab.gates.sweep import causal_sweep  # imports torch

    return causal_sweep(
        _bench.fitted.model,
        _bench.x[: size.windows],
        _bench.y[: size.windows],
        loss=_bench.loss,
        future=_bench.future[: size.windows],
        layer=layer,
        direction=direction,
        span=size.span,
        first_steps=_bench.steps,
    )


def _row_text(row: "SweepRow") -> str:
    return f"{row.gate} := {'mean' if row.value is None else f'{row.value:g}'}".replace("-", "−")


def _reading(bench: Bench, swept: "CausalSweep", info: SweepInfo, size: SweepSize) -> list[str]:
    said = []
    if not np.isfinite(info.loss):
        return [f"The loss of these {bench.noun}s is zero or nothing was observed, so there is nothing to compare with."]
    gates = [row.gate for row in swept.rows]
    by_gate = {gate: float(np.nanmean(np.abs(info.mean_share[[at for at, name in enumerate(gates) if name == gate]]))) for gate in gates}
    busiest, calmest = max(by_gate, key=lambda gate: by_gate[gate]), min(by_gate, key=lambda gate: by_gate[gate])
    row, column = np.unravel_index(int(np.nanargmax(np.abs(info.mean_share))), info.mean_share.shape)
    first, last = (int(step) + 1 for step in swept.steps[column])
    here = name_of_step(bench, last - 1)
    percent = f"{info.mean_share[row, column]:+,.0f}".replace("-", "−")
    said.append(
        f"Over {info.windows} {bench.noun}{'s' if info.windows > 1 else ''}, the strongest change is {escape(info.rows[row])} at "
        f"{f'steps {first} to {last}' if last > first else f'step {first}'}: {percent} % of the mean loss of {info.loss:.3g}"
        f".{f' In the {bench.noun} on the screen that step is {here}.' if here else ''}"
    )
    if busiest != calmest:
        said.append(
            f"Forcing {busiest} moves the loss most ({by_gate[busiest]:,.1f} % on average over steps and values), {calmest} least "
            f"({by_gate[calmest]:,.1f} %)."
        )
    said.append("Red: the loss grows, so the gate's own value was needed. Blue: it falls.")
    if size.span > 1:
        said.append(f"A column stands for {size.span} neighbouring steps forced together, which keeps the sweep within a second or two.")
    return said


def _table(bench: Bench, swept: "CausalSweep") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "sample": sample,
                "gate": row.gate,
                "set_to": "mean" if row.value is None else row.value,
                "first_step": first + 1,
                "last_step": last + 1,
                "loss_without": swept.loss[window],
                "loss_change": swept.delta[window, number, column],
            }
            for window, sample in enumerate(bench.samples[: len(swept.loss)].tolist())
            for number, row in enumerate(swept.rows)
            for column, (first, last) in enumerate(swept.steps.tolist())
        ]
    )
