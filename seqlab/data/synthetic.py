"""Generated series: what they are made of is known exactly, so a model's memory can be judged."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqlab.data.series import SeriesDataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.catalog import DatasetEntry

__all__ = ["MackeyGlassOptions", "SineNoiseOptions", "mackey_glass", "mackey_glass_values", "sine_noise", "sine_noise_values"]

# Sines and powers differ in the last bit between processors. Rounded to this many decimals
# the same options give the same data, and so the same fingerprint, everywhere.
DECIMALS = 6

STEPS_PER_UNIT = 10
WARM_UP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SineNoiseOptions(Config):
    """How the noisy sine is made."""

    period: int = number_field(24, "Period (steps)", "Steps until the wave repeats.", 2, 2_000, 1)
    noise: float = number_field(
        0.1, "Noise (standard deviation)", "Random part added to every value; the wave goes from -1 to 1.", 0.0, 5.0, 0.05
    )
    length: int = number_field(1500, "Length (steps)", "Number of rows.", 50, 100_000, 100)
    seed: int = number_field(0, "Seed", "The same seed gives the same noise.", 0, 2**31 - 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MackeyGlassOptions(Config):
    """How the Mackey-Glass series is made."""

    tau: int = number_field(17, "Delay (steps)", "How far back the equation looks. Chaotic from about 17 on.", 2, 100, 1)
    length: int = number_field(2000, "Length (steps)", "Number of rows, one per unit of time.", 50, 20_000, 100)
    seed: int = number_field(0, "Seed", "Another seed starts elsewhere and shows another stretch.", 0, 2**31 - 1, 1)


def sine_noise_values(options: SineNoiseOptions) -> npt.NDArray[np.float64]:
    """``sin(2πt / period) + noise · ε_t`` with independent standard normal ``ε_t``.

    Returns:
        (time,) rounded to six decimals.

    Example:
        >>> sine_noise_values(SineNoiseOptions(period=4, noise=0.0, length=50))[:5].tolist()
        [0.0, 1.0, 0.0, -1.0, 0.0]
    """
    time = np.arange(options.length)
    # The phase within one period: 2πt itself would lose digits far from the start.
    wave = np.sin(2 * np.pi * (time % options.period) / options.period)
    noise = np.random.default_rng(options.seed).standard_normal(options.length)
    return _rounded(wave + options.noise * noise)


def mackey_glass_values(options: MackeyGlassOptions) -> npt.NDArray[np.float64]:
    """Solves ``dx/dt = 0.2·x(t-τ) / (1 + x(t-τ)^10) - 0.1·x(t)`` (Mackey & Glass 1977, Science 197, 287-289).

    Scheme: classical fourth-order Runge-Kutta with ten steps per unit of time. The delay is a whole
    number of steps, so ``x(t-τ)`` lies on the grid at the ends of a step; in its middle it is the mean
    of both ends. The past before t = 0 is a constant near 1.2 drawn with the seed. 500 units of
    warm-up are thrown away, then one value per unit is kept.

    Returns:
        (time,) rounded to six decimals.

    Example:
        >>> values = mackey_glass_values(MackeyGlassOptions(length=100))
        >>> values.shape, bool(0.2 < values.min() < values.max() < 1.4)
        ((100,), True)
    """
    step = 1.0 / STEPS_PER_UNIT
    delay = options.tau * STEPS_PER_UNIT
    start = 1.2 + 0.2 * (np.random.default_rng(options.seed).random() - 0.5)
    steps = (WARM_UP + options.length) * STEPS_PER_UNIT
    x = [start] * (delay + 1)
    # The delayed production term is needed at both ends and in the middle of a step.
    ends = [_production(start)] * (delay + 1)
    for now in range(steps):
        at_start, at_end = ends[now], ends[now + 1]
        at_middle = _production(0.5 * (x[now] + x[now + 1]))
        value = x[-1]
        k1 = at_start - 0.1 * value
        k2 = at_middle - 0.1 * (value + 0.5 * step * k1)
        k3 = at_middle - 0.1 * (value + 0.5 * step * k2)
        k4 = at_end - 0.1 * (value + step * k3)
        value += step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        x.append(value)
        ends.append(_production(value))
    kept = x[delay + WARM_UP * STEPS_PER_UNIT :: STEPS_PER_UNIT][: options.length]
    return _rounded(np.array(kept))


def _production(delayed: float) -> float:
    # Multiplying gives the same bits on every machine; a power function may not.
    second = delayed * delayed
    fourth = second * second
    return 0.2 * delayed / (1.0 + fourth * fourth * second)


def _rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.round(values, DECIMALS) + 0.0


def sine_noise(entry: "DatasetEntry", options: SineNoiseOptions) -> SeriesDataset:
    """The noisy sine as a data set.

    Example:
        >>> from seqlab.data.catalog import DATASETS
        >>> sine_noise(DATASETS["sine_noise"], SineNoiseOptions(period=7)).season_length
        7
    """
    note = f"sin(2πt / {options.period}) plus normal noise with standard deviation {options.noise:g}, seed {options.seed}."
    if options.noise:
        note += f" Knowing the wave exactly leaves a mean absolute error of {options.noise * math.sqrt(2 / math.pi):.3g}."
    return _dataset(entry, sine_noise_values(options), options.period, note)


def mackey_glass(entry: "DatasetEntry", options: MackeyGlassOptions) -> SeriesDataset:
    """The Mackey-Glass series as a data set.

    Its season is no true one: it is the lag between one and four delays at which the first 70 % of
    the series repeat most nearly, so that the seasonal-naive forecast is as strong as it can be.

    Example:
        >>> from seqlab.data.catalog import DATASETS
        >>> mackey_glass(DATASETS["mackey_glass"], MackeyGlassOptions(length=1000)).season_length
        48
    """
    values = mackey_glass_values(options)
    head = values[: int(0.7 * len(values))]
    lags = range(options.tau, min(4 * options.tau, len(head) // 2) + 1)
    season = min(lags, key=lambda lag: float(np.abs(head[lag:] - head[:-lag]).mean()), default=1)
    note = (
        f"Runge-Kutta solution with delay {options.tau}, ten steps per row, seed {options.seed}. "
        f"It has no true season; it repeats most nearly after {season} steps."
    )
    return _dataset(entry, values, season, note)


def _dataset(entry: "DatasetEntry", values: npt.NDArray[np.float64], season: int, note: str) -> SeriesDataset:
    return SeriesDataset(
        key=entry.key,
        label=entry.label,
        frame=pd.DataFrame({entry.targets[0]: values}),
        targets=entry.targets,
        season_length=season,
        seasons=(season,) if season > 1 else (),
        notes=(note,),
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )
