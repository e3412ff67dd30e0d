"""BASELINES: the one table of statistical baselines. Describing one costs no heavy import."""

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import numpy.typing as npt
from threadpoolctl import threadpool_limits

from seqlab.baselines.interface import Baseline, FitBaseline
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
    """

    key: str
    label: str
    sentence: str
    equation: str
    parameters: Mapping[str, str]
    reference: str
    cost: float
    implementation: str

    def load(self) -> FitBaseline:
        """The function that fits it; imports statsmodels where that does the work."""
        module, name = self.implementation.split(":")
        return cast("FitBaseline", getattr(importlib.import_module(module), name))

    def fit(self, y: npt.ArrayLike, season_length: int) -> Baseline:
        """Fit to a history: see :class:`FitBaseline`.

        Example:
            >>> BASELINES["drift"].fit([1.0, 2.0, 3.0], 1).forecast(2)
            array([4., 5.])
        """
        fit = self.load()
        # The matrices are tiny: BLAS threads only wait for each other, ten times longer than the work takes.
        with threadpool_limits(1, user_api="blas"):
            return fit(y, season_length)


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
        key="theta",
        label="Theta",
        sentence="Half a straight line, half exponential smoothing, with the season taken out before and put back after.",
        equation=(
            r"\hat y_{n+h} = \left( \ell_n + \tfrac{b_0}{2} \left[ h - 1 + \tfrac{1}{\alpha}"
            r" - \tfrac{(1-\alpha)^n}{\alpha} \right] \right) \oplus s_{n+h}"
        ),
        parameters={"α": "weight of the newest value in the level", "b₀": "slope of the line", "s": "seasonal figure, one value per phase"},
        reference="Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16",
        cost=0.3,
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
        cost=0.1,
        implementation="seqlab.baselines.ets:fit_ets",
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
        cost=12.0,
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
