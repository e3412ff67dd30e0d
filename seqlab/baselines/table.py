"""BASELINES: the one table of statistical baselines. Describing one costs no heavy import."""

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import numpy.typing as npt
from threadpoolctl import threadpool_limits

from seqlab.baselines.interface import Baseline, FitBaseline
from seqlab.baselines.plan import DEFAULT_PLAN, FitPlan
from seqlab.errors import UnknownKeyError

__all__ = ["BASELINES", "BaselineEntry", "baseline_entry", "by_cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineEntry:
    """One statistical baseline.

    Args:
        key: key in :data:`BASELINES`.
        label: name on the screen.
        sentence: what it forecasts, for somebody who has read nothing.
        equation: LaTeX of the forecast h steps after the last of n values, season m.
        parameters: symbol → what is estimated from the history; empty if nothing is.
        reference: paper or book.
        cost: seconds on one core for metro traffic (15,000 hours fitted, 500 forecasts of 24 hours);
            cheaper ones are shown first.
        implementation: ``module:function`` of a :class:`FitBaseline`, imported when used.
        joint: whether it is fitted to all targets together, as (time, target), and forecasts (horizon, target).
        minimum_targets: fewer targets make no sense for it.
    """

    key: str
    label: str
    sentence: str
    equation: str
    parameters: Mapping[str, str]
    reference: str
    cost: float
    implementation: str
    joint: bool = False
    minimum_targets: int = 1

    def why_not(self, targets: int) -> str:
        """Why it cannot be used on so many targets, as a sentence; empty if it can.

        Example:
            >>> BASELINES["naive"].why_not(1)
            ''
        """
        if targets >= self.minimum_targets:
            return ""
        return f"{self.label} needs at least {self.minimum_targets} target columns; there is {targets}."

    def load(self) -> FitBaseline:
        """The function that fits it; imports statsmodels where that does the work."""
        module, name = self.implementation.split(":")
        return cast("FitBaseline", getattr(importlib.import_module(module), name))

    def fit(self, y: npt.ArrayLike, season_length: int, plan: FitPlan = DEFAULT_PLAN) -> Baseline:
        """Fit to a history: see :class:`FitBaseline`.

        Example:
            >>> BASELINES["drift"].fit([1.0, 2.0, 3.0], 1).forecast(2)
            array([4., 5.])
        """
        fit = self.load()
        # The matrices are tiny: BLAS threads only wait for each other, ten times longer than the work takes.
        with threadpool_limits(1, user_api="blas"):
            return fit(y, season_length, plan)


_BOOK = "Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed."

_ENTRIES = (
    BaselineEntry(
        key="naive",
        label="Naive",
        sentence="Repeats the last observed value. What cannot beat this has learnt nothing.",
        equation=r"\hat y_{n+h} = y_n",
        parameters={},
        reference=f"{_BOOK}, section 5.2",
        cost=0.02,
        implementation="seqlab.baselines.naive:fit_naive",
    ),
    BaselineEntry(
        key="seasonal_naive",
        label="Seasonal naive",
        sentence="Repeats the last season: next Monday 8 o'clock is like last Monday 8 o'clock.",
        equation=r"\hat y_{n+h} = y_{n+h-m\lceil h/m \rceil}",
        parameters={},
        reference=f"{_BOOK}, section 5.2",
        cost=0.02,
        implementation="seqlab.baselines.naive:fit_seasonal_naive",
    ),
    BaselineEntry(
        key="drift",
        label="Drift",
        sentence="Continues the straight line from the first to the last observed value.",
        equation=r"\hat y_{n+h} = y_n + h \frac{y_n - y_1}{n - 1}",
        parameters={},
        reference=f"{_BOOK}, section 5.2",
        cost=0.02,
        implementation="seqlab.baselines.naive:fit_drift",
    ),
    BaselineEntry(
        key="mean",
        label="Mean",
        sentence="Forecasts the mean of everything seen so far, every step. Hard to beat where nothing can be known.",
        equation=r"\hat y_{n+h} = \frac1n \sum_{t=1}^n y_t",
        parameters={},
        reference=f"{_BOOK}, section 5.2",
        cost=0.02,
        implementation="seqlab.baselines.naive:fit_mean",
    ),
    BaselineEntry(
        key="naive2",
        label="Naive 2",
        sentence="Repeats the last value of the series without its season, and puts the season back; the yardstick of the M4 competition.",
        equation=r"\hat y_{n+h} = \frac{y_n}{s_n}\, s_{n+h}",
        parameters={"s": "seasonal figure, one value per phase, if the season is significant"},
        reference="Makridakis, Spiliotis & Assimakopoulos (2020), International Journal of Forecasting 36(1)",
        cost=0.15,
        implementation="seqlab.baselines.naive2:fit_naive2",
    ),
    BaselineEntry(
        key="ses",
        label="Simple smoothing",
        sentence="A weighted mean in which older values count less and less; the season is divided out before and put back after.",
        equation=r"\hat y_{n+h} = \ell_n s_{n+h}, \quad \ell_n = \alpha \frac{y_n}{s_n} + (1 - \alpha) \ell_{n-1}",
        parameters={
            "α": "weight of the newest value in the level",
            "ℓ₀": "first level",
            "s": "seasonal figure, if the season is significant",
        },
        reference="Brown (1959), Statistical Forecasting for Inventory Control; season as in the M4 competition",
        cost=0.15,
        implementation="seqlab.baselines.exponential:fit_ses",
    ),
    BaselineEntry(
        key="holt",
        label="Holt's trend",
        sentence="Smooths a level and a slope, and lets the slope go on; the season is divided out before and put back after.",
        equation=r"\hat y_{n+h} = (\ell_n + h\, b_n)\, s_{n+h}",
        parameters={
            "α": "weight of the newest value in the level",
            "β": "in the slope",
            "ℓ₀, b₀": "first level and slope",
            "s": "seasonal figure, if the season is significant",
        },
        reference="Holt (1957), reprinted in International Journal of Forecasting 20(1), 2004; season as in the M4 competition",
        cost=0.4,
        implementation="seqlab.baselines.exponential:fit_holt",
    ),
    BaselineEntry(
        key="damped",
        label="Damped trend",
        sentence="Holt's trend whose slope dies away, so that it stays near in the long run; the season is divided out and put back.",
        equation=r"\hat y_{n+h} = \left( \ell_n + (\phi + \dots + \phi^h) b_n \right) s_{n+h}",
        parameters={
            "α": "weight of the newest value in the level",
            "β": "in the slope",
            "φ": "what remains of the slope after a step",
            "ℓ₀, b₀": "first level and slope",
            "s": "seasonal figure, if the season is significant",
        },
        reference="Gardner & McKenzie (1985), Management Science 31(10); season as in the M4 competition",
        cost=0.45,
        implementation="seqlab.baselines.exponential:fit_damped",
    ),
    BaselineEntry(
        key="holt_winters",
        label="Holt–Winters",
        sentence="Smooths a level, a slope and a season of any length; the season is added or multiplied, whichever has the better AICc.",
        equation=r"\hat y_{n+h} = (\ell_n + h\, b_n) \oplus s_{n+h-m\lceil h/m \rceil}",
        parameters={
            "α": "weight of the newest value in the level",
            "β": "in the slope",
            "γ": "in the season",
        },
        reference="Winters (1960), Management Science 6(3)",
        cost=1.3,
        implementation="seqlab.baselines.holt_winters:fit_holt_winters",
    ),
    BaselineEntry(
        key="ar",
        label="AR",
        sentence="A weighted sum of the last values, around a mean for each phase of the season; how many values is chosen by AIC.",
        equation=r"\hat y_{n+1} = c_{n+1 \bmod m} + \sum_{i=1}^p \phi_i\, y_{n+1-i}",
        parameters={"p": "how many values are used", "φ": "weights of values", "c": "constant, one per phase if the season is significant"},
        reference="Yule (1927), Philosophical Transactions A 226; lags by AIC",
        cost=0.35,
        implementation="seqlab.baselines.autoregression:fit_ar",
    ),
    BaselineEntry(
        key="theta",
        label="Theta",
        sentence="Half a straight line, half exponential smoothing, with the season taken out before and put back after.",
        equation=(
            r"\hat y_{n+h} = \left( \ell_n + \tfrac{b_0}{2} \left[ h - 1 + \tfrac{1}{\alpha}"
            r" - \tfrac{(1-\alpha)^n}{\alpha} \right] \right) \oplus s_{n+h}"
        ),
        parameters={"α": "weight of the newest value in the level", "b₀": "slope of the line", "s": "seasonal figure, one value per phase"},
        reference="Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16",
        cost=0.5,
        implementation="seqlab.baselines.theta:fit_theta",
    ),
    BaselineEntry(
        key="ets",
        label="ETS",
        sentence="Exponential smoothing of level, slope and season; the form is chosen by AICc, errors are additive.",
        equation=r"\hat y_{n+h} = \left( \ell_n + (\phi + \dots + \phi^h) b_n \right) \oplus s_{n+h-m\lceil h/m \rceil}",
        parameters={
            "α": "weight of the newest value in the level",
            "β": "in the slope",
            "γ": "in the season",
            "φ": "what remains of the slope after a step",
        },
        reference="Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing",
        cost=0.3,
        implementation="seqlab.baselines.ets:fit_ets",
    ),
    BaselineEntry(
        key="linear",
        label="Linear",
        sentence="Each step ahead is a weighted sum of the last values, all relative to the newest one; the weights by ridge regression.",
        equation=r"\hat y_{n+h} = y_n + b_h + \sum_{i=1}^{L-1} w_{h,i}\, (y_{n-i} - y_n)",
        parameters={"w": "weights, one per value of the context and step ahead", "b": "constant per step", "λ": "penalty on the weights"},
        reference="Zeng et al. (2023), AAAI; in closed form: Toner & Darlow (2024), ICML",
        cost=0.3,
        implementation="seqlab.baselines.ridge:fit_linear",
    ),
    BaselineEntry(
        key="stl_ets",
        label="STL + ETS",
        sentence="A season that may change is smoothed out of the series, the rest is forecast by ETS, the last season is put back.",
        equation=r"\hat y_{n+h} = \hat r_{n+h} + s_{n+h-m\lceil h/m \rceil}, \quad r_t = y_t - s_t",
        parameters={"s": "season, smoothed year by year", "r": "series without its season, with the parameters of its ETS"},
        reference="Cleveland, Cleveland, McRae & Terpenning (1990), Journal of Official Statistics 6",
        cost=0.35,
        implementation="seqlab.baselines.decomposition:fit_stl_ets",
    ),
    BaselineEntry(
        key="mstl",
        label="Multi-season STL",
        sentence="Takes out several seasons, such as day and week, forecasts the rest from its last values, and puts the seasons back.",
        equation=r"\hat y_{n+h} = \hat r_{n+h} + \sum_i s^{(i)}_{n+h-m_i\lceil h/m_i \rceil}, \quad r_t = y_t - \sum_i s^{(i)}_t",
        parameters={"s⁽ⁱ⁾": "one season per length", "r": "series without its seasons, with the weights of its AR"},
        reference="Bandara, Hyndman & Bergmeir (2021), arXiv 2107.13462",
        cost=2.1,
        implementation="seqlab.baselines.decomposition:fit_mstl",
    ),
    BaselineEntry(
        key="var",
        label="VAR",
        sentence="Each target is a weighted sum of the last values of all targets, so that one may tell what another will do.",
        equation=r"\hat y_{n+1} = c + \sum_{i=1}^p A_i\, y_{n+1-i}, \quad y_t \in \mathbb{R}^k",
        parameters={"p": "how many values are used, by AIC", "A": "k × k weights per lag", "c": "constant per target"},
        reference="Sims (1980), Econometrica 48; Lütkepohl (2005)",
        cost=3.0,
        implementation="seqlab.baselines.var:fit_var",
        joint=True,
        minimum_targets=2,
    ),
    BaselineEntry(
        key="harmonic",
        label="Harmonic regression",
        sentence="Long seasons as sums of sines and cosines, their number chosen by AICc; what is left over is an ARIMA.",
        equation=r"y_t = c + \sum_k \left[ a_k \sin(2\pi f_k t) + b_k \cos(2\pi f_k t) \right] + u_t, \quad u_t \sim \text{ARIMA}(p,d,q)",
        parameters={
            "f": "frequencies: the first harmonics of each season",
            "a, b": "weights of sine and cosine",
            "p, d, q": "order of what is left",
        },
        reference=f"{_BOOK}, section 12.1",
        cost=5.5,
        implementation="seqlab.baselines.harmonic:fit_harmonic",
    ),
    BaselineEntry(
        key="unobserved_components",
        label="Unobserved components",
        sentence="A level that wanders, a slope and a season that slowly changes, each followed by a Kalman filter.",
        equation=r"y_t = \mu_t + \gamma_t + \varepsilon_t, \quad \mu_{t+1} = \mu_t + \nu_t + \xi_t, \quad \nu_{t+1} = \nu_t + \zeta_t",
        parameters={
            "σ²": "variances of the changes of level, slope and season, and of the noise",
            "φ": "weight of an AR(1) that may stand beside them",
        },
        reference="Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter",
        cost=10.5,
        implementation="seqlab.baselines.structural:fit_unobserved_components",
    ),
    BaselineEntry(
        key="arima",
        label="ARIMA",
        sentence="A weighted sum of the last values and errors, after differencing; the order is chosen by AICc from a small grid.",
        equation=r"\phi(B)\,\Phi(B^m)\,(1-B)^d (1-B^m)^D y_t = c + \theta(B)\,\Theta(B^m)\,\varepsilon_t",
        parameters={
            "p, q, P, Q": "how many values and errors are used, in steps and in seasons",
            "d, D": "how often differences are taken",
            "φ, Φ": "weights of values",
            "θ, Θ": "weights of errors",
            "c": "constant",
        },
        reference="Box & Jenkins (1970); order search after Hyndman & Khandakar (2008), Journal of Statistical Software 27(3)",
        cost=6.5,
        implementation="seqlab.baselines.arima:fit_arima",
    ),
)

BASELINES: Mapping[str, BaselineEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def baseline_entry(key: str) -> BaselineEntry:
    """The entry of one baseline.

    Raises:
        UnknownKeyError: there is no such baseline.

    Example:
        >>> baseline_entry("ets").label
        'ETS'
    """
    if key not in BASELINES:
        raise UnknownKeyError.of("baseline", key, list(BASELINES))
    return BASELINES[key]


def by_cost(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys in the order to run them: the cheapest first, each once.

    Raises:
        UnknownKeyError: there is no such baseline.

    Example:
        >>> by_cost(["arima", "naive", "ets"])
        ('naive', 'ets', 'arima')
    """
    return tuple(sorted(dict.fromkeys(keys), key=lambda key: baseline_entry(key).cost))
