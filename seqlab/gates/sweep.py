"""What each gate matters for the loss: it is forced to a value, and the model run again; all variants side by side in one replay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates.intervention import Intervention
from seqlab.gates.loss import check_loss, mean_over_observed
from seqlab.gates.opening import OpenedStack, open_stack, stack_input, stack_steps
from seqlab.gates.replay import check_all, known_ahead, with_means
from seqlab.gates.stepwise import StackRun, plans_of, run_stack
from seqlab.models.network import Network
from seqlab.models.table import CellEntry, cell_entry

__all__ = ["CausalSweep", "ClampSweep", "Loss", "SweepRow", "causal_sweep", "clamp_sweep", "sweep_gates"]

Loss = str | Callable[[torch.Tensor, torch.Tensor | None], torch.Tensor]
"""The name of a training loss against y; or what turns the predictions of all variants for a window, (variant, step, output)
(for a bare module its outputs, (variant, time, directions * hidden)), and that window's y into (variant,) losses."""

Variants = Sequence[Sequence[Intervention]]

CACHE_NUMBERS = 65_536  # gate values of one step that run side by side: a quarter of a megabyte, so that a step stays in the cache
MOST_NUMBERS = 32_000_000  # numbers one pass may hold: 128 MB in float32
MOST_SIDE_BY_SIDE = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class ClampSweep:
    """What some changes do to the loss.

    Args:
        loss: (window,) without any change.
        delta: (window, change) loss with the change − loss without; NaN where a sequence has none of the steps that are changed.
    """

    loss: npt.NDArray[np.float64]
    delta: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRow:
    """One way to change one gate at one step: ``set`` to a value, or to its ``mean`` (value ``None``)."""

    gate: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalSweep:
    """ΔL for every gate, value and step: what becomes of the loss if a whole gate is forced at one step.

    Args:
        rows: (row,) gates and values.
        steps: (column, 2) first and last step that a column stands for.
        loss: (window,) without any change.
        delta: (window, row, column) loss with the change − loss without; above 0 it does harm. NaN at steps that a sequence does
            not have.
    """

    rows: tuple[SweepRow, ...]
    steps: npt.NDArray[np.int64]
    loss: npt.NDArray[np.float64]
    delta: npt.NDArray[np.float64] = field(repr=False)


def sweep_gates(entry: CellEntry) -> tuple[str, ...]:
    """The gates of a cell; of a cell without gates its states.

    Example:
        >>> sweep_gates(cell_entry("lstm")), sweep_gates(cell_entry("rnn"))
        (('i', 'f', 'g', 'o'), ('h',))
    """
    return tuple(gate.name for gate in entry.gates if gate.name not in entry.result_names) or tuple(gate.name for gate in entry.gates)


def causal_sweep(
    model: nn.Module,
    x: torch.Tensor | npt.ArrayLike,
    y: torch.Tensor | npt.ArrayLike | None = None,
    *,
    loss: Loss = "mse",
    future: torch.Tensor | npt.ArrayLike | None = None,
    layer: int = 0,
    direction: str = "forward",
    span: int = 1,
    first_steps: int | None = None,
) -> CausalSweep:
    """Forces each gate of a layer at each step, all its units, to its bounds, to 0 and to its mean.

    The mean is per unit over all windows and steps of x. After Lakretz et al. 2019 (1903.07435), who silenced single units.

    Args:
        model: as for :func:`~seqlab.gates.replay.replay`.
        x: (window, time, feature), scaled; NaN after the end of a sequence.
        y: (window, step, target), scaled numbers or class numbers, NaN where nothing was observed; needed by the named losses.
        loss: name of the training loss, or a function: see :data:`Loss`.
        future: (window, horizon, known) known-ahead features; may be left out when the model has none.
        layer, direction: which gates.
        span: how many neighbouring steps are forced together; more make a coarser and faster sweep.
        first_steps: how many steps are forced, from the first one on; ``None`` for all.

    Raises:
        TraceError: no such layer or direction, or a loss that cannot be computed.
    """
    opened = open_stack(model)
    entry = cell_entry(opened.cell)
    with torch.no_grad():
        time = stack_input(model, x).shape[1]
    time = time if first_steps is None else min(time, first_steps)
    starts = np.arange(0, time, max(1, span))
    steps = np.stack([starts, np.minimum(starts + max(1, span), time) - 1], axis=1)
    rows = [
        SweepRow(gate=gate.name, value=value)
        for gate in entry.gates
        if gate.name in sweep_gates(entry)
        for value in (*sorted({gate.low or 0.0, 0.0, gate.high or 0.0}), None)
    ]
    whole = with_means(model, x, [_forced(row, None, layer, direction) for row in rows])
    # Step by step, so that variants that begin alike stand together.
    variants = [
        [Intervention(gate=row.gate, op=change.op, value=change.value, steps=range(first, last + 1), layer=layer, direction=direction)]
        for first, last in steps.tolist()
        for row, change in zip(rows, whole, strict=True)
    ]
    made = _sweep(model, x, variants, y, loss, future)
    delta = made.delta.reshape(len(made.delta), len(steps), len(rows)).transpose(0, 2, 1)
    return CausalSweep(rows=tuple(rows), steps=steps.astype(np.int64), loss=made.loss, delta=np.ascontiguousarray(delta))


