"""How strongly a state answers to the state before it: one step's Jacobian, and the largest stretch of many steps' product."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates.opening import open_stack, stack_input, stack_steps
from seqlab.models.gradient import one_step_back
from seqlab.models.stack import Weights, layer_weights
from seqlab.models.table import cell_entry
from seqlab.records import check_place

__all__ = ["MOST_WORK", "JacobianProducts", "jacobian_products", "step_jacobians"]

Floats = npt.NDArray[np.floating]

MOST_WORK = 1e12
"""Multiplications that :func:`jacobian_products` does at most: about a minute on one core."""

SVD_WORK = 7
"""A largest singular value costs about as much as this many products of two matrices."""

CHUNK = 4_000_000
"""Numbers of single-step Jacobians held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JacobianProducts:
    """Largest singular values σ_max of ∂s_T/∂s_t: by how much the state's change over the last steps stretches a small push at most.

    Below 1 and falling, no gradient can be kept over so many steps; above 1, some direction grows.

    Args:
        lags: (lag,) steps between t and T, from 0, ascending.
        log10: (lag,) log10 of σ_max, which may lie far outside of what a number can hold; -inf where the product is zero.
        state_size: width of s: all states of the cell side by side.
    """

    lags: npt.NDArray[np.int64]
    log10: npt.NDArray[np.float64]
    state_size: int


def step_jacobians(model: nn.Module, x: torch.Tensor | npt.ArrayLike, *, layer: int = 0, direction: str = "forward") -> Floats:
    """∂s_t/∂s_{t-1} at every step of one window, s being all states of a layer and direction side by side, c before h.

    Formulas of GATES.md, section 3: derived by hand, checked by finite differences.

    Args:
        model: as for :func:`~seqlab.gates.opening.open_stack`.
        x: (1, time, feature), scaled, as the model reads it.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Returns:
        (time, state, state), time as in the input; rows are the state of the step, columns that of the step the direction
        read before it.

    Raises:
        TraceError: the model cannot be opened, x is not one window, or there is no such layer or direction.

    Example:
        >>> import torch
        >>> step_jacobians(torch.nn.LSTM(2, 3, batch_first=True), torch.zeros(1, 5, 2)).shape
        (5, 6, 6)
    """
    with torch.no_grad():
        opened = _Opened.of(model, x, layer, direction)
        jacobians = torch.cat(list(opened.jacobians())).cpu().numpy()
    return jacobians[::-1].copy() if direction == "backward" else jacobians


def jacobian_products(
    model: nn.Module,
    x: torch.Tensor | npt.ArrayLike,
    *,
    layer: int = 0,
    direction: str = "forward",
    max_lag: int | None = None,
    points: int | None = None,
) -> JacobianProducts:
    """σ_max of ∂s_T/∂s_t for every lag T - t, T being the last step that the direction reads (Pascanu et al. 2013, 1211.5063).

    The product is rescaled after every step and its scale kept as a logarithm, so it neither underflows nor overflows.

    Args:
        model, x, layer, direction: as for :func:`step_jacobians`.
        max_lag: longest lag; ``None`` goes back to the first step.
        points: how many lags are measured at most, close together where lags are short; ``None`` measures every lag.

    Returns:
        The largest singular values; NaN from where on the product holds NaN.

    Raises:
        TraceError: as for :func:`step_jacobians`, max_lag or points is out of range, or the work is too large.
    """
    if max_lag is not None and max_lag < 0:
        raise TraceError(f"max_lag is {max_lag}, but a lag counts steps back. Give 0 or more.")
    if points is not None and points < 1:
        raise TraceError(f"points is {points}, but at least the lag of 0 is measured. Give 1 or more.")
    with torch.no_grad():
        opened = _Opened.of(model, x, layer, direction)
        size = opened.state_size
        longest = min(opened.steps - 1, opened.steps - 1 if max_lag is None else max_lag)
        lags = _lags(longest, points)
        if _work(longest, len(lags), size) > MOST_WORK:
            allowed = next(lag for lag in range(longest, -1, -1) if _work(lag, len(_lags(lag, points)), size) <= MOST_WORK)
            raise TraceError(
                f"The product over {longest:,} steps of a {size} × {size} Jacobian takes too long. Give max_lag={allowed} or less."
            )
        measured = set(lags.tolist())
        product = torch.eye(size, dtype=torch.float64)
        log10, scale, lag = [0.0], 0.0, 0
        # From the last step back: ∂s_T/∂s_{t-1} = ∂s_T/∂s_t · ∂s_t/∂s_{t-1}
        for step in itertools.islice(opened.steps_back(), longest):
            product, lag = product @ step, lag + 1
            if lag in measured:
                log10.append(scale + _log10(_stretch(product)))
            size_now = float(torch.linalg.matrix_norm(product))
            if size_now > 0:
                product, scale = product / size_now, scale + _log10(size_now)
    return JacobianProducts(lags=lags, log10=np.array(log10), state_size=size)


