"""What a model leaves unexplained: residuals in time order, and what a good forecast's would look like."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from seqlab.baselines.correlation import autocorrelations, ljung_box, partial_autocorrelations
from seqlab.errors import ConfigError
from seqlab.evaluation.losses import overlapping
from seqlab.evaluation.significance import cosine_test
from seqlab.records import Forecast

__all__ = ["Autocorrelation", "Bias", "Residuals", "autocorrelation", "bias", "residuals_of"]

Floats = npt.NDArray[np.float64]

FEWEST = 10
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """What happened minus what was forecast, ``step`` steps ahead, in time order.

    Args:
        model, target: names.
        step: steps ahead, from 1.
        rows: (origin,) row numbers of the values that were forecast.
        values: (origin,) truth − forecast, in the data's own units; NaN where nothing was observed.
        spacing: rows from one residual to the next: the least and the most.
        overlap: forecasts share rows with those up to so many origins later, so their residuals are related.
        reason: why there are none.
    """

    model: str
    target: str
    step: int
    rows: npt.NDArray[np.int64]
    values: Floats
    spacing: tuple[int, int]
    overlap: int
    reason: str = ""

    @property
    def observed(self) -> Floats:
        """(n,) the residuals without gaps."""
        return self.values[~np.isnan(self.values)]

    @property
    def constant(self) -> bool:
        """Whether all residuals are the same but for rounding."""
        seen = self.observed
        return not seen.size or bool(np.ptp(seen) <= ROUNDING * np.abs(seen).max())

    @property
    def lag(self) -> str:
        """What one lag of the autocorrelation stands for; empty if the residuals are too unevenly spread to have lags."""
        low, high = self.spacing
        if low == high:
            return "1 row" if low == 1 else f"{low:,} rows"
        return f"{low:,} or {high:,} rows" if high == low + 1 else ""


def residuals_of(forecast: Forecast, *, step: int = 1, target: int = 0) -> Residuals:
    """The residuals of one model ``step`` steps ahead.

    Residuals one step ahead are unrelated for a model that has used all there is. Those ``h`` steps ahead are related up to
    lag h − 1 by construction, even for the best model, as neighbouring forecasts miss the same surprises.

    Args:
        forecast: of one model.
        step: steps ahead, from 1.
        target: number of the target column, from 0.

    Raises:
        ConfigError: there is no such step or target.
    """
    _, horizon, targets = forecast.y_true.shape
    if not (1 <= step <= horizon and 0 <= target < targets):
        raise ConfigError(f"There is no step {step} of target {target}. There are steps 1 to {horizon} and targets 0 to {targets - 1}.")
    y_true, y_pred = (np.asarray(part, dtype=np.float64)[:, step - 1, target] for part in (forecast.y_true, forecast.y_pred))
    seen = ~np.isnan(y_true)
    wild = int((seen & ~np.isfinite(y_pred)).sum())
    values = np.where(seen, y_true - y_pred, np.nan)
    rows = np.asarray(forecast.origins, dtype=np.int64) + step - 1
    gaps = np.diff(rows)
    reason = ""
    if wild:
        reason = f"{wild:,} of {int(seen.sum()):,} forecasts are not finite numbers, so there are no residuals to look at."
    elif seen.sum() < FEWEST:
        reason = f"There are {int(seen.sum()):,} residuals; at least {FEWEST} are needed to say anything about them."
    return Residuals(
        model=forecast.model,
        target=forecast.targets[target],
        step=step,
        rows=rows,
        values=values,
        spacing=(int(gaps.min()), int(gaps.max())) if len(gaps) else (1, 1),
        overlap=overlapping(forecast.origins, step),
        reason=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Autocorrelation:
    """Whether residuals know something about later ones; arrays are empty exactly when there is a reason.

    Args:
        lags: (lag,) from 1.
        acf: (lag,) autocorrelation.
        pacf: (lag,) partial autocorrelation: what is left at a lag when the smaller lags are accounted for.
        bound: 95 % of the values of unrelated residuals lie within ± bound.
        ljung_box, p_value: of the test that all of the first ``tested`` lags are 0; NaN where ``ljung_box_reason`` says why not.
        tested: how many lags Ljung–Box tests: 2 m for a season of m lags, else 10, but no more than a fifth of the residuals.
        reason: why there is no autocorrelation.
        ljung_box_reason: why there is no test.
    """

    lags: npt.NDArray[np.int64]
    acf: Floats
    pacf: Floats
    bound: float
    ljung_box: float
    p_value: float
    tested: int
    reason: str = ""
    ljung_box_reason: str = ""


def autocorrelation(residuals: Residuals, season_length: int = 1) -> Autocorrelation:
    """Autocorrelations of residuals, and the test of Ljung and Box (1978) that there are none.

    No degrees of freedom are taken off for fitted parameters: the residuals are of rows that the model was not fitted to.

    Args:
        residuals: in time order.
        season_length: m in rows, 1 if there is no season.
    """
    if residuals.reason or not residuals.lag:
        low, high = residuals.spacing
        spread = f"The forecasts start {low:,} to {high:,} rows apart, so there is no fixed lag between residuals."
        return _no_autocorrelation(residuals.reason or spread)
    values, seen = residuals.values, residuals.observed
    n = seen.size
    if residuals.constant:
        return _no_autocorrelation("All residuals are the same, so there is nothing to correlate.")
    season = round(season_length / np.mean(residuals.spacing)) if season_length > 1 else 1
    tested = max(1, min(2 * season if season > 1 else 10, n // 5))
    shown = max(tested, min(max(2 * season + 1, 24), n // 3, len(values) - 2))
    found = autocorrelations(values, shown)
    if not np.isfinite(found).all():
        return _no_autocorrelation("The residuals have too many gaps to be correlated.")
    if residuals.overlap:
        statistic = p_value = float("nan")
        reason = (
            f"Residuals {residuals.step:,} steps ahead are related up to lag {residuals.overlap:,} even for the best model, as "
            "neighbouring forecasts miss the same surprises. Look at step 1 for this test."
        )
    else:
        (statistic, p_value), reason = ljung_box(values, found, tested), ""
    return Autocorrelation(
        lags=np.arange(1, shown + 1),
        acf=np.asarray(found[1:]),
        pacf=partial_autocorrelations(found),
        bound=float(stats.norm.ppf(0.975) / np.sqrt(n)),
        ljung_box=statistic,
        p_value=p_value,
        tested=tested,
        ljung_box_reason=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """Whether a model forecasts too low or too high on average.

    Args:
        mean: mean residual; above 0 if the forecasts are too low.
        share: ``mean`` as a share of the residuals' standard deviation.
        p_value: how often so large a mean comes up without a bias; NaN where ``reason`` says why not.
        reason: why it cannot be computed.
    """

    mean: float
    share: float
    p_value: float
    reason: str = ""


def bias(residuals: Residuals) -> Bias:
    """Tests whether the mean residual is 0, honest also where residuals are related.

    The test is :func:`seqlab.evaluation.significance.cosine_test`.
    """
    seen = residuals.observed
    if residuals.reason:
        return Bias(mean=float("nan"), share=float("nan"), p_value=float("nan"), reason=residuals.reason)
    outcome = cosine_test(seen, residuals.overlap + 1)
    mean, spread = float(seen.mean()), float(seen.std(ddof=1))
    reason = "All residuals are the same, so there is no spread to judge the mean by." if residuals.constant else outcome.reason
    return Bias(mean=mean, share=mean / spread if spread > 0 else float("nan"), p_value=outcome.p_value, reason=reason)


def _no_autocorrelation(reason: str) -> Autocorrelation:
    none, nan = np.empty(0), float("nan")
    return Autocorrelation(
        lags=np.empty(0, dtype=np.int64), acf=none, pacf=none, bound=nan, ljung_box=nan, p_value=nan, tested=0, reason=reason,
        ljung_box_reason=reason,
    )  # fmt: skip
