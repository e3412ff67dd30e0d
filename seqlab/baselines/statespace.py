r"""What statsmodels' state-space models have in common here: fit within a budget, then follow new values quickly.

statsmodels estimates; afterwards the parameters stay, so the Kalman filter is a few small matrix products per value
(Durbin & Koopman 2012, Time Series Analysis by State Space Methods, section 4.3). With the predicted state a and its
covariance P, a value y seen through Z with noise H gives

.. math::
    v = y - d - Z a, \quad F = Z P Z^\top + H, \quad K = T P Z^\top / F, \quad
    a' = T a + c + K v, \quad P' = T P (T - K Z)^\top + R Q R^\top

``results.extend`` does the same, but builds a new model each time, a hundred times slower for one value.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import Budget, OutOfTimeError

__all__ = ["FilteredState", "fit_within"]

Floats = npt.NDArray[np.float64]


def fit_within(model: Any, budget: Budget) -> tuple[Any, bool]:
    """Fit a state-space model by maximum likelihood, and stop when the time is up.

    Args:
        model: a statsmodels ``MLEModel``.
        budget: looked at after every iteration of the optimiser.

    Returns:
        statsmodels' results, and whether the optimiser could finish; if not, they belong to its last iteration.
    """
    reached: list[Floats] = []

    def watch(parameters: Floats) -> None:
        reached[:] = [np.array(parameters, dtype=np.float64)]
        budget.check()

    try:
        budget.check()
        return model.fit(disp=False, cov_type="none", callback=watch), True
    except OutOfTimeError:
        parameters = model.transform_params(reached[0]) if reached else model.start_params
        return model.filter(parameters, cov_type="none"), False


class FilteredState:
    """A fitted state-space model of one series, standing at the step after the last value; its matrices stay.

    Args:
        results: of a model whose matrices do not change over time.
    """

    notes: tuple[str, ...] = ()

    def __init__(self, results: Any) -> None:
        filtered = results.filter_results
        selection, noise = _fixed(filtered.selection), _fixed(filtered.state_cov)
        self._transition = _fixed(filtered.transition)
        self._constant = _fixed(filtered.state_intercept)
        self._design = _fixed(filtered.design)[0]
        self._offset = float(_fixed(filtered.obs_intercept)[0])
        self._observation_noise = float(_fixed(filtered.obs_cov)[0, 0])
        self._state_noise = selection @ noise @ selection.T
        self._state = np.array(filtered.predicted_state[:, -1])
        self._covariance = np.array(filtered.predicted_state_cov[:, :, -1])

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): the state carried on without new values."""
        state, steps = self._state, np.empty(horizon)
        for step in range(horizon):
            steps[step] = self._design @ state + self._offset
            state = self._transition @ state + self._constant
        return steps

    def deviation(self, horizon: int) -> Floats:
        """(horizon,): root of the forecast error's variance F, the parameters taken as known."""
        covariance, variances = self._covariance, np.empty(horizon)
        for step in range(horizon):
            variances[step] = self._design @ covariance @ self._design + self._observation_noise
            covariance = self._transition @ covariance @ self._transition.T + self._state_noise
        return np.sqrt(np.maximum(variances, 0.0))

    def update(self, values: Floats) -> None:
        """Filter new values; NaN carries the state on."""
        transition, design = self._transition, self._design
        for value in values.tolist():
            carried = transition @ self._covariance
            seen = self._covariance @ design
            variance = float(design @ seen) + self._observation_noise
            self._covariance = carried @ transition.T + self._state_noise
            error = value - self._offset - float(design @ self._state)
            self._state = transition @ self._state + self._constant
            # A variance of zero means that the value was certain: there is nothing to learn from it.
            if variance > 0 and not np.isnan(value):
                moved = transition @ seen
                self._state = self._state + moved * (error / variance)
                self._covariance = self._covariance - np.outer(moved, moved) / variance


def _fixed(matrix: Floats) -> Floats:
    """A system matrix without its time axis."""
    if matrix.shape[-1] > 1 and np.ptp(matrix, axis=-1).any():
        raise ValueError("the model's matrices change over time")
    return np.array(matrix[..., 0])
