"""Change gates: force gates to values, and see what becomes of the forecast; then which gate matters when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.intervention import change_info, plot_change
from seqlab.gates.intervention import Intervention
from seqlab.models.table import cell_entry
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_editor import choose_changes
from seqlab.ui.lab.change_free_run import draw_free_run
from seqlab.ui.lab.change_parts import as_python, bands_of, draw_metric, series_of
from seqlab.ui.lab.change_sweep import draw_sweep
from seqlab.ui.lab.check import draw_check
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.gates.replay import Replayed

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
        "L is the loss the network was trained with, on the scale on which it works. h is the output of the top layer.",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the changes do in every window of the bench.

    Args:
        without, changed: (window, horizon, target) forecasts, scaled.
        moved: (window, step) ‖Δh‖ of the top layer.
        moved_last: (window,) ‖Δ‖ of the last state, from which the forecast is made.
        loss_without, loss_changed: (window,) NaN where nothing was observed.
        max_error: largest |replayed h − fused h| without changes.
        exact: what must hold exactly with these changes, with its number; empty if nothing is known to.
    """

    without: npt.NDArray[np.floating]
    changed: npt.NDArray[np.floating]
    moved: npt.NDArray[np.floating]
    moved_last: npt.NDArray[np.floating]
    loss_without: npt.NDArray[np.float64]
    loss_changed: npt.NDArray[np.float64]
    max_error: float
    exact: str


def draw(bench: Bench) -> None:
    """Changes, what they do, and the sweep over all gates and steps."""
    introduce(INTRO)
    changes = choose_changes(bench)
    if changes is not None and bench.fitted.prepared.dataset.block_length:
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
    effect = _effect(bench, changes)
    prepared, sample = bench.fitted.prepared, bench.samples[:1]
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
    _draw_losses(effect)
    st.caption(_reading(bench, effect, changes))
    show_figure(plot_change(info, series_of(bench)), key="change_figure", alt="Forecast with and without the change, and how far h moves")
    several = f"{len(effect.moved)} window{'s' * (len(effect.moved) > 1)}"
    draw_check(
        effect.max_error,
        held=(
            "replayed step by step without a change, h equals the output of the trained network; "
            f"largest |Δ| = {effect.max_error:.2g} over {several}. {effect.exact}"
        ),
        broken="Replayed without a change, h differs from the network's by",
    )
    script = SCRIPT.format(changes=as_python(changes), samples=bench.samples.tolist())
    offer(bench, "changed_forecasts", lambda: _table(bench, effect), script)


def _effect(bench: Bench, changes: list[Intervention]) -> Effect:
    from seqlab.gates.loss import window_losses  # imports torch
    from seqlab.gates.replay import replay

    plain = replay(bench.fitted.model, bench.x, future=bench.future)
    changed = replay(bench.fitted.model, bench.x, changes, future=bench.future)
    made = [run.prediction for run in (plain, changed) if run.prediction is not None]
    loss = bench.fitted.spec.training.loss
    return Effect(
        without=made[0],
        changed=made[1],
        moved=np.linalg.norm(_top(changed) - _top(plain), axis=-1),
        moved_last=np.linalg.norm(_last(changed) - _last(plain), axis=-1),
        loss_without=window_losses(loss, made[0], bench.y),
        loss_changed=window_losses(loss, made[1], bench.y),
        max_error=plain.trace.max_error,
        exact=_exact(bench, changes, made, changed),
    )


def _exact(bench: Bench, changes: list[Intervention], made: list[npt.NDArray[np.floating]], changed: "Replayed") -> str:
    """A sentence about what must hold to the last bit, measured."""
    if changes and all(change.op == "scale" and change.value == 1 for change in changes):
        return f"Times 1: largest difference between both forecasts = {np.abs(made[1] - made[0]).max():g}."
    entry = bench.entry
    held = {change.gate: change for change in changes if change.op == "set" and change.units is None and change.layer == bench.layer}
    gates = [gate for gate in (entry.keep_gate, entry.write_gate) if gate]
    places = {(change.steps, change.direction) for change in changes}
    if not entry.keep_gate or len(held) != len(changes) or set(held) != set(gates) or len(places) > 1:
        return ""
    steps = list(changes[0].steps or range(bench.steps))
    state = entry.kept_state
    new = entry.written[-1]
    way = changes[0].direction
    values = changed.values(state, bench.layer, way)
    wanted = tuple(held[gate].value for gate in gates)
    if wanted == (1.0, 0.0)[: len(gates)]:
        order = -1 if way == "backward" else 1
        before = np.roll(values, order, axis=1)
        before[:, 0 if order == 1 else -1] = 0  # every window begins with an empty memory
        moved = np.abs(values - before)[:, steps].max()
        return f"Held: largest change of {state} from one of these steps to the next = {moved:g}."
    if wanted == (0.0, 1.0)[: len(gates)]:
        apart = np.abs(values - changed.values(new, bench.layer, way))[:, steps].max()
        named = new if new in entry.state_names else f"the candidate {new}"
        return f"Erased: largest difference between {state} and {named} at these steps = {apart:g}."
    return ""


def _top(run: "Replayed") -> npt.NDArray[np.floating]:
    """(window, step, directions * hidden) output of the top layer."""
    output = cell_entry(run.trace.cell).output
    return np.concatenate([run.values(output, run.trace.num_layers - 1, way) for way in run.trace.directions], axis=-1)


def _last(run: "Replayed") -> npt.NDArray[np.floating]:
    """(window, directions * hidden) last state of the top layer."""
    output = cell_entry(run.trace.cell).output
    return np.concatenate([run.final[(run.trace.num_layers - 1, way, output)] for way in run.trace.directions], axis=-1)


def _draw_losses(effect: Effect) -> None:
    seen = np.isfinite(effect.loss_without)
    with st.container(horizontal=True, gap="medium"):
        draw_metric("Loss, this window", float(effect.loss_without[0]), float(effect.loss_changed[0]))
        if len(effect.loss_without) > 1 and seen.any():
            before, after = float(effect.loss_without[seen].mean()), float(effect.loss_changed[seen].mean())
            draw_metric(f"Mean loss, {int(seen.sum())} windows", before, after)
            worse = float((~(effect.loss_changed[seen] <= effect.loss_without[seen])).mean())  # no number at all is worse too
            st.metric("Windows made worse", f"{100 * worse:.0f} %", border=True, width=220)


def _reading(bench: Bench, effect: Effect, changes: list[Intervention]) -> str:
    if not changes:
        return "Nothing is changed yet: both forecasts are the same. Choose a lesson, or add a change."
    if not effect.moved.any():
        return "Nothing moves at all: with this change every output of every window is the same, to the last bit."
    step = int(np.argmax(effect.moved[0]))
    row = bench.first_row + (step + 1) * bench.trace.segment_length - 1
    usual = f", on average over {len(effect.moved)} windows {effect.moved_last.mean():.2g}" if len(effect.moved) > 1 else ""
    date = escape(when(bench.fitted.prepared.index, row))
    return (
        f"The output h moves farthest at step {step + 1} ({date}), by {effect.moved[0, step]:.2g}; "
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
