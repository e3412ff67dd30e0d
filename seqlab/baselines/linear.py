r"""Closed-form linear forecasts: every horizon step is a weighted sum of the context, the weights found by ridge regression.

Each window of L context values :math:`x` and H targets :math:`y` is taken relative to the last context value
:math:`x_L`; one matrix serves all steps (direct, not fed back):

.. math::
    \hat y = x_L + W^\top (x - x_L) + b, \qquad
    \min_{W, b} \sum \lVert y - x_L - W^\top (x - x_L) - b \rVert^2 + \lambda \lVert W \rVert^2

Zeng et al. (2023), Are Transformers Effective for Time Series Forecasting?, AAAI; in closed form: Toner & Darlow (2024),
An Analysis of Linear Time Series Forecasting Models, ICML. Only :math:`X^\top X` and :math:`X^\top Y` are kept, summed
block by block, so memory does not grow with the rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from seqlab.baselines.plan import OutOfTimeError
from seqlab.errors import DataError

__all__ = ["PENALTIES", "LinearMap", "fit_linear_map", "fit_shared_linear"]

Floats = npt.NDArray[np.float64]

PENALTIES: tuple[float, ...] = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Candidates for the ridge penalty, as a share of the mean squared context value (the mean eigenvalue of X'X)."""

USUAL_PENALTY = 1e-2  # where the rows are too few to hold some back
VALIDATION_SHARE = 0.2
BLOCK_ROWS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearMap:
    """What turns a context into a forecast.

    Args:
        weights: (context, horizon) W.
        constants: (horizon,) b.
        penalty: the ridge penalty taken, as a share of the mean eigenvalue of X'X.
        windows: windows it was fitted to.
        validated: whether the penalty was chosen on windows held back; otherwise it was given, or is the usual one.
    """

    weights: Floats
    constants: Floats
    penalty: float
    windows: int
    validated: bool

    @property
    def context_length(self) -> int:
        """L, steps of context."""
        return int(self.weights.shape[0])

    @property
    def horizon(self) -> int:
        """H, steps of a forecast."""
        return int(self.weights.shape[1])

    def predict(self, contexts: npt.ArrayLike) -> Floats:
        """Forecasts of many contexts.

        Args:
            contexts: (window, context), oldest first, without NaN.

        Returns:
            (window, horizon).

        Raises:
            DataError: the contexts have another length.
        """
        values = np.asarray(contexts, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != self.context_length:
            raise DataError(f"Contexts of shape {values.shape} were given. They must have the shape (window, {self.context_length}).")
        last = values[:, -1:]
        forecast: Floats = last + (values - last) @ self.weights + self.constants
        return forecast


def fit_shared_linear(columns: npt.ArrayLike, context_length: int, horizon: int, *, penalty: float | None = None) -> LinearMap:
    """One matrix for many series, each a row of windows of its own.

    The series should have similar scales (z-scores), or the largest one decides. Windows with a missing value are left out.

    Args:
        columns: (time, series) the rows to fit to, oldest first.
        context_length: L, steps of context.
        horizon: H, steps of a forecast.
        penalty: ridge penalty as a share of the mean eigenvalue of X'X; ``None`` chooses among :data:`PENALTIES` by the
            squared error of the windows of the last fifth of the rows, then fits to all.

    Raises:
        DataError: a length below 1, or no window without a missing value.

    Example:
        >>> wave = np.sin(np.arange(300) * 0.3)[:, None]
        >>> fitted = fit_shared_linear(wave[:200], 12, 4)
        >>> bool(abs(fitted.predict(wave[200:212].T)[0] - wave[212:216, 0]).max() < 1e-3)
        True
    """
    values = np.asarray(columns, dtype=np.float64)
    if values.ndim != 2:
        raise DataError(f"Series of shape {values.shape} were given. They must have the shape (time, series).")
    return fit_linear_map(values, values, context_length, horizon, penalty=penalty)


def fit_linear_map(
    inputs: Floats,
    targets: Floats,
    context_length: int,
    horizon: int,
    *,
    penalty: float | None = None,
    check: Callable[[], None] = lambda: None,
) -> LinearMap:
    """The core of :func:`fit_shared_linear`: contexts and targets may come from different arrays of the same rows.

    Args:
        inputs: (time, series) that contexts are cut from; a gap may have been filled.
        targets: (time, series) that targets are cut from; a window with a missing one is left out.
        context_length: L.
        horizon: H.
        penalty: see :func:`fit_shared_linear`.
        check: called before every block; may raise ``OutOfTimeError``, which ends the counting of windows, the oldest last.

    Raises:
        DataError: a length below 1, or no complete window.
    """
    if context_length < 1 or horizon < 1:
        raise DataError(f"A context of {context_length} and a horizon of {horizon} steps were given. Both must be at least 1.")
    rows = inputs.shape[0]
    # A window belongs to the held-back ones if all its targets are, to the fitted ones if none is.
    split = rows - int(VALIDATION_SHARE * rows)
    firsts = (split - context_length, split - context_length - horizon + 1)
    held, between, fitted = (_Moments(context_length, horizon) for _ in range(3))
    try:
        for start, windows in _blocks(inputs, targets, context_length, horizon, firsts):
            check()
            (held if start >= firsts[0] else between if start >= firsts[1] else fitted).add(windows)
    except OutOfTimeError:
        pass  # what was counted so far is the newest part of the history; LinearMap.windows says how much that is
    chosen, validated = (penalty, False) if penalty is not None else _best_penalty(fitted, held)
    everything = fitted.merged(between).merged(held)
    if not everything.windows:
        raise DataError(
            f"{rows} rows hold no complete window of {context_length} + {horizon} steps. Use a shorter context or horizon, or more rows."
        )
    weights, constants = next(everything.solutions((chosen,)))
    return LinearMap(weights=weights, constants=constants, penalty=chosen, windows=everything.windows, validated=validated)


class _Moments:
    """Sums over windows from which the ridge regression, and its error on those windows, follow."""

    def __init__(self, context_length: int, horizon: int) -> None:
        self.windows = 0
        self._x = np.zeros(context_length)
        self._y = np.zeros(horizon)
        self._xx = np.zeros((context_length, context_length))
        self._xy = np.zeros((context_length, horizon))
        self._yy = 0.0

    def add(self, windows: Floats) -> None:
        """Add (window, context + horizon) windows."""
        length = self._x.size
        relative = windows - windows[:, length - 1 : length]
        x, y = relative[:, :length], relative[:, length:]
        self.windows += x.shape[0]
        self._x += x.sum(axis=0)
        self._y += y.sum(axis=0)
        self._xx += x.T @ x
        self._xy += x.T @ y
        self._yy += float(np.einsum("ij,ij->", y, y))

    def merged(self, other: "_Moments") -> "_Moments":
        """The sums over the windows of both."""
        both = _Moments(self._x.size, self._y.size)
        both.windows = self.windows + other.windows
        for name in ("_x", "_y", "_xx", "_xy", "_yy"):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        return both

    def solutions(self, penalties: tuple[float, ...]) -> Iterator[tuple[Floats, Floats]]:
        """(context, horizon) weights and (horizon,) constants for each penalty; the constants are not penalised."""
        count = max(self.windows, 1)
        mean_x, mean_y = self._x / count, self._y / count
        values, vectors = np.linalg.eigh(self._xx - count * np.outer(mean_x, mean_x))
        values = np.maximum(values, 0.0)
        turned = vectors.T @ (self._xy - count * np.outer(mean_x, mean_y))
        for penalty in penalties:
            shrunk = values + penalty * values.mean()
            weights = vectors @ (turned / np.where(shrunk > 0, shrunk, np.inf)[:, None])
            yield weights, mean_y - mean_x @ weights

    def squared_error(self, weights: Floats, constants: Floats) -> float:
        """Sum of squared errors of a solution on these windows."""
        error = self._yy + np.sum(weights * (self._xx @ weights)) + self.windows * np.sum(constants**2)
        error += 2 * np.sum((self._x @ weights) * constants) - 2 * np.sum(self._xy * weights) - 2 * np.sum(self._y * constants)
        return float(error)


def _best_penalty(fitted: _Moments, held: _Moments) -> tuple[float, bool]:
    if not fitted.windows or not held.windows:
        return USUAL_PENALTY, False
    errors = [held.squared_error(*solution) for solution in fitted.solutions(PENALTIES)]
    return PENALTIES[int(np.argmin(errors))], True


def _blocks(inputs: Floats, targets: Floats, context_length: int, horizon: int, borders: tuple[int, int]) -> Iterator[tuple[int, Floats]]:
    """First row and complete (window, context + horizon) windows of each block, the newest first; none crosses a border."""
    end = inputs.shape[0] - context_length - horizon + 1
    edges = sorted({0, max(end, 0), *(min(max(border, 0), max(end, 0)) for border in borders)}, reverse=True)
    for newest, oldest in pairwise(edges):
        for stop in range(newest, oldest, -BLOCK_ROWS):
            start = max(oldest, stop - BLOCK_ROWS)
            for column in range(inputs.shape[1]):
                contexts = sliding_window_view(inputs[start : stop + context_length - 1, column], context_length)
                futures = sliding_window_view(targets[start + context_length : stop + context_length + horizon - 1, column], horizon)
                windows = np.concatenate([contexts, futures], axis=1)
                yield start, windows[~np.isnan(windows).any(axis=1)]
