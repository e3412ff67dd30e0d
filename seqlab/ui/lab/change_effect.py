"""What changes do in every window of the bench: answers, outputs and losses without and with them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.gates.intervention import Intervention
from seqlab.models.table import cell_entry
from seqlab.ui.lab.bench import Bench

if TYPE_CHECKING:
    from seqlab.gates.replay import Replayed

__all__ = ["Effect", "exact_sentence", "measure_effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the changes do in every window of the bench.

    Args:
        without, changed: (window, horizon, target) answers: scaled forecasts, numbers, or logits of classes.
        moved: (window, step) ‖Δh‖ of the top layer at the steps of the window on the screen; NaN after the end of a shorter one.
        moved_last: (window,) ‖Δ‖ of the last state, from which a forecast is made.
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


def measure_effect(bench: Bench, changes: list[Intervention]) -> Effect:
    """Replays all windows of the bench without and with the changes."""
    from seqlab.gates.loss import window_losses  # imports torch
    from seqlab.gates.replay import replay

    plain = replay(bench.fitted.model, bench.x, future=bench.future)
    changed = replay(bench.fitted.model, bench.x, changes, future=bench.future)
    made = [run.prediction for run in (plain, changed) if run.prediction is not None]
    return Effect(
        without=made[0],
        changed=made[1],
        moved=np.linalg.norm(_top(changed) - _top(plain), axis=-1)[:, : bench.steps],
        moved_last=np.linalg.norm(_last(changed) - _last(plain), axis=-1),
        loss_without=window_losses(bench.loss, made[0], bench.y, network=bench.fitted.model),
        loss_changed=window_losses(bench.loss, made[1], bench.y, network=bench.fitted.model),
        max_error=plain.trace.max_error,
        exact=exact_sentence(bench, changes, made, changed),
    )


def exact_sentence(bench: Bench, changes: list[Intervention], made: list[npt.NDArray[np.floating]], changed: "Replayed") -> str:
    """A sentence about what must hold to the last bit, measured."""
    if changes and all(change.op == "scale" and change.value == 1 for change in changes):
        return f"Times 1: largest difference between both {bench.answer}s = {np.abs(made[1] - made[0]).max():g}."
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
    inside = changed.trace.inside()
    at = inside & np.isin(np.arange(inside.shape[1]), steps)
    values = np.where(inside[..., None], changed.values(state, bench.layer, way), 0.0)
    wanted = tuple(held[gate].value for gate in gates)
    if wanted == (1.0, 0.0)[: len(gates)]:
        order = -1 if way == "backward" else 1
        before = np.roll(values, order, axis=1)
        before[:, 0 if order == 1 else -1] = 0  # every window begins with an empty memory
        moved = np.abs(values - before)[at].max()
        return f"Held: largest change of {state} from one of these steps to the next = {moved:g}."
    if wanted == (0.0, 1.0)[: len(gates)]:
        apart = np.abs(values - changed.values(new, bench.layer, way))[at].max()
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
