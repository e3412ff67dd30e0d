"""The state of an exponential smoothing with fixed parameters: step past one value, forecast from where it stands."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SmoothingState"]

Floats = npt.NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class SmoothingState:
    r"""Level, slope and season of one series; a :class:`seqlab.baselines.interface.Baseline`.

    One step past y, with :math:`\hat y = (\ell + \phi b) \oplus s` where :math:`\oplus` adds or multiplies the season
    (Hyndman et al. 2008, Forecasting with Exponential Smoothing, table 2.1; the component form statsmodels uses):

    .. math::
        \ell' = \alpha (y \ominus s) + (1 - \alpha)(\ell + \phi b), \quad
        b' = \beta^* (\ell' - \ell) + (1 - \beta^*) \phi b, \quad
        s' = \gamma^* (y \ominus \ell') + (1 - \gamma^*) s

    Holt and Winters take the season from the level they had expected:
    :math:`s' = \gamma (y \ominus (\ell + \phi b)) + (1 - \gamma) s`.

    Args:
        alpha, beta_star, gamma_star: weights of the new value in level, slope and season.
        phi: what remains of the slope after a step, 1 if it is not damped.
        level, slope: after the last value seen.
        season: (m,) seasonal terms of the next m steps; one neutral term without a season.
        multiplicative: whether the season multiplies.
        from_expected: whether the season is taken from the expected level; its weight is then :math:`\gamma`.
        variance: of the one-step errors of the fit, NaN if it is not known.
        stepped_over: values so far that a multiplying season could not take up.
        unseen: steps since the last value that was taken up.
    """

    alpha: float
    beta_star: float = 0.0
    gamma_star: float = 0.0
    phi: float = 1.0
    level: float
    slope: float = 0.0
    season: Floats
    multiplicative: bool = False
    from_expected: bool = False
    variance: float = float("nan")
    stepped_over: int = 0
    unseen: int = 0
    _steps: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Says how many values were stepped over."""
        count = self.stepped_over
        return (f"{count:,} values not above zero were stepped over: the season of this form multiplies.",) if count else ()

    def update(self, values: Floats) -> None:
        """Move past some values, in their order."""
        for value in values.tolist():
            self.step(value)

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
            self.unseen += 1
        else:
            level = self.alpha * _without(y, season, self.multiplicative) + (1 - self.alpha) * expected
            seasonal = _without(y, expected if self.from_expected else level, self.multiplicative)
            new_season = self.gamma_star * seasonal + (1 - self.gamma_star) * season
            self.unseen = 0
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

    def deviation(self, horizon: int) -> Floats | None:
        r"""(horizon,), or None where the season multiplies: no closed form is known then.

        :math:`\sigma_h^2 = \sigma^2 (1 + \sum_{j<h} c_j^2)` with
        :math:`c_j = \alpha + \alpha \beta^* (\phi + \dots + \phi^j) + \gamma [m \text{ divides } j]`
        (Hyndman et al. 2008, table 6.1). Steps since the last observed value count as steps ahead.
        """
        if math.isnan(self.variance) or (self.multiplicative and self.season.size > 1):
            return None
        steps = np.arange(1, horizon + self.unseen)
        gamma = self.gamma_star if self.from_expected else self.gamma_star * (1 - self.alpha)
        seasonal = gamma * (steps % self.season.size == 0) if self.season.size > 1 else 0.0
        c = self.alpha + self.alpha * self.beta_star * np.cumsum(self.phi**steps) + seasonal
        relative = 1 + np.concatenate([[0.0], np.cumsum(c**2)])
        ahead: Floats = np.sqrt(self.variance * relative[self.unseen :])
        return ahead


def _without(y: float, part: float, multiplicative: bool) -> float:
    if not multiplicative:
        return y - part
    return y / part if part else math.inf  # what is no number any more is replaced by whoever guards the forecasts