def clamp_sweep(
    model: nn.Module,
    x: torch.Tensor | npt.ArrayLike,
    clamps: Sequence[Intervention | Sequence[Intervention]],
    y: torch.Tensor | npt.ArrayLike | None = None,
    *,
    loss: Loss = "mse",
    future: torch.Tensor | npt.ArrayLike | None = None,
) -> ClampSweep:
    """Tries many changes, each by itself, side by side in one pass.

    Args:
        model, x, y, loss, future: as for :func:`causal_sweep`.
        clamps: the changes; a sequence of several is made together.

    Raises:
        TraceError: a change that the model or the window does not have, or a loss that cannot be computed.

    Example:
        >>> torch.manual_seed(0) and None
        >>> units = [Intervention(gate="f", op="set", value=0.0, units=[unit]) for unit in range(3)]
        >>> swept = clamp_sweep(nn.LSTM(2, 3, batch_first=True), torch.ones(1, 9, 2), units, loss=lambda h, y: h[:, -1].sum(-1))
        >>> swept.delta.shape
        (1, 3)
    """
    variants = [[clamp] if isinstance(clamp, Intervention) else list(clamp) for clamp in clamps]
    filled = iter(with_means(model, x, [change for changes in variants for change in changes]))
    variants = [[next(filled) for _ in changes] for changes in variants]
    # Alike changes side by side: a gate then is changed in one block of columns.
    order = sorted(range(len(variants)), key=lambda number: [(c.layer, c.direction, c.gate, _first(c)) for c in variants[number]])
    made = _sweep(model, x, [variants[number] for number in order], y, loss, future)
    delta = np.empty_like(made.delta)
    delta[:, order] = made.delta
    return ClampSweep(loss=made.loss, delta=delta)


def _forced(row: SweepRow, steps: range | None, layer: int, direction: str) -> Intervention:
    op = "mean" if row.value is None else "set"
    return Intervention(gate=row.gate, op=op, value=row.value, steps=steps, layer=layer, direction=direction)


def _first(change: Intervention) -> int:
    return 0 if change.steps is None else min(change.steps)


@torch.no_grad()
def _sweep(
    model: nn.Module,
    x: torch.Tensor | npt.ArrayLike,
    variants: Variants,
    y: torch.Tensor | npt.ArrayLike | None,
    loss: Loss,
    future: torch.Tensor | npt.ArrayLike | None,
) -> ClampSweep:
    opened = open_stack(model)
    inputs = stack_input(model, x)
    check_all(opened, [change for changes in variants for change in changes], steps=inputs.shape[1])
    context = _like(x, inputs)
    ahead = known_ahead(model, future) if isinstance(model, Network) else None
    target = None if y is None else _like(y, inputs)
    losses = _loss_function(loss, model, target)
    plain = np.empty(len(inputs))
    delta = np.full((len(inputs), len(variants)), np.nan)
    counts, read = stack_steps(model, x), _read_steps(model, context)
    for window in range(len(inputs)):
        # A window alone, without its padding: so it is exactly what the sequence is by itself.
        steps = inputs.shape[1] if counts is None else int(counts[window])
        of_window = target
        if target is not None and target.shape[1] == context.shape[1]:  # every step has an answer
            of_window = target[:, : read[window]]
        places, chosen = _there(variants, steps) if counts is not None else (np.arange(len(variants)), variants)
        size = _chunk(opened, steps)
        chunks = [chosen[begin : begin + size] for begin in range(0, max(1, len(chosen)), size)]
        begins = [_begin(opened, chunk) for chunk in chunks]
        alone, one = inputs[window : window + 1, :steps], slice(window, window + 1)
        base = run_stack(opened, alone, plans_of(opened, [[]], steps=steps)) if any(begins) else None
        done = 0
        for chunk, first in zip(chunks, begins, strict=True):
            run = _run(opened, base if first else None, alone, chunk, first)
            made = _whole_output(opened, base if first else None, run, first)
            if isinstance(model, Network):
                made = model.answer(made, context[one, : read[window]], None if ahead is None else ahead[one])
            of_chunk = losses(made, None if of_window is None else of_window[window]).double().cpu().numpy()
            if not any(chunk):  # nothing is changed anywhere: the run has one column
                of_chunk = np.repeat(of_chunk, len(chunk) + 1)
            # The first column changes nothing: compared with it a change without effect is exactly 0.
            delta[window, places[done : done + len(chunk)]] = of_chunk[1:] - of_chunk[0]
            plain[window] = of_chunk[0]
            done += len(chunk)
    return ClampSweep(loss=plain, delta=delta)


