"""Take a season out of a series before a method that cannot carry it, and put it back into the forecast."""

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf

__all__ = ["SeasonalFigure", "adjusted", "deseasonalised", "is_seasonal", "seasonal_figure"]

Floats = npt.NDArray[np.float64]

_TEN_PERCENT = 1.645  # two-sided 10 % point of the normal distribution, as in the M4 competition


class SeasonalFigure:
    """One value per phase of the season, which is added or multiplies; it knows which phase comes next."""

    def __init__(self, pattern: Floats, phase: int = 0, *, multiplicative: bool = False) -> None:
        self._pattern = pattern
        self._phase = phase
        self._multiplicative = multiplicative

    @property
    def season_length(self) -> int:
        """Steps of the season."""
        return self._pattern.size

    def ahead(self, steps: int) -> Floats:
        """(steps,) values of the coming phases."""
        return self._pattern[(self._phase + np.arange(steps)) % self._pattern.size]

    def taken_out(self, values: Floats) -> Floats:
        """(time,) the coming values without their season."""
        figure = self.ahead(values.size)
        return values / figure if self._multiplicative else values - figure

    def put_back(self, values: Floats) -> Floats:
        """(time,) coming values without a season, given theirs."""
        figure = self.ahead(values.size)
        return values * figure if self._multiplicative else values + figure

    def widened(self, deviation: Floats) -> Floats:
        """(time,) deviations of coming values without a season, as those of values with it; the figure counts as known."""
        return deviation * self.ahead(deviation.size) if self._multiplicative else deviation

    def advance(self, steps: int) -> None:
        """Move on by some steps."""
        self._phase = (self._phase + steps) % self._pattern.size


def is_seasonal(y: Floats, season_length: int) -> bool:
    r"""The M4 competition's test: :math:`|r_m| > 1.645 \sqrt{(1 + 2 \sum_{k<m} r_k^2) / n}` and at least three seasons.

    Args:
        y: (time,) without NaN.
        season_length: m.

    Reference: Makridakis, Spiliotis & Assimakopoulos (2020), The M4 Competition, International Journal of Forecasting 36.

    Example:
        >>> is_seasonal(np.tile([1.0, 5.0, 2.0], 10), 3)
        True
    """
    if season_length < 2 or y.size < 3 * season_length or np.ptp(y) == 0:
        return False
    r = acf(y, nlags=season_length, fft=True)[1:]
    limit = _TEN_PERCENT * np.sqrt((1 + 2 * np.sum(r[:-1] ** 2)) / y.size)
    return bool(abs(r[-1]) > limit)


def seasonal_figure(y: Floats, season_length: int, *, multiplicative: bool = False) -> SeasonalFigure:
    """Mean of each phase around, or over, a centred moving average of one season (classical decomposition).

    Args:
        y: (time,) at least two seasons, without NaN; all above zero if the season multiplies.
        season_length: steps of the season.
        multiplicative: whether the season multiplies.

    Returns:
        The figure, standing at phase 0, that is at the first value of ``y``.
    """
    model = "multiplicative" if multiplicative else "additive"
    parts = seasonal_decompose(y, model=model, period=season_length)
    return SeasonalFigure(np.asarray(parts.seasonal[:season_length]), multiplicative=multiplicative)


def deseasonalised(y: Floats, season_length: int) -> tuple[SeasonalFigure | None, Floats, tuple[str, ...]]:
    """Take a season out by the rule of the M4 competition: only a significant one, and it multiplies.

    A history that is not above zero throughout has its season subtracted instead.

    Args:
        y: (time,) without NaN.
        season_length: steps of the season.

    Returns:
        The figure standing at the step after ``y``, or None; (time,) ``y`` without it; what to say.

    Example:
        >>> figure, rest, notes = deseasonalised(np.tile([1.0, 2.0, 3.0], 9), 3)
        >>> bool(abs(rest - 2).max() < 1e-9), figure.put_back(np.array([4.0, 4.0, 4.0])).round(6)
        (True, array([2., 4., 6.]))
    """
    if season_length < 2:
        return None, y, ()
    if not is_seasonal(y, season_length):
        return None, y, (_no_season(y, season_length),)
    multiplicative = bool(y.min() > 0)
    figure = seasonal_figure(y, season_length, multiplicative=multiplicative)
    rest = figure.taken_out(y)
    figure.advance(y.size)
    notes = () if multiplicative else ("Values not above zero: the season was subtracted instead of divided out.",)
    return figure, rest, notes


def adjusted(y: Floats, season_length: int, *, longest: int) -> tuple[SeasonalFigure | None, Floats, tuple[str, ...]]:
    """Take out a season that is longer than a method can carry.

    Args:
        y: (time,) without NaN.
        season_length: steps of the season.
        longest: the longest season the method carries by itself; such a series is returned as it is.

    Returns:
        The figure standing at the step after ``y``, or None; (time,) ``y`` without it; what to say.

    Example:
        >>> figure, rest, notes = adjusted(np.tile(np.arange(30.0), 4), 30, longest=24)
        >>> bool(abs(rest - 14.5).max() < 1e-9), (figure.ahead(2) + 14.5).round(6)
        (True, array([0., 1.]))
    """
    if season_length <= longest:
        return None, y, ()
    if not is_seasonal(y, season_length):
        return None, y, (_no_season(y, season_length),)
    figure = seasonal_figure(y, season_length)
    rest = figure.taken_out(y)
    figure.advance(y.size)
    said = (
        f"A season of {season_length} steps is too long for this method: it was taken out before (seasonal means of a "
        "classical decomposition of the whole history) and put back into the forecasts."
    )
    return figure, rest, (said,)


def _no_season(y: Floats, season_length: int) -> str:
    short = y.size < 3 * season_length
    why = f"fewer than three seasons of {season_length} steps" if short else f"the correlation at lag {season_length} is not significant"
    return f"No season was taken out: {why} in the history."
