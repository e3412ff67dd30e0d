"""Change gates: force gates to values, and see what becomes of the forecast; then which gate matters when."""

import dataclasses

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.figures.intervention import change_info, plot_change
from seqlab.gates.intervention import Intervention
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_editor import choose_changes
from seqlab.ui.lab.change_effect import Effect, measure_effect
from seqlab.ui.lab.change_free_run import draw_free_run
from seqlab.ui.lab.change_parts import as_python, bands_of, draw_losses, effect_check, series_of
from seqlab.ui.lab.change_sequence import draw_changed_sequence
from seqlab.ui.lab.change_sweep import draw_sweep
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.when import when

__all__ = ["draw"]

RECORDED, FREE = "Recorded inputs", "Its own forecasts"

INTRO = Intro(
    shown=(
        "The trained network reads the window again, but some of its gates are forced to a value of your choice; "
        "everything after them follows by itself."
    ),
    look_for=(
        "Compare the forecast with and without the change: a gate matters only as far as the forecast moves, "
        "however open or busy it looked."
    ),
    formulas=(
        r"a_t := v \qquad a_t \cdot s \qquad a_t := \overline{a}",
        r"\sigma(\text{what stands before} + \delta)",
        r"\|\Delta h_t\|_2 = \sqrt{\textstyle\sum_u \left(h_{t,u}^{\text{with}} - h_{t,u}^{\text{without}}\right)^2}",
        r"\Delta L = L^{\text{with}} - L^{\text{without}}",
    ),
    sources=(
        "L is the loss the network was trained with, on the scale on which it works. h stands for the output of the top layer.",
        "Setting parts of a trained LSTM to fixed values: Lakretz et al. 2019, The emergence of number and syntax units, arXiv 1903.07435.",
        "A mean is per unit, over all windows and steps looked at here (of the first window, where forecasts are fed back).",
    ),
    myths=(
        (
            "“A gate that is wide open is important.”",
            (
                "Activation is not importance. An open gate may let nothing through, and a nearly closed one may carry what the "
                "forecast needs. Only changing it and looking at the loss tells; see the sweep below."
            ),
        ),
        (
            "“The forget gate at 1 forgets.”",
            "The other way round: f = 1 keeps all of the memory. In PyTorch's GRU, too, z = 1 keeps; some papers print the opposite.",
        ),
        (
            "“If one example changes, the gate matters.”",
            "One window proves nothing. The mean over many windows stands beside it.",
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    shown=(
        "The trained network reads the sequence again, but some of its gates are forced to a value of your choice; "
        "everything after them follows by itself."
    ),
    look_for=(
        "Compare the answer with and without the change: a gate matters only as far as the answer moves, however open or busy it looked."
    ),
    sources=(
        "L is the loss the network was trained with. h stands for the output of the top layer.",
        INTRO.sources[1],
        "A mean is per unit, over all steps of all sequences looked at here.",
    ),
    myths=(
        (
            INTRO.myths[0][0],
            (
                "Activation is not importance. An open gate may let nothing through, and a nearly closed one may carry what the "
                "answer needs. Only changing it and looking at the loss tells; see the sweep below."
            ),
        ),
        INTRO.myths[1],
        ("“If one answer flips, the gate matters.”", "One sequence proves nothing. What becomes of many stands beside it."),
    ),
)

SCRIPT = """
import pandas as pd
from seqlab import Intervention

changes = [
{changes}
]
without = seqlab.replay(fitted.model, x, future=future).prediction
changed = seqlab.replay(fitted.model, x, changes, future=future).prediction
table = pd.DataFrame(
    [
        {{
            "sample": sample, "steps_ahead": ahead + 1, "target": target + 1, "observed": y[window, ahead, target],
            "without": without[window, ahead, target], "with": changed[window, ahead, target],
        }}
        for window, sample in enumerate({samples})
        for ahead in range(y.shape[1])
        for target in range(y.shape[2])
    ]
)
"""


def draw(bench: Bench) -> None:
    """Changes, what they do, and the sweep over all gates and steps."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    changes = choose_changes(bench)
    if changes is not None and not bench.of_series:
        draw_changed_sequence(bench, changes)
    elif changes is not None and bench.prepared.dataset.block_length:
        _draw_recorded(bench, changes)  # beyond its block a window would read what has nothing to do with it
    elif changes is not None:
        mode = one_of(
            "What it reads after the first forecast",
            [RECORDED, FREE],
            RECORDED,
            key="change_mode",
            help="Recorded inputs: one forecast from what was measured. Its own forecasts: the window slides on over what the network "
            "itself has forecast, so an error can grow.",
        )
        if mode == FREE:
            draw_free_run(bench, changes)
        else:
            _draw_recorded(bench, changes)
    st.divider()
    draw_sweep(bench)


def _draw_recorded(bench: Bench, changes: list[Intervention]) -> None:
    effect = measure_effect(bench, changes)
    prepared, sample = bench.prepared, bench.samples[:1]
    series = prepared.windows(bench.choice.part).series(sample)
    length = bench.trace.segment_length
    info = change_info(
        series_of(bench),
        first_row=bench.first_row,
        context=bench.fitted.spec.window.context_length,
        unchanged=prepared.to_data_units(effect.without[:1], series)[0, :, bench.target],
        changed=prepared.to_data_units(effect.changed[:1], series)[0, :, bench.target],
        moved=effect.moved[0],
        moved_at=(np.arange(bench.steps) + 1) * length - 1,
        usual=effect.moved.mean(axis=0) if len(effect.moved) > 1 else None,
        steps=bands_of(changes, bench.steps, length),
    )
    draw_losses(bench, effect)
    st.caption(_reading(bench, effect, changes))
    show_figure(plot_change(info, series_of(bench)), key="change_figure", alt="Forecast with and without the change, and how far h moves")
    effect_check(bench, effect)
    script = SCRIPT.format(changes=as_python(changes), samples=bench.samples.tolist())
    offer(bench, "changed_forecasts", lambda: _table(bench, effect), script)


def _reading(bench: Bench, effect: Effect, changes: list[Intervention]) -> str:
    if not changes:
        return "Nothing is changed yet: both forecasts are the same. Choose a lesson, or add a change."
    if not effect.moved.any():
        return "Nothing moves at all: with this change every output of every window is the same, to the last bit."
    step = int(np.argmax(effect.moved[0]))
    row = bench.first_row + (step + 1) * bench.trace.segment_length - 1
    usual = f", on average over {len(effect.moved)} windows {effect.moved_last.mean():.2g}" if len(effect.moved) > 1 else ""
    date = escape(when(bench.prepared.index, row))
    return (
        f"The output {bench.entry.output} moves farthest at step {step + 1} ({date}), by {effect.moved[0, step]:.2g}; "
        f"the last state, from which the forecast is made, by {effect.moved_last[0]:.2g}{usual}. Shaded: the steps that are changed."
    )


def _table(bench: Bench, effect: Effect) -> pd.DataFrame:
    horizon, targets = bench.y.shape[1:]
    return pd.DataFrame(
        {
            "sample": np.repeat(bench.samples, horizon * targets),
            "steps_ahead": np.tile(np.repeat(np.arange(1, horizon + 1), targets), len(bench.samples)),
            "target": np.tile(np.arange(1, targets + 1), len(bench.samples) * horizon),
            "observed": bench.y.ravel(),
            "without": effect.without.ravel(),
            "with": effect.changed.ravel(),
        }
    )
