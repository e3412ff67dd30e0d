"""Saturation: how often the gates are shut and open, before and after training, over many windows of the part."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.saturation import TriangleInfo
from seqlab.gates.part_trace import spread_samples
from seqlab.gates.saturation import Saturation, measure_saturation, saturating_gates
from seqlab.models.table import GateEntry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.take_away import offer
from seqlab.ui.lab.triangles import draw_triangles
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw"]

MOST_WINDOWS = 512
MOST_NUMBERS = 24_000_000  # of one network's trace: about half a second
ENOUGH = 1_000  # samples, where the part has so many

INTRO = Intro(
    shown=(
        "Every dot is one unit of a gate: to the right, the share of steps at which the gate is open (above 0.9); upwards, the share at "
        "which it is shut (below 0.1)."
    ),
    look_for=(
        "Dots in the lower left corner are gates that work half-open all the time; dots far to the right always let through, dots far up "
        "never do; dots along the slanted edge switch like a light."
    ),
    formulas=(
        (
            r"\text{shut} = \operatorname{mean}_t\,[\,a_t < 0.1\,], \qquad \text{open} = \operatorname{mean}_t\,[\,a_t > 0.9\,], "
            r"\qquad \text{shut} + \text{open} \le 1"
        ),
    ),
    sources=(
        (
            "Karpathy, Johnson & Fei-Fei 2015, Visualizing and Understanding Recurrent Networks, arXiv 1506.02078, figure 3 (left- and "
            "right-saturated)."
        ),
        "Only gates between 0 and 1 are counted. Candidates and states lie between −1 and 1: they are contents, not gates.",
        "Before training: the same network as it was drawn from the run's seed, over the same windows.",
    ),
    myths=(
        (
            "“A saturated gate is a dead gate.”",
            (
                "A forget gate that is always open is a perfect memory, and an input gate that is shut most of the time protects it. But a "
                "saturated gate passes almost no gradient, so it hardly learns any more."
            ),
        ),
        (
            "“Trained gates are open or shut.”",
            "In small forecasters most gates stay in between. Compare with the state before training: how far did the dots move at all?",
        ),
        (
            "“Forget gates start open.”",
            (
                "With torch's own start they begin near 0.5, in the lower left corner. Only a forget bias moves them, and 2.2 is needed "
                "for 0.9."
            ),
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    sources=(*INTRO.sources[:-1], "Before training: the same network as it was drawn from the run's seed, over the same sequences."),
    myths=(
        INTRO.myths[0],
        (
            INTRO.myths[1][0],
            "In small networks most gates stay in between. Compare with the state before training: how far did the dots move at all?",
        ),
        INTRO.myths[2],
    ),
)

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.part_trace import spread_samples
from seqlab.gates.saturation import measure_saturation
from seqlab.training.session import initial_network

windows = fitted.prepared.windows({part!r})
samples = spread_samples(len(windows), {most})
before, after = (
    measure_saturation(model, windows, samples, layer, direction)
    for model in (initial_network(fitted.spec, fitted.prepared), fitted.model)
)
table = pd.concat([
    pd.DataFrame({{
        "gate": name,
        "unit": np.arange(len(after[name].left)),
        "shut_before_training": before[name].left,
        "open_before_training": before[name].right,
        "shut": after[name].left,
        "open": after[name].right,
        "samples": after[name].samples,
    }})
    for name in after
], ignore_index=True)
"""

Measured = Mapping[str, Saturation]


