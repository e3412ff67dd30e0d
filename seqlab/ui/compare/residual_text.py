"""The residuals' pictures read in plain words, with their numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqlab.ui.run_text import number

if TYPE_CHECKING:
    from seqlab.evaluation.residual_shape import NormalFit, PhaseSpread
    from seqlab.evaluation.residuals import Autocorrelation, Bias, Residuals

__all__ = ["read_bias", "read_correlation", "read_season", "read_shape"]

LEVEL = 0.05


def read_bias(bias: "Bias", residuals: "Residuals") -> str:
    """Whether the forecasts are too low or too high on average."""
    ahead = f"{residuals.step:,} step{'s' if residuals.step > 1 else ''} ahead"
    count = len(residuals.observed)
    said = f"{residuals.model}, {ahead}: {count:,} residuals, mean {number(bias.mean)}"
    if bias.reason:
        return f"{said}. Whether that is a bias cannot be computed: {bias.reason}"
    said += f", {100 * abs(bias.share):.2g} % of their standard deviation"
    if bias.p_value >= LEVEL:
        return f"{said}. A mean that large is no sign of a bias ({_chance(bias.p_value)}, t test with fixed smoothing)."
    word = "low" if bias.mean > 0 else "high"
    test = f"{_chance(bias.p_value)}, t test with fixed smoothing"
    return f"{said}. The forecasts are too {word} on average, by more than luck explains ({test})."


def read_correlation(found: "Autocorrelation", residuals: "Residuals") -> str:
    """What the bars and the Ljung–Box test say."""
    if found.reason:
        return f"Autocorrelations cannot be computed: {found.reason}"
    free = found.lags > residuals.overlap
    outside = free & (np.abs(found.acf) > found.bound)
    total = int(free.sum())
    said = (
        f"Each bar tells how well a residual is known from the one so many lags before (1 lag is {residuals.lag}). Of unrelated residuals "
        f"95 % of bars stay within ± {number(found.bound, 2)}; here {int(outside.sum()):,} of {total:,} leave it"
    )
    if outside.any():
        strongest = int(np.argmax(np.where(free, np.abs(found.acf), -1.0)))
        said += f", most at lag {int(found.lags[strongest]):,} ({found.acf[strongest]:+.2f})"
    said += "."
    if found.ljung_box_reason:
        return f"{said} {found.ljung_box_reason}"
    test = f"Ljung–Box over {found.tested:,} lags: Q = {number(found.ljung_box, 3)}, {_chance(found.p_value)}"
    if found.p_value < LEVEL:
        return f"{said} Taken together that is more than luck ({test}): the model leaves something that its own errors could have told it."
    return f"{said} Taken together that is what luck gives ({test}): no pattern is left that these lags could show."


def read_shape(fit: "NormalFit") -> str:
    """How the residuals differ from a normal distribution."""
    if fit.reason:
        return fit.reason
    said = (
        f"Standard deviation {number(fit.deviation)}. {100 * fit.inside:.3g} % lie within 1.96 standard deviations of their mean "
        "(95 % of a normal distribution do)."
    )
    tails = (
        "Large misses are more frequent than a normal distribution has them: intervals that assume one are too narrow far out"
        if fit.kurtosis > 1
        else "Large misses are rarer than a normal distribution has them"
        if fit.kurtosis < -0.5
        else "Large misses are about as frequent as in a normal distribution"
    )
    lean = ""
    if abs(fit.skewness) > 0.5:
        side = "too low" if fit.skewness > 0 else "too high"
        lean = f" The largest misses are mostly forecasts that were {side} (skewness {fit.skewness:+.2f})."
    return f"{said} {tails} (excess kurtosis {fit.kurtosis:+.2f}).{lean}"


FEW = 10
"""Phases of the season with fewer residuals than this are said to have few."""


def read_season(spread: "PhaseSpread", names: Sequence[str], season: str) -> str:
    """Where in the season the errors are largest, and where the forecasts lean."""
    if len(names) < 2:
        return f"All residuals fall on one {season}."
    width = spread.quantiles[:, 4] - spread.quantiles[:, 0]
    wide, narrow = int(np.argmax(width)), int(np.argmin(width))
    lean = int(np.argmax(np.abs(spread.mean)))
    side = "too low" if spread.mean[lean] > 0 else "too high"
    least = int(spread.count.min())
    few = f" Some have only {least:,} residual{'s' if least > 1 else ''}." if least < FEW else ""
    if int(spread.count.max()) < 2:
        return f"There is one residual for each {season} at most: nothing can be said about their spread."
    return (
        f"By {season}: the middle 90 % of residuals spread widest at {names[wide]} ({number(width[wide])}) and least at {names[narrow]} "
        f"({number(width[narrow])}). The forecasts lean most at {names[lean]}: {side} by {number(abs(float(spread.mean[lean])))} on "
        f"average.{few}"
    )


def _chance(p_value: float) -> str:
    return "p < 0.0001" if p_value < 1e-4 else f"p = {p_value:.2g}"