def _lags(longest: int, points: int | None) -> npt.NDArray[np.int64]:
    """(lag,) the lags that are measured: 0, the longest, then others between, evenly on a logarithmic scale."""
    every = np.arange(longest + 1, dtype=np.int64)
    if points is None or longest < points:
        return every
    return np.unique(np.append(np.geomspace(longest, 1, points - 1).round().astype(np.int64), 0))


def _work(longest: int, measured: int, size: int) -> float:
    return float(size) ** 3 * (longest + SVD_WORK * measured)


def _stretch(product: torch.Tensor) -> float:
    """The largest singular value; NaN where there is none, for which torch has an error of its own."""
    return float(torch.linalg.matrix_norm(product, ord=2)) if torch.isfinite(product).all() else float("nan")


def _log10(value: float) -> float:
    return float(np.log10(value)) if value > 0 else float("nan") if np.isnan(value) else -np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """One layer and direction over one window, in the order in which the direction runs; tensors are (time, hidden)."""

    cell: str
    weights: Weights
    gates: dict[str, torch.Tensor]
    previous: dict[str, torch.Tensor]

    @classmethod
    def of(cls, model: nn.Module, x: torch.Tensor | npt.ArrayLike, layer: int, direction: str) -> "_Opened":
        opened, inputs = open_stack(model), stack_input(model, x)
        stack, entry = opened.stack, cell_entry(opened.cell)
        if len(inputs) != 1:
            raise TraceError(
                f"Jacobians are of one window. Give x of shape (1, time, feature), such as x[:1]; it has {len(inputs)} windows."
            )
        check_place(layer, direction, num_layers=stack.num_layers, directions=opened.directions)
        counts = stack_steps(model, x)
        inputs = inputs if counts is None else inputs[:, : int(counts[0])]
        implementation = entry.load()
        outputs = implementation.run_layers(stack, inputs)
        below = outputs[layer - 1] if layer else inputs
        reverse = direction == "backward"
        h = outputs[layer].chunk(len(opened.directions), dim=-1)[opened.directions.index(direction)]
        below, h = (below.flip(1), h.flip(1)) if reverse else (below, h)
        weights = layer_weights(stack, layer, reverse=reverse)
        gates = implementation.open_gates(below, one_step_back(h), weights, reverse=False)
        return cls(
            cell=opened.cell,
            weights=weights,
            gates={name: values[0] for name, values in gates.items()},
            previous={name: one_step_back(gates[name])[0] for name in entry.state_names},
        )

    @property
    def steps(self) -> int:
        return len(self.gates["h"])

    @property
    def state_size(self) -> int:
        return len(self.previous) * self.gates["h"].shape[1]

    def steps_back(self) -> Iterator[torch.Tensor]:
        """(state, state) of each step from the last one back, in float64 on the CPU."""
        for found in self.jacobians(backwards=True):
            yield from found.double().cpu()

    def jacobians(self, *, backwards: bool = False) -> Iterator[torch.Tensor]:
        """(some steps, state, state) at a time, in order; or from the last step back."""
        size = max(1, CHUNK // self.state_size**2)
        starts = range(0, self.steps, size)
        for start in reversed(starts) if backwards else starts:
            cut = slice(start, start + size)
            found = cell_entry(self.cell).load().state_jacobian(
                {name: values[cut] for name, values in self.gates.items()},
                {name: values[cut] for name, values in self.previous.items()},
                self.weights,
            )  # fmt: skip
            yield found.flip(0) if backwards else found
