"""METRICS: the one table of forecast metrics. Describing one costs no heavy import."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["METRICS", "POINT_METRICS", "PROBABILISTIC_METRICS", "RELATIVE_METRICS", "MetricEntry"]

Kind = Literal["point", "relative", "probabilistic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricEntry:
    """How a metric is shown.

    Args:
        key: its name in tables and dictionaries.
        label: name on the screen.
        formula: LaTeX.
        sentence: how to read it.
        kind: ``point`` needs forecasts and truth only, ``relative`` also the errors of simple models at the same
            origins, ``probabilistic`` intervals or quantiles.
        higher_is_better: R² and the skills; of ``coverage`` neither, it should be near the level promised.
    """

    key: str
    label: str
    formula: str
    sentence: str
    kind: Kind = "point"
    higher_is_better: bool = False


_ENTRIES = (
    MetricEntry(key="mae", label="MAE", formula=r"\frac1n \sum |y - \hat y|", sentence="Mean absolute error, in the data's own units."),
    MetricEntry(
        key="rmse",
        label="RMSE",
        formula=r"\sqrt{\frac1n \sum (y - \hat y)^2}",
        sentence="Root of the mean squared error, in the data's own units; large errors weigh more.",
    ),
    MetricEntry(
        key="mape",
        label="MAPE (%)",
        formula=r"\frac{100}{n} \sum \frac{|y - \hat y|}{|y|}",
        sentence="Error as a share of the value. Only where no value is 0; values close to 0 make it huge.",
    ),
    MetricEntry(
        key="smape",
        label="sMAPE (%)",
        formula=r"\frac{200}{n} \sum \frac{|y - \hat y|}{|y| + |\hat y|}",
        sentence="Error relative to the size of value and forecast, 0 to 200 %; some libraries print half of it.",
    ),
    MetricEntry(
        key="mase",
        label="MASE",
        formula=r"\frac{\frac1n \sum |y - \hat y|}{\frac{1}{T-m} \sum_{t=m+1}^{T} |y_t - y_{t-m}|}",
        sentence="MAE over the error of repeating the last season in the training part; below 1 is better than that.",
    ),
    MetricEntry(
        key="rmsse",
        label="RMSSE",
        formula=r"\sqrt{\frac{\frac1n \sum (y - \hat y)^2}{\frac{1}{T-m} \sum_{t=m+1}^{T} (y_t - y_{t-m})^2}}",
        sentence="The same with squares: RMSE over that of repeating the last season in the training part.",
    ),
    MetricEntry(
        key="r2",
        label="R²",
        formula=r"1 - \frac{\sum (y - \hat y)^2}{\sum (y - \bar y)^2}",
        sentence="Share of the targets' variance that is forecast; 0 is as good as their mean, 1 is perfect.",
        higher_is_better=True,
    ),
    MetricEntry(
        key="skill_naive",
        label="Skill vs naive",
        formula=r"1 - \frac{\text{MAE}}{\text{MAE}_\text{naive}}",
        sentence="Share of the error of repeating the last value that is saved; 0 is no better, 1 is perfect, below 0 is worse.",
        kind="relative",
        higher_is_better=True,
    ),
    MetricEntry(
        key="skill_seasonal_naive",
        label="Skill vs seasonal naive",
        formula=r"1 - \frac{\text{MAE}}{\text{MAE}_\text{seasonal naive}}",
        sentence="Share of the error of repeating the last season that is saved; 0 is no better, 1 is perfect, below 0 is worse.",
        kind="relative",
        higher_is_better=True,
    ),
    MetricEntry(
        key="owa",
        label="OWA",
        formula=(
            r"\tfrac12 \left( \frac{\text{sMAPE}}{\text{sMAPE}_\text{Naive2}} + \frac{\text{MASE}}{\text{MASE}_\text{Naive2}} \right)"
        ),
        sentence="The M4 competition's overall score: mean of sMAPE and MASE, each over that of Naive2; below 1 is better than Naive2.",
        kind="relative",
    ),
    MetricEntry(
        key="coverage",
        label="Coverage",
        formula=r"\frac1n \sum \mathbf 1\{ l \le y \le u \}",
        sentence="Share of the values inside the interval; it should be the level that the interval promises.",
        kind="probabilistic",
    ),
    MetricEntry(
        key="mean_width",
        label="Mean width",
        formula=r"\frac1n \sum (u - l)",
        sentence="How wide the interval is on average, in the data's own units; narrower is better if the coverage is right.",
        kind="probabilistic",
    ),
    MetricEntry(
        key="msis",
        label="MSIS",
        formula=(
            r"\frac{\frac1n \sum \left[ (u - l) + \frac2\alpha (l - y) \mathbf 1\{y < l\}"
            r" + \frac2\alpha (y - u) \mathbf 1\{y > u\} \right]}"
            r"{\frac{1}{T-m} \sum_{t=m+1}^{T} |y_t - y_{t-m}|}"
        ),
        sentence="The M4 competition's interval score: width plus a penalty for every value outside, on MASE's scale; smaller is better.",
        kind="probabilistic",
    ),
    MetricEntry(
        key="wql",
        label="WQL",
        formula=r"\frac19 \sum_{\tau = 0.1}^{0.9} \frac{2 \sum \max(\tau (y - q_\tau), (\tau - 1)(y - q_\tau))}{\sum |y|}",
        sentence="Weighted quantile loss over the quantiles 0.1 to 0.9: error of the whole forecast distribution per unit of the values.",
        kind="probabilistic",
    ),
    MetricEntry(
        key="crps",
        label="CRPS",
        formula=(
            r"\int_{-\infty}^{\infty} (F(x) - \mathbf 1\{x \ge y\})^2 \, dx"
            r" \approx \frac19 \sum_{\tau = 0.1}^{0.9} 2 \max(\tau (y - q_\tau), (\tau - 1)(y - q_\tau))"
        ),
        sentence=(
            "MAE of a whole forecast distribution, in the data's own units: exact for a normal distribution, "
            "otherwise approximated from the quantiles 0.1 to 0.9."
        ),
        kind="probabilistic",
    ),
)

METRICS: Mapping[str, MetricEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def _of(kind: Kind) -> tuple[str, ...]:
    return tuple(entry.key for entry in _ENTRIES if entry.kind == kind)


POINT_METRICS = _of("point")
"""Keys of the metrics that are stored with every model of a comparison."""

RELATIVE_METRICS = _of("relative")
"""Keys of the metrics that compare with simple models; computed from stored ones."""

PROBABILISTIC_METRICS = _of("probabilistic")
"""Keys of the metrics of intervals and quantiles."""
