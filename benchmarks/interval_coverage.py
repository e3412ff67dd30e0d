"""How many values of the test part the bands hold, against the share they promise.

    python -m benchmarks.interval_coverage [--series KEY,…] [--methods KEY,…] [--level 0.9] [--epochs 5] [--models KEY,…]

For every series a GRU (preset "Good forecast", fewer epochs) and simple baselines forecast the validation part, fitted to
the training part only, and then the test part. The bands are made from the errors on the validation part and, with the
rolling and the adaptive method, from errors of the test part that were known already. Every line is over all observed
values of 500 evenly spread origins of the test part, or of all origins if there are fewer: coverage of all steps together, then
the smallest and largest of any single step, of steps 1, ¼, ½ and last, and width, MSIS and WQL.
The adaptive method's rate was chosen in sight of the first three series; the others are there to check it.
"""

import argparse
import dataclasses

import numpy as np
import numpy.typing as npt
import torch

from seqlab.baselines.table import BASELINES
from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.evaluation.forecast import forecast_baseline, forecast_fitted
from seqlab.evaluation.interval_table import INTERVAL_METHODS
from seqlab.evaluation.intervals import interval_of, probabilistic_scores
from seqlab.evaluation.origins import part_origins
from seqlab.evaluation.score import training_rows
from seqlab.presets import PRESETS
from seqlab.records import Forecast, Interval
from seqlab.training.fit import fit
from seqlab.training.fitted import Fitted

CHOSEN_ON = ("co2_weekly", "electricity_taylor", "metro_traffic")
CHECKED_ON = ("airline_passengers", "sunspots", "seattle_weather", "stock_aapl", "nyse_volume", "sine_noise", "mackey_glass")
MODELS = ("network", *[key for key in ("naive", "seasonal_naive", "ets", "theta", "linear") if key in BASELINES])


def pairs(key: str, fitted: Fitted) -> tuple[Forecast, Forecast]:
    """Forecasts of the validation and of the test part by one model."""
    prepared = fitted.prepared
    both = [part_origins(prepared, part) for part in ("validation", "test")]
    if key == "network":
        return forecast_fitted(fitted, both[0], "validation"), forecast_fitted(fitted, both[1], "test")
    return forecast_baseline(key, prepared, both[0], "validation"), forecast_baseline(key, prepared, both[1], "test")


def by_step(forecast: Forecast, band: Interval) -> npt.NDArray[np.float64]:
    """(horizon,) coverage of every step, all targets together."""
    inside = (band.lower <= forecast.y_true) & (forecast.y_true <= band.upper)
    seen = np.isfinite(forecast.y_true) & np.isfinite(band.upper)
    return np.where(seen, inside, False).sum(axis=(0, 2)) / np.maximum(seen.sum(axis=(0, 2)), 1)


def line(name: str, method: str, level: float, fitted: Fitted, calibration: Forecast, forecast: Forecast) -> tuple[str, float]:
    """One line of the table, and the coverage in it."""
    prepared = fitted.prepared
    scores = probabilistic_scores(forecast, calibration, level, method, training_rows(forecast, prepared), prepared.season_length)
    first = {one.metric: one for one in reversed(scores)}
    if first["coverage"].reason:
        return f"  {name:16} {method:9} not computable: {first['coverage'].reason}", float("nan")
    steps = by_step(forecast, interval_of(forecast, calibration, level, method))
    some = " ".join(f"{steps[place]:.3f}" for place in np.unique(np.linspace(0, len(steps) - 1, 4).round().astype(int)))
    numbers = " ".join(f"{key} {first[key].value:.4g}" for key in ("mean_width", "msis", "wql"))
    text = f"{first['coverage'].value:.3f}  by step {steps.min():.3f}–{steps.max():.3f} ({some})  {numbers}"
    return f"  {name:16} {method:9} {text}", first["coverage"].value


def measure(series: str, models: list[str], methods: list[str], level: float, epochs: int) -> dict[str, list[float]]:
    """Print the lines of one series; the coverages of each method."""
    spec = PRESETS["good"].build(load_dataset(series))
    spec = spec.replace(training=dataclasses.replace(spec.training, epochs=min(epochs, spec.training.epochs), device="cpu"))
    fitted = fit(spec)
    window, counts = spec.window, [len(part_origins(fitted.prepared, part)) for part in ("validation", "test")]
    print(f"{DATASETS[series].label}: {window.context_length} → {window.horizon}, {counts[0]} calibration and {counts[1]} test origins")
    found: dict[str, list[float]] = {method: [] for method in methods}
    for model in models:
        calibration, forecast = pairs(model, fitted)
        for method in methods:
            text, share = line(forecast.model, method, level, fitted, calibration, forecast)
            print(text, flush=True)
            found[method].append(share)
    return found


def main() -> None:
    """Print all lines, and in how many of them each method came within three points of the level."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", default=",".join(CHOSEN_ON), help=f"of the data sets; 'check' for {', '.join(CHECKED_ON)}")
    parser.add_argument("--methods", default="split,rolling,adaptive", help=f"of {', '.join(INTERVAL_METHODS)}")
    parser.add_argument("--models", default=",".join(MODELS), help="network, or keys of BASELINES")
    parser.add_argument("--level", type=float, default=0.9)
    parser.add_argument("--epochs", type=int, default=5)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    methods = asked.methods.split(",")
    total: dict[str, list[float]] = {method: [] for method in methods}
    for series in CHECKED_ON if asked.series == "check" else asked.series.split(","):
        for method, shares in measure(series, asked.models.split(","), methods, asked.level, asked.epochs).items():
            total[method] += shares
    for method, shares in total.items():
        judged = np.array([share for share in shares if np.isfinite(share)])
        near = int((np.abs(judged - asked.level) <= 0.03).sum())
        print(
            f"{method}: {near} of {len(judged)} within 3 points of {asked.level:.0%}; lowest {judged.min():.3f}, highest {judged.max():.3f}"
        )


if __name__ == "__main__":
    main()