def draw(bench: Bench) -> None:
    """A triangle per gate, and what it says in numbers."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    names = saturating_gates(bench.trace.cell)
    if not names:
        st.info(
            f"A cell of the kind {escape(bench.entry.label)} has no gates between 0 and 1, so nothing can be shut or open. "
            "Train an LSTM or a GRU to see a triangle.",
            icon=":material/info:",
        )
        return
    samples = spread_samples(len(bench.fitted.prepared.windows(bench.choice.part)), _most_windows(bench))
    path, stamp = model_key(bench.run.folder)
    before, after = _measure(path, stamp, bench.choice.part, bench.layer, bench.direction, len(samples), _fitted=bench.fitted)
    some = next(iter(after.values()))
    of = len(bench.fitted.prepared.windows(bench.choice.part))
    st.caption(
        f"Counted over {some.samples:,} samples: "
        f"{len(samples):,} of {of:,} {bench.noun}{'' if of == 1 else 's'} of the {bench.choice.part} part "
        + (f"with {bench.steps:,} step{'' if bench.steps == 1 else 's'} each." if bench.of_series else "with all their steps.")
        + (f" This part has no more; {ENOUGH:,} or more would say something safely." if some.samples < ENOUGH else "")
    )
    gates = [gate for gate in bench.entry.gates if gate.name in names]
    for gate in gates:
        st.caption(_reading(gate, before[gate.name], after[gate.name]))
    triangles = [
        TriangleInfo(
            name=gate.name,
            label=gate.label,
            left=after[gate.name].left,
            right=after[gate.name].right,
            start_left=before[gate.name].left,
            start_right=before[gate.name].right,
            unit=bench.unit,
        )
        for gate in gates
    ]
    draw_triangles(triangles, key="saturation", now="after training")
    st.caption("A thin line leads from where a unit started to where training has brought it.")
    script = SCRIPT.format(part=bench.choice.part, most=len(samples))
    offer(bench, "saturation", lambda: _table(before, after), script)


def _most_windows(bench: Bench) -> int:
    """As many windows as are counted in about half a second, but no fewer than give enough samples."""
    per_window = bench.steps * len(bench.order) * bench.trace.num_layers * len(bench.trace.directions) * len(bench.entry.gates)
    return max(min(MOST_WINDOWS, MOST_NUMBERS // max(1, per_window)), -(-ENOUGH // bench.steps))


@st.cache_data(max_entries=32, show_spinner=False)
def _measure(
    path: str,  # noqa: ARG001  names the model for the cache, as the stamp does
    stamp: int,  # noqa: ARG001
    part: str,
    layer: int,
    direction: str,
    most: int,
    _fitted: "Fitted",
) -> tuple[Measured, Measured]:
    """Before and after training; kept, so that moving the cursor does not count again."""
    from seqlab.training.session import initial_network  # imports torch

    windows = _fitted.prepared.windows(part)
    samples = spread_samples(len(windows), most)
    start = initial_network(_fitted.spec, _fitted.prepared)
    before, after = (measure_saturation(model, windows, samples, layer, direction) for model in (start, _fitted.model))
    return before, after


def _reading(gate: GateEntry, before: Saturation, after: Saturation) -> str:
    def count(shares: npt.NDArray[np.float64]) -> int:
        return int((shares > 0.5).sum())

    hidden = len(after.left)
    opened, shut = count(after.right), count(after.left)
    moved = np.hypot(after.left - before.left, after.right - before.right)
    said = (
        f"**{gate.label} {gate.name}**: {opened} of {hidden} {'is' if opened == 1 else 'are'} open more than half of the time "
        f"({count(before.right)} before training), {shut} {'is' if shut == 1 else 'are'} shut more than half of the time "
        f"({count(before.left)} before)."
    )
    between = int(((after.left < 0.02) & (after.right < 0.02)).sum())
    if between:
        said += f" {between} {'is' if between == 1 else 'are'} in between nearly all the time: their dots lie on each other in the corner."
    if not np.isfinite(moved).all():
        return said + " Some values are no numbers, so their units are not drawn."
    if not moved.any():
        return said + " In training no unit has moved."
    return said + f" Unit {int(moved.argmax())} has moved farthest, by {moved.max():.2f}."


def _table(before: Measured, after: Measured) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "gate": name,
                    "unit": np.arange(len(after[name].left)),
                    "shut_before_training": before[name].left,
                    "open_before_training": before[name].right,
                    "shut": after[name].left,
                    "open": after[name].right,
                    "samples": after[name].samples,
                }
            )
            for name in after
        ],
        ignore_index=True,
    )
