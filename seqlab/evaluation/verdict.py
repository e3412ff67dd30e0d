"""Two models side by side: the gap between them, and how often luck alone would make one as large."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.evaluation.losses import LOSSES, SAME, LossTable, loss_table
from seqlab.evaluation.significance import cosine_test, diebold_mariano
from seqlab.records import Forecast

__all__ = ["LEVEL", "PairTest", "compare_pair", "pair_of", "pairs_of"]

LEVEL = 0.05
"""p values below this are called more than luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTest:
    """Two models compared; what cannot be computed is NaN and has a reason.

    Args:
        first, second: names of the models.
        loss: key of :data:`seqlab.evaluation.losses.LOSSES`.
        step: steps ahead; ``None`` for the mean over the whole horizon.
        horizon: steps of the whole horizon.
        difference: mean loss of the first minus that of the second; below 0 if the first is better.
        share: ``difference`` as a share of the second's mean loss; -0.28 if the first is better by 28 %.
        statistic, p_value: of the test that the verdict rests on (``method``).
        method: its name in words.
        hln_statistic, hln_p_value: of the Diebold–Mariano test in the form of Harvey, Leybourne and Newbold.
        origins: n.
        overlap: forecasts share rows with those up to so many origins later.
        reason: why ``p_value`` cannot be computed.
        hln_reason: why ``hln_p_value`` cannot be computed.
    """

    first: str
    second: str
    loss: str
    step: int | None
    horizon: int
    difference: float
    share: float
    statistic: float
    p_value: float
    method: str
    hln_statistic: float
    hln_p_value: float
    origins: int
    overlap: int
    reason: str = ""
    hln_reason: str = ""

    @property
    def luck(self) -> bool | None:
        """Whether equally good models would show such a gap in more than 5 % of cases; ``None`` if that cannot be computed."""
        return None if self.reason else self.p_value >= LEVEL

    @property
    def sentence(self) -> str:
        """The outcome in plain words."""
        return f"{self._gap} {self._chance}"

    @property
    def _gap(self) -> str:
        what = "mean absolute error" if self.loss == "absolute" else "mean squared error"
        where = f"{self.step:,} step{'s' if self.step != 1 else ''} ahead" if self.step is not None else _over(self.horizon)
        if np.isnan(self.difference):
            return f"{self.first} and {self.second} cannot be compared."
        if self.difference == 0:
            return f"{self.first} and {self.second} have the same {what} {where}."
        word = "smaller" if self.difference < 0 else "larger"
        if np.isfinite(self.share):
            return f"The {what} of {self.first} {where} is {_percent(abs(self.share))} {word} than that of {self.second}."
        return f"The {what} of {self.first} {where} is {word} than that of {self.second}, which makes no error at all."

    @property
    def _chance(self) -> str:
        if self.reason:
            return f"Whether that is luck cannot be computed: {self.reason}"
        said = f"A gap that large would come up by chance in {_percent(self.p_value, small=True)} of cases if the two were equally good"
        verdict = "so it may well be luck" if self.luck else "so it is hardly luck"
        return f"{said} ({self.method}, {self.origins:,} starting points), {verdict}."


METHOD = "Diebold–Mariano test with fixed smoothing"


def compare_pair(
    forecast_a: Forecast, forecast_b: Forecast, *, loss: str = "absolute", step: int | None = None, target: int | None = None
) -> PairTest:
    """Compares two models that forecast from the same origins.

    The verdict rests on :func:`seqlab.evaluation.significance.cosine_test`;
    :func:`seqlab.evaluation.significance.diebold_mariano` is given beside it.

    Args:
        forecast_a, forecast_b: of the two models.
        loss: ``absolute`` or ``squared``.
        step: steps ahead, from 1; ``None`` for the mean over the whole horizon.
        target: number of the target column, from 0; ``None`` for the mean over all.

    Raises:
        SeqlabError: there is no such loss, step or target, or the origins differ.
    """
    table = loss_table([forecast_a, forecast_b], loss=loss, step=step, target=target)
    return pair_of(table, 0, 1, loss=loss, step=step, horizon=forecast_a.y_true.shape[1])


def pairs_of(
    forecasts: Sequence[Forecast], *, loss: str = "absolute", step: int | None = None, target: int | None = None
) -> list[list[PairTest]]:
    """Every model against every other; row i, column j compares model i with model j. Arguments as in :func:`compare_pair`."""
    table = loss_table(forecasts, loss=loss, step=step, target=target)
    horizon = forecasts[0].y_true.shape[1]
    places = range(len(forecasts))
    return [[pair_of(table, i, j, loss=loss, step=step, horizon=horizon) for j in places] for i in places]


def pair_of(table: LossTable, first: int, second: int, *, loss: str, step: int | None, horizon: int) -> PairTest:
    """Two models of a table of losses; ``first`` and ``second`` are their columns, the rest is as in :class:`PairTest`."""
    name = LOSSES[loss].key
    one, other = table.losses[:, first], table.losses[:, second]
    lags = table.overlap + 1
    unfit = table.reasons[first] or table.reasons[second]
    gaps = one - other
    if len(gaps) and not unfit and np.abs(gaps).max() <= SAME * np.abs(other).mean():
        gaps = np.zeros_like(gaps)
    robust, classic = cosine_test(gaps, lags), diebold_mariano(gaps, lags)
    difference = float(np.mean(gaps)) if len(gaps) and not unfit else float("nan")
    basis = float(np.mean(other)) if len(other) else float("nan")
    return PairTest(
        first=table.models[first],
        second=table.models[second],
        loss=name,
        step=step,
        horizon=horizon,
        difference=difference,
        share=difference / basis if basis > 0 else float("nan"),
        statistic=robust.statistic,
        p_value=robust.p_value,
        method=METHOD,
        hln_statistic=classic.statistic,
        hln_p_value=classic.p_value,
        origins=len(one),
        overlap=table.overlap,
        reason=unfit or robust.reason,
        hln_reason=unfit or classic.reason,
    )


def _over(horizon: int) -> str:
    return f"over all {horizon:,} steps" if horizon > 1 else "one step ahead"


def _percent(share: float, *, small: bool = False) -> str:
    """A share in per cent.

    Example:
        >>> _percent(0.281), _percent(0.003), _percent(1e-9, small=True), _percent(3.4)
        ('28 %', '0.3 %', 'less than 0.01 %', '340 %')
    """
    if small and share < 1e-4:
        return "less than 0.01 %"
    value = 100 * share
    return f"{value:,.0f} %" if value >= 9.5 else f"{value:.2g} %"
