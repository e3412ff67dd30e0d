r"""Vector autoregression through statsmodels: every target as a weighted sum of the last values of all targets.

.. math::
    y_t = c + A_1 y_{t-1} + \dots + A_p y_{t-p} + \varepsilon_t

Sims (1980), Macroeconomics and Reality, Econometrica 48; Lütkepohl (2005), New Introduction to Multiple Time Series
Analysis. The number of lags has the best AIC. A significant season of a target is taken out before and put back after.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.api import VAR

from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, Budget, FitPlan
from seqlab.baselines.seasonal import SeasonalFigure, adjusted
from seqlab.baselines.warned import collected_warnings, summary_of
from seqlab.errors import DataError

__all__ = ["LONGEST_HISTORY", "MOST_LAGS", "fit_var"]

Floats = npt.NDArray[np.float64]

MOST_LAGS = 24
LONGEST_HISTORY = 10_000
ROWS_PER_WEIGHT = 3  # rows to fit each target's weights to
SHORTEST_HISTORY = 10


def fit_var(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit a vector autoregression to all targets together.

    Args:
        y: (time, target), at least two targets, in the data's own units; NaN is filled with the value one season earlier.
            Rows before all targets have been observed once are left out.
        season_length: steps of the season, 1 if there is none.
        plan: without time, one lag is taken.

    Returns:
        A baseline that takes (time, target) and gives (horizon, target).

    Raises:
        DataError: a single target, or see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> first = rng.normal(size=200)
        >>> model = fit_var(np.column_stack([first[1:], 3 * first[:-1]]), 1)  # the second follows the first by one step
        >>> model.forecast(2).shape, bool(abs(model.forecast(1)[0, 1] - 3 * first[-1]) < 0.01)
        ((2, 2), True)
    """
    budget = plan.start()
    columns = _checked_columns(y, season_length)
    rows = min(column.size for column in columns)
    figures: list[SeasonalFigure | None] = []
    adjusted_columns, said = [], list[str]()
    for number, column in enumerate(columns, start=1):
        figure, rest, notes = adjusted(fill_causally(column, season_length)[-rows:], season_length, longest=1)
        figures.append(figure)
        adjusted_columns.append(rest)
        said += [f"Target {number}: {note}" for note in (*gap_note(column[-rows:], season_length), *notes)]
    history = np.column_stack(adjusted_columns)
    if rows > LONGEST_HISTORY:
        said.append(f"VAR was fitted to the last {LONGEST_HISTORY:,} of {rows:,} rows, to stay quick.")
        history = history[-LONGEST_HISTORY:]
    texts: list[str] = []
    try:
        with collected_warnings(texts):
            results, chosen = _fitted(history, budget)
    except FIT_ERRORS as error:
        reason = f"it could not be fitted ({error})"
        return _Columns([naive_instead("VAR", column, season_length, (*said, *summary_of(texts, "VAR")), reason) for column in columns])
    joint = _Joint(results, history)
    first = (chosen, *said, *summary_of(texts, "VAR"))
    return _Columns(
        [
            Guarded(_Column(joint, place), column, season_length, figure=figure, notes=first)
            for place, (column, figure) in enumerate(zip(columns, figures, strict=True))
        ]
    )


class _Columns:
    """One guarded baseline per target."""

    def __init__(self, columns: list[Guarded]) -> None:
        self._columns = columns

    @property
    def notes(self) -> tuple[str, ...]:
        notes = [column.notes for column in self._columns]
        shared = tuple(note for note in notes[0] if all(note in other for other in notes))
        own = tuple(f"Target {n}: {note}" for n, column in enumerate(notes, start=1) for note in column if note not in shared)
        return shared + own

    def forecast(self, horizon: int) -> Floats:
        return np.column_stack([column.forecast(horizon) for column in self._columns])

    def deviation(self, horizon: int) -> Floats | None:
        deviations = [column.deviation(horizon) for column in self._columns]
        known = [one for one in deviations if one is not None]
        return np.column_stack(known) if len(known) == len(deviations) else None

    def update(self, values: npt.ArrayLike) -> None:
        new = _checked_shape(values)
        if new.shape[1] != len(self._columns):
            raise DataError(f"Values of {new.shape[1]} targets were given to a VAR of {len(self._columns)}. Give it the same targets.")
        for column, its_values in zip(self._columns, new.T, strict=True):
            column.update(its_values)


class _Joint:
    """A fitted VAR and the last rows it reads."""

    def __init__(self, results: Any, history: Floats) -> None:
        self._results = results
        self._last = history[-results.k_ar :]
        self._arrived: list[Floats] = []
        self._made: dict[int, Floats] = {}  # each target asks for the same forecast

    def forecast(self, horizon: int) -> Floats:
        """(horizon, target)."""
        if horizon not in self._made:
            self._made[horizon] = np.asarray(self._results.forecast(self._last, horizon), dtype=np.float64)
        return self._made[horizon]

    def deviation(self, horizon: int) -> Floats:
        """(horizon, target), from the covariance of forecast errors."""
        variances = np.array([np.diag(covariance) for covariance in self._results.mse(horizon)], dtype=np.float64)
        return np.asarray(np.sqrt(variances))

    def take(self, values: Floats) -> None:
        """New values of one target after the other; when all have come the rows move on."""
        self._arrived.append(values)
        if len(self._arrived) < self._last.shape[1]:
            return
        for row in np.column_stack(self._arrived):
            missing = np.isnan(row)
            new = np.where(missing, self.forecast(1)[0], row) if missing.any() else row
            self._last = np.vstack([self._last[1:], new])
            self._made = {}
        self._arrived = []


class _Column:
    """One target of a joint model."""

    notes: tuple[str, ...] = ()

    def __init__(self, joint: _Joint, place: int) -> None:
        self._joint = joint
        self._place = place

    def forecast(self, horizon: int) -> Floats:
        return self._joint.forecast(horizon)[:, self._place]

    def deviation(self, horizon: int) -> Floats:
        return self._joint.deviation(horizon)[:, self._place]

    def update(self, values: Floats) -> None:
        self._joint.take(values)


def _fitted(history: Floats, budget: Budget) -> tuple[Any, str]:
    """The results with the best number of lags, and a sentence on it."""
    rows, targets = history.shape
    most = min(MOST_LAGS, (rows // ROWS_PER_WEIGHT - 1) // targets)
    if most < 1 or rows < SHORTEST_HISTORY:
        raise ValueError(f"{rows} rows are too few for {targets} targets")
    model = VAR(history)
    if budget.spent:
        return model.fit(1, trend="c"), f"VAR(1): the {budget.seconds:g} s were over before a number of lags could be chosen."
    budget.say(f"VAR: choosing among 1 to {most} lags")
    lags = max(1, int(model.select_order(most, trend="c").aic))
    return model.fit(lags, trend="c"), f"VAR({lags}), chosen by AIC among 1 to {most} lags."


def _checked_shape(y: npt.ArrayLike) -> Floats:
    values = np.asarray(y, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] < 2:
        raise DataError(
            f"A baseline of several targets was given an array of shape {values.shape}. "
            "It takes at least two targets side by side: shape (time, target)."
        )
    return values


def _checked_columns(y: npt.ArrayLike, season_length: int) -> list[Floats]:
    """(time,) of each target, from its first observed value on."""
    return [checked_series(column, season_length) for column in _checked_shape(y).T]
