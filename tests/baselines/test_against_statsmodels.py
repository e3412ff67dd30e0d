"""Every baseline of the table against a direct call of statsmodels, or plain numpy where the method is ours; on shipped series.

A reference is independent of our code: it gets the history, the season and the horizon, and what our fit says it chose.
"""

import math
import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from statsmodels.tsa.ar_model import ar_select_order
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.stl import STLForecast
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing, Holt, SimpleExpSmoothing
from statsmodels.tsa.seasonal import MSTL, seasonal_decompose
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from seqlab.baselines import arima as our_arima
from seqlab.baselines import structural
from seqlab.baselines.table import BASELINES
from seqlab.data.catalog import load_dataset

Floats = npt.NDArray[np.float64]
Reference = Callable[[Floats, int, int, tuple[str, ...]], Floats]

HORIZON = 15


def shipped(key: str, column: str, rows: int) -> Floats:
    return load_dataset(key).frame[column].to_numpy(dtype=np.float64)[-rows:]


SERIES: dict[str, tuple[Floats, int]] = {
    "airline": (shipped("airline_passengers", "passengers", 144), 12),
    "co2": (shipped("co2_weekly", "co2_ppm", 260), 52),
    "electricity": (shipped("electricity_taylor", "demand_mw", 480)[::2], 24),
    "sunspots": (shipped("sunspots", "sunspots", 420), 132),
    "volume": (shipped("nyse_volume", "log_volume", 120), 1),
}


def repeated(figure: Floats, start: int, steps: int) -> Floats:
    """The figure of a season from some step on, the first value of the history being step 0."""
    return np.array([figure[(start + step) % figure.size] for step in range(steps)])


def significant(y: Floats, m: int) -> bool:
    """The M4 competition's rule, as its organisers wrote it."""
    n = y.size
    if m < 2 or n < 3 * m:
        return False
    centred = y - y.mean()
    acf = [float(centred[k:] @ centred[: n - k]) / float(centred @ centred) for k in range(1, m + 1)]
    limits = 1.645 / np.sqrt(n) * np.sqrt(np.cumsum([1.0, *[2 * r**2 for r in acf]]))
    return bool(abs(acf[m - 1]) > limits[m - 1])


def without_season(y: Floats, m: int, horizon: int, model: str) -> tuple[Floats, Floats]:
    """The history without its significant season, and what to multiply by or add to the forecasts."""
    if not significant(y, m):
        return y, np.ones(horizon) if model == "multiplicative" else np.zeros(horizon)
    figure = np.asarray(seasonal_decompose(y, model=model, period=m).seasonal)
    rest = y / figure if model == "multiplicative" else y - figure
    return rest, repeated(figure[:m], y.size, horizon)


