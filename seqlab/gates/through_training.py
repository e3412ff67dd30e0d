"""A network at several moments of its training: how its memory, its gates, its gradient and its answer became what they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch

from seqlab.errors import TraceError
from seqlab.gates.gradients import GradientFlow, gradient_flow
from seqlab.gates.lengths import align_ends
from seqlab.gates.loss import window_losses
from seqlab.gates.memory import memory_steps
from seqlab.gates.saturation import saturating_gates, saturation
from seqlab.gates.trace import trace_gates
from seqlab.models.network import Network

__all__ = ["ThroughTraining", "measure_through"]

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughTraining:
    """What was measured of every moment, over the same windows.

    Args:
        steps: (moment,) optimizer steps done, ascending.
        loss: (moment,) mean training loss over the windows.
        prediction: (moment, step, output) answer to the first window: a scaled forecast, numbers, or logits of classes.
        timescale: (moment, hidden) memory timescale τ of every unit in steps of the trace; no units if no gate keeps the state.
        gates: names of the gates in [0, 1].
        shut, open: (moment, gate, hidden) share of steps at which a gate is below 0.1 and above 0.9.
        gradient: (moment, window, step) ‖∂L/∂h_t‖; NaN for a window without an observed target. Sequences of unequal length end
            together at the last step of the first one, if they are read forward; those that are shorter are NaN before they begin.
        direction: ``forward`` or ``backward``: from which end the steps were read.
    """

    steps: npt.NDArray[np.int64]
    loss: Doubles
    prediction: Doubles = field(repr=False)
    timescale: Doubles = field(repr=False)
    gates: tuple[str, ...]
    shut: Doubles = field(repr=False)
    open: Doubles = field(repr=False)
    gradient: Doubles = field(repr=False)
    direction: str

    @property
    def last(self) -> int:
        """The step that is read last; the gradient runs back from it."""
        return 0 if self.direction == "backward" else self.gradient.shape[2] - 1

    def left_after(self, lag: int) -> Doubles:
        """(moment,) share of the last step's gradient that is left ``lag`` steps back; median over the windows, NaN where there is none.

        Raises:
            TraceError: the windows have no step so far back.
        """
        steps = self.gradient.shape[2]
        if lag not in range(steps):
            raise TraceError(f"There is no step {lag} steps back. These windows have {steps:,} steps: give a lag from 0 to {steps - 1}.")
        at = self.last + (lag if self.direction == "backward" else -lag)
        back, whole = self.gradient[:, :, at], self.gradient[:, :, self.last]
        shares = np.divide(back, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
        found = np.full(len(shares), np.nan)
        some = np.isfinite(shares).any(axis=1)
        found[some] = np.nanmedian(shares[some], axis=1)
        return found


def measure_through(
    networks: Mapping[int, Network],
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    future: npt.ArrayLike | None = None,
    loss: str = "mse",
    layer: int = 0,
    direction: str = "forward",
) -> ThroughTraining:
    """Measures every network over the same windows.

    Args:
        networks: step → network, ascending; :func:`seqlab.runs.snapshots.snapshot_networks` gives them.
        x: (batch, time, feature), scaled; a few windows will do.
        y: (batch, horizon, target), scaled; NaN where nothing was observed.
        future: (batch, horizon, known) known-ahead features, where the model has some.
        loss: a key of :data:`seqlab.gates.loss.LOSSES`.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Raises:
        TraceError: no network is given, or it cannot be opened over these windows.
    """
    if not networks:
        raise TraceError("No moment of training is given. Give at least one network.")
    if next(iter(networks.values())).recurrent is None:
        raise TraceError("A network of convolutions has no gates that could be followed through its training.")
    found = [_moment(network, x, y, future, loss, layer, direction) for network in networks.values()]
    losses, predictions, timescales, gates, shut, opened, gradients = zip(*found, strict=True)
    return ThroughTraining(
        steps=np.array(list(networks), dtype=np.int64),
        loss=np.array(losses),
        prediction=np.stack(predictions),
        timescale=np.stack(timescales),
        gates=gates[0],
        shut=np.stack(shut),
        open=np.stack(opened),
        gradient=np.stack(gradients),
        direction=direction,
    )


def _moment(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, future: npt.ArrayLike | None, loss: str, layer: int, direction: str
) -> tuple[float, Doubles, Doubles, tuple[str, ...], Doubles, Doubles, Doubles]:
    trace = trace_gates(network, x)
    hidden = trace.values("h", layer, direction).shape[2]
    timescale = memory_steps(trace, layer, direction)
    names = saturating_gates(trace.cell)
    counted = saturation(trace, layer, direction) if names else {}
    prediction = _predict(network, x, future)
    losses = window_losses(loss, prediction, y, network=network)
    flow = gradient_flow(network, np.asarray(x), np.asarray(y), future=None if future is None else np.asarray(future), loss=loss)
    return (
        float(np.nanmean(losses)) if np.isfinite(losses).any() else float("nan"),
        prediction[0],
        np.empty(0) if timescale is None else timescale,
        names,
        np.array([counted[name].left for name in names]).reshape(len(names), hidden),
        np.array([counted[name].right for name in names]).reshape(len(names), hidden),
        _ending_together(flow, layer, direction, trace.steps()),
    )


def _ending_together(flow: GradientFlow, layer: int, direction: str, steps: int) -> Doubles:
    """(window, step) norms by h over the steps of the first window."""
    norms = np.asarray(flow.values("h", layer, direction), dtype=np.float64)
    return np.asarray(norms[:, :steps] if direction == "backward" else align_ends(norms, flow.lengths, steps), dtype=np.float64)


@torch.no_grad()
def _predict(network: Network, x: npt.ArrayLike, future: npt.ArrayLike | None) -> Doubles:
    """(batch, step, output), without dropout; the network is left in its mode."""
    like = next(network.parameters())
    was_training = network.training
    network.eval()
    given = None if future is None else torch.from_numpy(np.array(future)).to(like)
    made = network(torch.from_numpy(np.array(x)).to(like), given).cpu().numpy()
    network.train(was_training)
    return np.asarray(made, dtype=np.float64)
