"""A trained model run step by step, with gates and states changed on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates.intervention import Intervention, check_intervention
from seqlab.gates.opening import OpenedStack, open_stack, stack_input, stack_steps
from seqlab.gates.stepwise import StackRun, plans_of, run_stack
from seqlab.gates.trace import trace_gates
from seqlab.models.network import Network
from seqlab.models.padding import run_padded_layers
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace

__all__ = ["Replayed", "check_all", "known_ahead", "replay", "with_means"]

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a model did while some of its values were changed.

    Args:
        trace: every gate and state as it was used, changes included. ``trace.max_error`` is the largest
            |replayed h − fused h| where nothing was changed, else NaN: then there is nothing to compare with.
        prediction: (batch, horizon, target) on the scale of x; ``None`` for a bare module.
        final: (layer, direction, state) → (batch, hidden) after the last step that was read.
        interventions: what was changed, means with the values that were used.
    """

    trace: GateTrace
    prediction: Floats | None = field(repr=False)
    final: Mapping[tuple[int, str, str], Floats] = field(repr=False)
    interventions: tuple[Intervention, ...] = ()

    def values(self, gate: str, layer: int = 0, direction: str = "forward") -> Floats:
        """(batch, time, hidden) of one gate or state: see :meth:`~seqlab.records.GateTrace.values`."""
        return self.trace.values(gate, layer, direction)


def replay(
    model: nn.Module,
    x: torch.Tensor | npt.ArrayLike,
    interventions: Sequence[Intervention] = (),
    *,
    future: torch.Tensor | npt.ArrayLike | None = None,
) -> Replayed:
    """Runs a model step by step over recorded inputs, with some of its gates and states changed.

    The model is read as in evaluation mode (no dropout) and is left as it was.

    Args:
        model: a :class:`~seqlab.models.network.Network`, or a bare ``nn.LSTM``, ``nn.GRU`` or
            ``nn.RNN`` (tanh) with ``batch_first=True`` and biases.
        x: (batch, time, feature), scaled, as the model reads it; NaN after the end of a sequence.
        interventions: the changes, the same for every window of the batch; at steps that a sequence does not have nothing is changed.
        future: (batch, horizon, known) known-ahead features; may be left out when the model has none.

    Returns:
        All gates and states as they were, and what the model then forecasts.

    Raises:
        TraceError: the model, the window or the cell does not have what is to be changed.
        ConfigError: a forecaster was built for another shape.

    Example:
        >>> import torch
        >>> frozen = replay(torch.nn.GRU(2, 3, batch_first=True), torch.ones(1, 5, 2), [Intervention(gate="z", op="set", value=1.0)])
        >>> frozen.values("h").any()
        np.False_
    """
    opened = open_stack(model)
    with torch.no_grad():
        inputs, counts = stack_input(model, x), stack_steps(model, x)
        check_all(opened, interventions, steps=inputs.shape[1])
        changes = with_means(model, x, interventions)
        run = run_stack(opened, inputs, plans_of(opened, [changes], steps=inputs.shape[1]), keep_gates=True, counts=counts)
        return Replayed(
            trace=_trace(opened, run, _error(opened, inputs, run, counts) if not changes else float("nan"), counts),
            prediction=_prediction(model, opened, run, x, future),
            final={key: state.t().cpu().numpy() for key, state in run.final.items()},
            interventions=changes,
        )


def check_all(opened: OpenedStack, interventions: Sequence[Intervention], *, steps: int, count_from: int = 0) -> None:
    """Refuses changes that a model or a window does not have.

    Args:
        steps: steps of the trace.
        count_from: what the first step and layer are called in a message: 0, or 1 as on the screen.

    Raises:
        TraceError: the first that is wrong, with what there is.
    """
    entry = cell_entry(opened.cell)
    for change in interventions:
        check_intervention(
            change,
            entry,
            shiftable=entry.load().BLOCKS,
            num_layers=opened.stack.num_layers,
            directions=opened.directions,
            hidden_size=opened.stack.hidden_size,
            steps=steps,
            count_from=count_from,
        )


def with_means(model: nn.Module, x: torch.Tensor | npt.ArrayLike, interventions: Sequence[Intervention]) -> tuple[Intervention, ...]:
    """The same changes, with every mean filled in: per unit, over all windows and steps of x, nothing changed."""
    if all(change.value is not None for change in interventions):
        return tuple(interventions)
    trace = trace_gates(model, x)
    return tuple(change if change.value is not None else replace(change, value=_means(trace, change)) for change in interventions)


def _means(trace: GateTrace, change: Intervention) -> list[float]:
    """(hidden,) the mean of a gate over all windows and steps."""
    means = trace.values(change.gate, change.layer, change.direction)[trace.inside()].mean(axis=0, dtype=np.float64)
    if not np.isfinite(means).all():
        raise TraceError(f"Gate {change.gate} cannot be set to its mean: the network computes values there that are no numbers.")
    made: list[float] = means.tolist()
    return made


def known_ahead(model: Network, future: torch.Tensor | npt.ArrayLike | None) -> torch.Tensor | None:
    """(batch, horizon, known) on the model's device and in its precision."""
    if future is None:
        return None
    like = next(model.parameters())
    given = future if isinstance(future, torch.Tensor) else torch.from_numpy(np.array(future))
    return given.to(device=like.device, dtype=like.dtype)


def _prediction(
    model: nn.Module, opened: OpenedStack, run: StackRun, x: torch.Tensor | npt.ArrayLike, future: torch.Tensor | npt.ArrayLike | None
) -> Floats | None:
    if not isinstance(model, Network):
        return None
    like = next(model.parameters())
    given = (x if isinstance(x, torch.Tensor) else torch.from_numpy(np.array(x))).to(device=like.device, dtype=like.dtype)
    made: Floats = model.answer(run.output(opened), given, known_ahead(model, future)).cpu().numpy()
    return made


def _trace(opened: OpenedStack, run: StackRun, max_error: float, counts: torch.Tensor | None) -> GateTrace:
    """(time, hidden, batch) pieces of a run as a trace of (batch, time, hidden)."""

    def cut(values: torch.Tensor) -> torch.Tensor:
        return values if run.outside is None else values.masked_fill(run.outside, float("nan"))

    return GateTrace(
        cell=opened.cell,
        gate_names=cell_entry(opened.cell).gate_names,
        num_layers=opened.stack.num_layers,
        directions=opened.directions,
        gates={key: np.ascontiguousarray(cut(values).permute(2, 0, 1).cpu().numpy()) for key, values in run.values.items()},
        max_error=max_error,
        segment_length=opened.segment_length,
        lengths=None if counts is None else counts.cpu().numpy().astype(np.int64),
    )


def _error(opened: OpenedStack, inputs: torch.Tensor, run: StackRun, counts: torch.Tensor | None) -> float:
    """Largest |replayed h − fused h|; NaN if any of them is."""
    layers = run_padded_layers(opened.stack, inputs, counts, cell_entry(opened.cell).load().run_layers)
    output = cell_entry(opened.cell).output
    replayed = [torch.cat([run.values[(layer, way, output)] for way in opened.directions], dim=1) for layer in range(len(layers))]
    apart = [(one.permute(2, 0, 1) - fused).abs() for one, fused in zip(replayed, layers, strict=True)]
    if run.outside is not None:
        apart = [one.masked_fill(run.outside.permute(2, 0, 1), 0) for one in apart]
    return float(torch.stack([one.max() for one in apart]).max())