def _read_steps(model: nn.Module, x: torch.Tensor) -> list[int]:
    """Steps of x that each sequence fills."""
    lengths = model.lengths(x) if isinstance(model, Network) else None
    return [x.shape[1]] * len(x) if lengths is None else [int(length) for length in lengths]


def _there(variants: Variants, steps: int) -> tuple[npt.NDArray[np.intp], list[list[Intervention]]]:
    """The variants that change something in a sequence of so many steps: their places, and what they change of it."""
    places, chosen = [], []
    for place, changes in enumerate(variants):
        kept = [_within(change, steps) for change in changes]
        if not changes or any(kept):
            places.append(place)
            chosen.append([change for change in kept if change is not None])
    return np.array(places, dtype=np.intp), chosen


def _within(change: Intervention, steps: int) -> Intervention | None:
    """A change at the steps that there are; ``None`` if it is at none of them."""
    if change.steps is None or max(change.steps) < steps:
        return change
    here = [step for step in change.steps if step < steps]
    return replace(change, steps=here) if here else None


def _begin(opened: OpenedStack, chunk: Variants) -> int:
    """The first step at which a variant differs from the run without changes; a backward half differs from step 0 on."""
    if len(opened.directions) > 1 or not chunk or not all(chunk):
        return 0
    return min(_first(change) for changes in chunk for change in changes)


def _run(opened: OpenedStack, base: StackRun | None, inputs: torch.Tensor, chunk: Variants, first: int) -> StackRun:
    """One window from step ``first`` on, from the states of the run without changes: a column without a change, then every variant."""
    start = None if base is None else {key: base.values[key][first - 1] for key in base.final}
    plans = plans_of(opened, [[], *chunk], steps=inputs.shape[1], first=first)
    return run_stack(opened, inputs[:, first:], plans, start=start)


def _whole_output(opened: OpenedStack, base: StackRun | None, run: StackRun, first: int) -> torch.Tensor:
    """(variant, time, directions * hidden) with the steps before ``first`` put back."""
    output = run.output(opened)
    return output if base is None else torch.cat([base.output(opened)[:, :first].expand(len(output), -1, -1), output], dim=1)


def _chunk(opened: OpenedStack, steps: int) -> int:
    """Variants that run side by side."""
    entry = cell_entry(opened.cell)
    per_step = opened.stack.hidden_size * (entry.weight_blocks + sum(gate.is_state for gate in entry.gates))
    held = steps * per_step * opened.stack.num_layers * len(opened.directions)
    return max(1, min(max(64, CACHE_NUMBERS // (entry.weight_blocks * opened.stack.hidden_size)), MOST_NUMBERS // held, MOST_SIDE_BY_SIDE))


def _loss_function(loss: Loss, model: nn.Module, y: torch.Tensor | None) -> Callable[[torch.Tensor, torch.Tensor | None], torch.Tensor]:
    """From the predictions of all variants for a window, and its y, to (variant,) losses: NaN where nothing was observed."""
    if not isinstance(loss, str):
        return loss
    check_loss(loss)
    if not isinstance(model, Network) or y is None:
        raise TraceError(f"The loss {loss!r} compares a forecast with y. Give y, and for a bare module a function as loss.")

    network = model

    def named(predicted: torch.Tensor, y_of: torch.Tensor | None) -> torch.Tensor:
        if y_of is None:
            return predicted.new_full((len(predicted),), float("nan"))
        return mean_over_observed(loss, predicted, y_of, network=network)

    return named


def _like(values: torch.Tensor | npt.ArrayLike, like: torch.Tensor) -> torch.Tensor:
    given = values if isinstance(values, torch.Tensor) else torch.from_numpy(np.array(values))
    return given.to(device=like.device, dtype=like.dtype)