def m4(method: Callable[[Floats, int], Floats]) -> Reference:
    """As the M4 competition ran its benchmarks: the season divided out, the method, the season multiplied back."""

    def forecast(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
        rest, season = without_season(y, m, horizon, "multiplicative" if y.min() > 0 else "additive")
        return method(rest, horizon) * season if y.min() > 0 else method(rest, horizon) + season

    return forecast


def naive2(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    """Written from the rule, without statsmodels."""
    if not significant(y, m):
        return np.full(horizon, y[-1])
    divided = y.min() > 0
    weights = np.ones(m + 1 - m % 2) / m
    weights[[0, -1]] /= 2 - m % 2
    half = weights.size // 2
    trend = np.full(y.size, np.nan)
    trend[half : y.size - half] = np.convolve(y, weights, mode="valid")
    phases = np.array([np.nanmean((y / trend if divided else y - trend)[phase::m]) for phase in range(m)])
    figure = phases / phases.mean() if divided else phases - phases.mean()
    last, ahead = figure[(y.size - 1) % m], repeated(figure, y.size, horizon)
    return y[-1] / last * ahead if divided else y[-1] - last + ahead


def damped(y: Floats, horizon: int) -> Floats:
    model = ExponentialSmoothing(
        y, trend="add", damped_trend=True, initialization_method="estimated", bounds={"damping_trend": (0.8, 0.98)}
    )
    return model.fit().forecast(horizon)


def holt_winters(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    forms = [None] if m < 2 else ["add", "mul"] if y.min() > 0 else ["add"]
    fits = [
        ExponentialSmoothing(y, trend="add", seasonal=form, seasonal_periods=m if form else None, initialization_method="heuristic").fit()
        for form in forms
    ]
    best = min(fits, key=lambda fit: fit.aicc)
    # forecast() of this release forgets the season's last update at every m-th step (statsmodels issue 9538, mended since).
    return np.ravel(best.simulate(horizon, anchor="end", error="add", random_errors=np.zeros((horizon, 1))))


def autoregression(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    rest, season = without_season(y, m, horizon, "additive") if m > 24 else (y, np.zeros(horizon))
    most = int(re.search(r"among 0 to (\d+) lags", notes[0])[1])
    phases = {"seasonal": True, "period": m} if m <= 24 and significant(y, m) else {}
    return ar_select_order(rest, most, ic="aic", **phases).model.fit().forecast(horizon) + season


def ets(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    rest, season = without_season(y, m, horizon, "additive") if m > 24 else (y, np.zeros(horizon))
    name = next(note for note in notes if note.endswith("chosen by AICc."))
    trend, seasonal = re.match(r"ETS\(A,(\w+),(\w)\)", name).groups()
    model = ETSModel(
        rest,
        error="add",
        trend=None if trend == "N" else "add",
        damped_trend=trend == "Ad",
        seasonal={"N": None, "A": "add", "M": "mul"}[seasonal],
        seasonal_periods=None if seasonal == "N" else m,
        initialization_method="heuristic",
    )
    return model.fit(disp=False).forecast(horizon) + season


def linear(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    """Least squares on explicitly built windows, the ridge as rows of its own; each forecast read as context for the next."""
    length, penalty = re.search(r"(\d+) steps of context.* ridge penalty (\S+) of", notes[0]).groups()
    length = int(length)
    x = np.array([y[row : row + length] - y[row + length - 1] for row in range(y.size - length)])
    target = y[length:] - y[length - 1 : -1]
    ridge = np.sqrt(float(penalty) * np.trace(np.cov(x.T, ddof=0) * len(x)) / length) * np.eye(length)
    columns = np.block([[x, np.ones((len(x), 1))], [ridge, np.zeros((length, 1))]])
    weights = np.linalg.lstsq(columns, np.append(target, np.zeros(length)), rcond=None)[0]
    known = list(y)
    for _ in range(horizon):
        last = np.array(known[-length:])
        known.append(last[-1] + (last - last[-1]) @ weights[:-1] + weights[-1])
    return np.array(known[-horizon:])


def jumps(m: int) -> dict[str, int]:
    """As R's stl."""
    return dict.fromkeys(("trend_jump", "low_pass_jump"), m // 10) if m > 12 else {}


def stl_ets(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    if m == 1:
        return ets(y, 1, horizon, notes)
    trend = re.match(r"ETS\(A,(\w+),N\)", next(note for note in notes if note.endswith("chosen by AICc.")))[1]
    form = {"error": "add", "trend": None if trend == "N" else "add", "damped_trend": trend == "Ad", "initialization_method": "heuristic"}
    return STLForecast(y, ETSModel, model_kwargs=form, period=m, **jumps(m)).fit(fit_kwargs={"disp": False}).forecast(horizon)


def mstl(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    season = np.asarray(MSTL(y, periods=m, windows=35, stl_kwargs=jumps(m)).fit().seasonal) if m > 1 else np.zeros(y.size)
    said = tuple(note for note in notes if "lags" in note)
    return autoregression(y - season, 1, horizon, said) + repeated(season[-m:], 0, horizon)


def unobserved_components(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    rest, season = without_season(y, m, horizon, "additive") if m > 12 else (y, np.zeros(horizon))
    terms = [{"period": m, "harmonics": 3}] if m > 12 else None
    model = UnobservedComponents(rest, level="lldtrend", seasonal=m if 1 < m <= 12 else None, freq_seasonal=terms)
    return model.fit(disp=False).forecast(horizon) + season


def order_in(note: str) -> list[int]:
    return [int(digit) for digit in re.findall(r"\d+", re.search(r"ARIMA\S+", note)[0])]


def arima(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    rest, season = without_season(y, m, horizon, "additive") if m > 12 else (y, np.zeros(horizon))
    name = next(note for note in notes if "chosen by AICc" in note)
    order = order_in(name)
    model = SARIMAX(rest, order=order[:3], seasonal_order=order[3:] or (0, 0, 0, 0), trend="c" if "with constant" in name else "n")
    return model.fit(disp=False).forecast(horizon) + season


def harmonic(y: Floats, m: int, horizon: int, notes: tuple[str, ...]) -> Floats:
    found = re.match(r"Harmonics chosen by AICc: (\d+) of a season", notes[0])
    order = order_in(notes[1])
    steps = np.arange(y.size + horizon)
    waves = [np.ones(steps.size)] if order[1] == 0 else [steps.astype(float)] if "with drift" in notes[1] else []
    for k in range(1, int(found[1]) + 1 if found else 1):
        # In lowest terms: the optimiser carries a difference in the last digit into the eighth.
        cycles, period = k // math.gcd(k, m), m // math.gcd(k, m)
        angle = 2 * np.pi * (steps * cycles % period) / period
        waves += [np.cos(angle)] if period == 2 else [np.sin(angle), np.cos(angle)]
    if not waves:
        return ARIMA(y, order=order, trend="n").fit().forecast(horizon)
    exog = np.column_stack(waves)
    model = ARIMA(y, exog=exog[: y.size], order=order, trend="n")
    fitted = model.fit(method="innovations_mle", gls_kwargs={"tolerance": 1e-3 * np.std(y), "max_iter": 10})
    return fitted.forecast(horizon, exog=exog[y.size :])


REFERENCES: dict[str, Reference] = {
    "naive": lambda y, m, horizon, notes: np.full(horizon, y[-1]),
    "seasonal_naive": lambda y, m, horizon, notes: repeated(y[-m:], 0, horizon),
    "drift": lambda y, m, horizon, notes: y[-1] + np.arange(1, horizon + 1) * (y[-1] - y[0]) / (y.size - 1),
    "mean": lambda y, m, horizon, notes: np.full(horizon, y.sum() / y.size),
    "naive2": naive2,
    "ses": m4(lambda y, horizon: SimpleExpSmoothing(y, initialization_method="estimated").fit().forecast(horizon)),
    "holt": m4(lambda y, horizon: Holt(y, initialization_method="estimated").fit().forecast(horizon)),
    "damped": m4(damped),
    "holt_winters": holt_winters,
    "ar": autoregression,
    "theta": lambda y, m, horizon, notes: ThetaModel(y, period=m, deseasonalize=m > 1).fit().forecast(horizon).to_numpy(),
    "ets": ets,
    "linear": linear,
    "stl_ets": stl_ets,
    "mstl": mstl,
    "unobserved_components": unobserved_components,
    "arima": arima,
    "harmonic": harmonic,
}


def test_every_baseline_of_the_table_has_a_reference() -> None:
    """Those of several targets have theirs in a file of their own."""
    assert set(REFERENCES) == {key for key, entry in BASELINES.items() if not entry.joint}


@pytest.fixture(autouse=True)
def _short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches are tested where they are written; here the first candidate must forecast like statsmodels."""
    monkeypatch.setattr(structural, "FORMS", structural.FORMS[:1])
    monkeypatch.setattr(our_arima, "_neighbours", lambda best: [])
    monkeypatch.setattr(our_arima, "_first_orders", lambda start: [our_arima.replace(start, p=1, Q=int(start.m > 1))])


@pytest.mark.filterwarnings("ignore")  # what statsmodels says of its own call is not what is tested here
@pytest.mark.parametrize("name", list(SERIES))
@pytest.mark.parametrize("key", list(REFERENCES))
def test_forecast_equals_its_reference(key: str, name: str) -> None:
    y, m = SERIES[name]
    model = BASELINES[key].fit(y, m)
    forecast = model.forecast(HORIZON)
    assert not any("fell back" in note or "was taken instead" in note for note in model.notes)
    np.testing.assert_allclose(forecast, REFERENCES[key](y, m, HORIZON, model.notes), rtol=1e-8)
