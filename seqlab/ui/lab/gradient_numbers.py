"""Gradient flow of networks over the bench's windows, measured once and remembered."""

import copy
import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.models.table import cell_entry
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.gradient_rivals import Rival

if TYPE_CHECKING:
    from torch import nn

    from seqlab.gates.gradients import GradientFlow, GradientTerms
    from seqlab.gates.jacobian import JacobianProducts

__all__ = ["aligned", "measure_error", "measure_flow", "measure_stretch", "measure_terms", "window_count"]

POINTS = 60
"""Lags at which the stretch is measured at most."""

PATIENCE = 1.5e10
"""Multiplications that one curve of the stretch may take: about a second."""


MOST_NUMBERS = 2_000_000
"""Hidden values of all windows together at most, so that the first look takes a few seconds."""


def window_count(bench: Bench) -> int:
    """How many of the bench's windows are measured: all of them, unless they are long and the layers wide."""
    windows, steps, hidden = bench.trace.values(bench.entry.output).shape
    each = steps * hidden * bench.trace.num_layers * len(bench.trace.directions)
    return int(min(windows, max(8, MOST_NUMBERS // each)))


def measure_flow(rival: Rival, bench: Bench) -> "GradientFlow":
    """Gradient flow over the first :func:`window_count` windows of the bench."""
    return _flow(rival.key, _windows(bench), window_count(bench), rival.model, bench)


def aligned(flow: "GradientFlow", bench: Bench) -> "GradientFlow":
    """The same norms over the steps of the window on the screen.

    Sequences of unequal length are laid so that the steps that are read last lie on each other.
    """
    from seqlab.gates.lengths import align_ends

    if flow.lengths is None:
        return flow

    def laid(values: npt.NDArray[np.floating], direction: str) -> npt.NDArray[np.floating]:
        return values[:, : bench.steps] if direction == "backward" else align_ends(values, flow.lengths, bench.steps)

    return dataclasses.replace(
        flow,
        norms={key: laid(values, key[1]) for key, values in flow.norms.items()},
        highway={key: laid(values, key[1]) for key, values in flow.highway.items()},
    )


def measure_error(rival: Rival, bench: Bench) -> float:
    """Largest difference from torch's own gradient of the input, for the window on the screen."""
    return _error(rival.key, _windows(bench), rival.model, bench)


def measure_terms(rival: Rival, bench: Bench, state: str) -> "GradientTerms":
    """Gradient flow of the window on the screen by step of the forecast."""
    return _terms(rival.key, (*_windows(bench), bench.layer, bench.direction), state, rival.model, bench)


def measure_stretch(rival: Rival, bench: Bench) -> "JacobianProducts | None":
    """σ_max by lag in the window on the screen; ``None`` if it would take too long."""
    return _stretch(rival.key, (*_windows(bench), bench.layer, bench.direction), rival.cell, rival.model, bench)


def _windows(bench: Bench) -> tuple[object, ...]:
    return (bench.run.run_id, bench.choice.part, bench.samples.tobytes())


def _double(model: "nn.Module") -> "nn.Module":
    """A copy in float64: numbers far below what float32 holds stay numbers. The model itself is shared and never changed."""
    return copy.deepcopy(model).double()


# What begins with an underscore is no part of a cache's key.


@st.cache_data(max_entries=24, show_spinner="Carrying gradients back through the windows")
def _flow(key: str, windows: tuple[object, ...], count: int, _model: "nn.Module", _bench: Bench) -> "GradientFlow":  # noqa: ARG001
    from seqlab.gates.gradients import gradient_flow  # imports torch

    return gradient_flow(_double(_model), _bench.x[:count], _bench.y[:count], future=_bench.future[:count], loss=_loss(_model, _bench))


def _loss(model: "nn.Module", bench: Bench) -> str:
    """The loss that training makes small for this network."""
    from seqlab.models.loss import loss_name
    from seqlab.models.network import Network

    chosen = bench.fitted.spec.training.loss
    return loss_name(model, chosen) if isinstance(model, Network) else chosen


def _own(bench: Bench) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """What the model reads of the window on the screen, and the right answer, without padding."""
    from seqlab.gates.lengths import cut_padding

    return (bench.x[:1], bench.y[:1]) if bench.of_series else cut_padding(bench.x[:1], bench.y[:1])


@st.cache_data(max_entries=24, show_spinner=False)
def _error(key: str, windows: tuple[object, ...], _model: "nn.Module", _bench: Bench) -> float:  # noqa: ARG001
    from seqlab.gates.gradients import gradient_error  # imports torch

    return gradient_error(_double(_model), *_own(_bench), future=_bench.future[:1], loss=_loss(_model, _bench))


@st.cache_data(max_entries=24, show_spinner=False)
def _terms(key: str, windows: tuple[object, ...], state: str, _model: "nn.Module", _bench: Bench) -> "GradientTerms":  # noqa: ARG001
    from seqlab.gates.gradients import gradient_terms  # imports torch

    return gradient_terms(
        _double(_model),
        *_own(_bench),
        future=_bench.future[:1],
        loss=_loss(_model, _bench),
        layer=_bench.layer,
        direction=_bench.direction,
        state=state,
    )


@st.cache_data(max_entries=48, show_spinner=False)
def _stretch(
    key: str,  # noqa: ARG001
    windows: tuple[object, ...],  # noqa: ARG001
    cell: str,
    _model: "nn.Module",
    _bench: Bench,
) -> "JacobianProducts | None":
    from seqlab.gates.jacobian import SVD_WORK, jacobian_products  # imports torch
    from seqlab.gates.opening import open_stack

    size = open_stack(_model).stack.hidden_size * sum(gate.is_state for gate in cell_entry(cell).gates)
    if size**3 * (_bench.steps + SVD_WORK * min(POINTS, _bench.steps)) > PATIENCE:
        return None
    return jacobian_products(_model, _own(_bench)[0], layer=_bench.layer, direction=_bench.direction, points=POINTS)
