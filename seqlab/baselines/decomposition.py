r"""STL and its relatives: the season is smoothed out of the series, the rest forecast by a method without a season.

.. math::
    y_t = T_t + S_t + R_t, \qquad \hat y_{n+h} = \widehat{(T + R)}_{n+h} + S_{n+h-m\lceil h/m \rceil}

STL: Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6; several seasons (MSTL):
Bandara, Hyndman & Bergmeir (2021), arXiv 2107.13462. statsmodels decomposes. The season's last cycle is repeated, as
statsmodels' ``STLForecast`` does; it stays while new values come, and what is left of them moves the inner method on.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.seasonal import MSTL, STL

from seqlab.baselines.autoregression import fit_ar
from seqlab.baselines.ets import fit_ets
from seqlab.baselines.gaps import fill_causally, gap_note
from seqlab.baselines.guard import FIT_ERRORS, Guarded, naive_instead
from seqlab.baselines.interface import Baseline, checked_series
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.baselines.seasonal import SeasonalFigure
from seqlab.baselines.warned import collected_warnings, summary_of

__all__ = ["LONGEST_HISTORY", "fit_mstl", "fit_stl_ets"]

Floats = npt.NDArray[np.float64]
Rest = Callable[[Floats, int, FitPlan], Baseline]

LONGEST_HISTORY = 10_000
WINDOW = 35  # cycles a season of MSTL is smoothed over: the last one is repeated for long, so it must be calm
LONGEST_UNBROKEN = 12  # season up to which every step is smoothed
ROUNDING = 1e-9  # of the range of the history
SECONDS_PER_STEP = 1.5e-6  # of one row and one step of a season, where every step is smoothed; measured
LONGEST_CYCLE = 1_000_000  # steps until all seasons start together again


def fit_stl_ets(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit an STL decomposition, and the best ETS to what is left.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: how long the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.

    Example:
        >>> model = fit_stl_ets(np.tile([1.0, 2.0, 6.0], 12) + np.arange(36), 3)
        >>> [round(float(v)) for v in model.forecast(3)]
        [37, 39, 44]
    """
    return _fitted("STL + ETS", y, season_length, (season_length,), plan, _stl, fit_ets)


def fit_mstl(y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
    """Fit a decomposition with all seasons of the plan, and an autoregression to what is left.

    Args:
        y: (time,) in the data's own units; NaN is filled with the value one season earlier.
        season_length: steps of the season, 1 if there is none.
        plan: its seasons are used beside ``season_length``; how long the fit may take.

    Raises:
        DataError: see :func:`seqlab.baselines.interface.checked_series`.
    """
    return _fitted("MSTL", y, season_length, (season_length, *plan.seasons), plan, _mstl, fit_ar)


def _fitted(
    who: str,
    y: npt.ArrayLike,
    season_length: int,
    asked: tuple[int, ...],
    plan: FitPlan,
    decompose: Callable[[Floats, tuple[int, ...]], tuple[SeasonalFigure, Floats]],
    rest: Rest,
) -> Baseline:
    budget = plan.start()
    series = checked_series(y, season_length)
    notes = gap_note(series, season_length)
    history = fill_causally(series, season_length)
    longest = _longest(asked, budget.left)
    if history.size > longest:
        notes += (f"{who} was fitted to the last {longest:,} of {history.size:,} rows, to stay quick.",)
        history = history[-longest:]
    seasons, said = _held(asked, history.size)
    notes += said
    texts: list[str] = []
    figure: SeasonalFigure | None = None
    if seasons and np.ptp(history) > 0:
        budget.say(f"{who}: decomposing {history.size:,} rows")
        try:
            with collected_warnings(texts):
                figure, history = decompose(history, seasons)
        except FIT_ERRORS as error:
            return naive_instead(who, series, season_length, notes + summary_of(texts, who), f"it could not be decomposed ({error})")
    method = rest(history, 1, replace(plan, seconds=budget.left))
    return Guarded(method, series, season_length, figure=figure, notes=notes + summary_of(texts, who))


def _longest(asked: tuple[int, ...], seconds: float) -> int:
    """Rows that can be decomposed in half of the time, at least three of the longest season: a decomposition cannot be stopped."""
    seasons = tuple(sorted({season for season in asked if season > 1}))
    if not seasons:
        return LONGEST_HISTORY
    work = SECONDS_PER_STEP * sum(seasons) / _jumps(seasons)["trend_jump"]
    return min(LONGEST_HISTORY, max(3 * seasons[-1], int(seconds / 2 / work)))


def _stl(history: Floats, seasons: tuple[int, ...]) -> tuple[SeasonalFigure, Floats]:
    season = np.asarray(STL(history, period=seasons[0], **_jumps(seasons)).fit().seasonal)
    return SeasonalFigure(season[-seasons[0] :]), _left_over(history, season)


def _mstl(history: Floats, seasons: tuple[int, ...]) -> tuple[SeasonalFigure, Floats]:
    found = MSTL(history, periods=seasons, windows=[WINDOW] * len(seasons), stl_kwargs=_jumps(seasons)).fit()
    parts = np.asarray(found.seasonal).reshape(history.size, len(seasons))
    steps = np.arange(math.lcm(*seasons))
    last = [part[-season:] for part, season in zip(parts.T, seasons, strict=True)]
    pattern = np.sum([cycle[steps % cycle.size] for cycle in last], axis=0)
    return SeasonalFigure(pattern), _left_over(history, parts.sum(axis=1))


def _jumps(seasons: tuple[int, ...]) -> dict[str, int]:
    """Every how many steps trend and low-pass filter are computed, straight lines between: a tenth of the season, as R's stl."""
    step = max(1, seasons[0] // 10) if seasons[0] > LONGEST_UNBROKEN else 1
    return {"trend_jump": step, "low_pass_jump": step}


def _left_over(history: Floats, season: Floats) -> Floats:
    """(time,) the history without its season; rounding errors alone are nothing to fit a method to."""
    left = history - season
    return left if np.ptp(left) > ROUNDING * np.ptp(history) else np.full_like(left, left.mean())


def _held(asked: tuple[int, ...], rows: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The seasons that can be decomposed, the shortest first, and what to say about the others."""
    seasons = sorted({season for season in asked if season > 1})
    if not seasons:
        return (), ("There is no season to take out: this is its inner method alone.",)
    held: list[int] = []
    notes: tuple[str, ...] = ()
    for season in seasons:
        if 2 * season >= rows or math.lcm(season, *held) > LONGEST_CYCLE:
            why = "more than two of it are needed" if 2 * season >= rows else "it fits too badly to the shorter ones"
            notes += (f"A season of {season} steps was not taken out: {why}, in {rows} rows.",)
        else:
            held.append(season)
    return tuple(held), notes
