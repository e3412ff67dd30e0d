"""The state of an exponential smoothing with fixed parameters: step past one value, forecast from where it stands."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SmoothingState"]

Floats = npt.NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class SmoothingState:
    r"""Level, slope and season of one series.

    One step past y, with :math:`\hat y = (\ell + \phi b) \oplus s` where :math:`\oplus` adds or multiplies the season
    (Hyndman et al. 2008, Forecasting with Exponential Smoothing, table 2.1; the component form statsmodels uses):

    .. math::
        \ell' = \alpha (y \ominus s) + (1 - \alpha)(\ell + \phi b), \quad
        b' = \beta^* (\ell' - \ell) + (1 - \beta^*) \phi b, \quad
        s' = \gamma^* (y \ominus \ell') + (1 - \gamma^*) s

    Args:
        alpha, beta_star, gamma_star: weights of the new value in level, slope and season.
        phi: what remains of the slope after a step, 1 if it is not damped.
        level, slope: after the last value seen.
        season: (m,) seasonal terms of the next m steps; one neutral term without a season.
        multiplicative: whether the season multiplies.
        stepped_over: values so far that a multiplying season could not take up.
    """

    alpha: float
    beta_star: float = 0.0
    gamma_star: float = 0.0
    phi: float = 1.0
    level: float
    slope: float = 0.0
    season: Floats
    multiplicative: bool = False
    stepped_over: int = 0
    _steps: int = 0

    def step(self, y: float) -> None:
        """Move past one value; NaN means nothing was observed: the state moves as if the forecast had come true.

        So does a value not above zero where the season multiplies and follows new values: it could turn a seasonal
        factor into 0, by which the next value of that phase would be divided.
        """
        here = self._steps % self.season.size
        season = float(self.season[here])
        expected = self.level + self.phi * self.slope
        impossible = self.multiplicative and self.gamma_star > 0 and y <= 0
        self.stepped_over += impossible
        if math.isnan(y) or impossible:
            level, new_season = expected, season
        elif self.multiplicative:
            level = self.alpha * y / season + (1 - self.alpha) * expected
            new_season = self.gamma_star * y / level + (1 - self.gamma_star) * season
        else:
            level = self.alpha * (y - season) + (1 - self.alpha) * expected
            new_season = self.gamma_star * (y - level) + (1 - self.gamma_star) * season
        self.slope = self.beta_star * (level - self.level) + (1 - self.beta_star) * self.phi * self.slope
        self.level = level
        self.season[here] = new_season
        self._steps += 1

    def forecast(self, horizon: int) -> Floats:
        """(horizon,): level and slope continued, the season repeated."""
        steps = np.arange(1, horizon + 1)
        trend: Floats = self.level + self.slope * np.cumsum(self.phi**steps)
        season = self.season_ahead(horizon)
        return trend * season if self.multiplicative else trend + season

    def season_ahead(self, steps: int) -> Floats:
        """(steps,) seasonal terms of the coming steps."""
        return self.season[(self._steps + np.arange(steps)) % self.season.size]
