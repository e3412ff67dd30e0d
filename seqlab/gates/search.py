"""Pattern search: where else in the data do the same units do the same (LSTMVis: Strobelt et al. 2018, 1606.07461).

A unit is active at a step where its value reaches a threshold. States have a sign, and +0.8 means another thing than −0.8; so
for them "active" comes in two kinds, positive and negative, and a unit must be active in the same way to count as the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from seqlab.errors import TraceError

__all__ = ["RULES", "Span", "SpanHit", "SpanSearch", "active_signs", "find_spans", "select_units"]

Signs = npt.NDArray[np.int8]

RULES: Mapping[str, str] = MappingProxyType({"lstmvis": "Most units in common", "jaccard": "Jaccard similarity"})
"""How spans are ranked: key → label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some steps of one window.

    Args:
        window: its number among those that are searched.
        first, last: its first and last step, both included, from 0.
    """

    window: int
    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of steps."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanHit:
    """A span that resembles the brushed one.

    Args:
        span: where it is; as long as the brushed one.
        matched: how many of the selected units are active in the same way throughout.
        extra: how many others are active throughout: units that are not looked for, or with the other sign.
        run: steps of the longest run around the span through which all matched units stay active.
        jaccard: matched units over all that are selected or active; a unit with one sign and with the other are two.
    """

    span: Span
    matched: int
    extra: int
    run: int
    jaccard: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSearch:
    """What a search has found.

    Args:
        selected: (hidden,) +1 and -1 for the units that are looked for, 0 for the others.
        hits: best first, none overlapping another or the brushed span.
        candidates: how many spans were compared.
        complete: how many of them have all selected units active.
    """

    selected: Signs = field(repr=False)
    hits: tuple[SpanHit, ...]
    candidates: int
    complete: int


def active_signs(values: npt.NDArray[np.floating], threshold: float) -> Signs:
    """+1 where a value is at least the threshold, -1 where it is at most minus the threshold, else 0.

    Example:
        >>> active_signs(np.array([0.3, 0.1, -0.5]), 0.3).tolist()
        [1, 0, -1]
    """
    return (values >= threshold).astype(np.int8) - (values <= -threshold).astype(np.int8)


def select_units(active: Signs, span: Span, *, only_here: bool = False) -> Signs:
    """The units that are active in one way throughout a span.

    Args:
        active: (window, step, hidden) from :func:`active_signs`.
        span: the brushed span.
        only_here: leave out units that are active in that way just before or just after it too.

    Returns:
        (hidden,) +1, -1 or 0.
    """
    inside = active[span.window, span.first : span.last + 1]
    chosen = np.where((inside == inside[0]).all(axis=0), inside[0], 0).astype(np.int8)
    for step in (span.first - 1, span.last + 1) if only_here else ():
        if 0 <= step < active.shape[1]:
            chosen[active[span.window, step] == chosen] = 0
    return chosen


def find_spans(
    values: npt.NDArray[np.floating],
    brushed: Span,
    *,
    threshold: float = 0.3,
    units: Sequence[int] | None = None,
    only_here: bool = False,
    rule: str = "lstmvis",
    most: int = 12,
    rows: npt.ArrayLike | None = None,
    series: npt.ArrayLike | None = None,
    segment_length: int = 1,
) -> SpanSearch:
    """The spans of the same length that resemble a brushed one most.

    By LSTMVis's rule spans are ranked by most selected units active throughout, then fewest others active, then the longest run of
    the matched ones; by Jaccard similarity of the active sets, then the longest run. Ties keep the order of windows and steps. Spans
    without a unit in common are left out, and so is every span that overlaps the brushed one or a better one.

    Windows of a part overlap: the next window shows the same steps of the data, one place on. So overlap is judged in rows of the
    data where ``rows`` says which they are.

    Args:
        values: (window, step, hidden) a gate or a state; NaN in all units after the end of a sequence, where no span lies.
        brushed: the span to look for.
        threshold: a unit is active where |value| is at least this.
        units: the units to look for, each with the sign of its mean over the brushed span; ``None`` selects by the rule: those
            active throughout.
        only_here: LSTMVis's option: leave out units that are active just before or just after the brushed span too. It belongs
            to the rule and has no effect on ``units`` that are given.
        rule: a key of :data:`RULES`.
        most: how many hits at most.
        rows: (window,) row of the data of each window's first step; ``None`` if windows share no data.
        series: (window,) which series each window is of, where rows of several are meant; ``None`` for one.
        segment_length: rows per step.

    Raises:
        TraceError: the span, a unit, the threshold or the rule does not exist.
    """
    values = np.asarray(values)
    _check(values, brushed, threshold, units, rule)
    active = active_signs(values, threshold)
    if units is None:
        selected = select_units(active, brushed, only_here=only_here)
    else:
        selected = np.zeros(values.shape[2], dtype=np.int8)
        mean = values[brushed.window, brushed.first : brushed.last + 1].mean(axis=0)
        selected[list(units)] = np.where(mean[list(units)] < 0, -1, 1)
    length = brushed.length
    steady = _steady(active, length)
    size = int((selected != 0).sum())
    agree = (steady == selected) & (selected != 0)
    matched = agree.sum(axis=2)
    extra = (steady != 0).sum(axis=2) - matched
    jaccard = matched / np.maximum(1, size + extra)
    elsewhere = _apart(values.shape[:2], brushed, rows, series, segment_length)[:, : steady.shape[1]]
    elsewhere = elsewhere & ~np.isnan(values[:, length - 1 :]).all(axis=2)  # a span ends before its sequence does
    window, first = np.nonzero(elsewhere & (matched > 0))
    run = _runs(active, selected, agree, window, first)
    keys = [-matched[window, first], extra[window, first], -run] if rule == "lstmvis" else [-jaccard[window, first], -run]
    order = np.lexsort((first, window, *reversed(keys)))
    hits: list[SpanHit] = []
    free = np.ones(values.shape[:2], dtype=bool)
    for place in order:
        if len(hits) == most:
            break
        at = Span(window=int(window[place]), first=int(first[place]), last=int(first[place]) + length - 1)
        if free[at.window, at.first]:
            free &= _apart(values.shape[:2], at, rows, series, segment_length)
            hits.append(
                SpanHit(
                    span=at,
                    matched=int(matched[at.window, at.first]),
                    extra=int(extra[at.window, at.first]),
                    run=int(run[place]),
                    jaccard=float(jaccard[at.window, at.first]),
                )
            )
    return SpanSearch(
        selected=selected,
        hits=tuple(hits),
        candidates=int(elsewhere.sum()),
        complete=int((elsewhere & (matched == size)).sum()) if size else 0,
    )


def _check(values: npt.NDArray[np.floating], brushed: Span, threshold: float, units: Sequence[int] | None, rule: str) -> None:
    if values.ndim != 3:
        raise TraceError(f"A search needs values of shape (window, step, hidden); it was given {values.shape}.")
    windows, steps, hidden = values.shape
    if brushed.window not in range(windows) or not 0 <= brushed.first <= brushed.last < steps:
        raise TraceError(
            f"There are no steps {brushed.first} to {brushed.last} of window {brushed.window}. "
            f"There are windows 0 to {windows - 1} with steps 0 to {steps - 1}."
        )
    if not threshold > 0:
        raise TraceError(f"The threshold is {threshold:g}; it must be above 0, or every unit would always be active.")
    for unit in units or ():
        if unit not in range(hidden):
            raise TraceError(f"There is no unit {unit}. This layer has units 0 to {hidden - 1}.")
    if rule not in RULES:
        raise TraceError(f"There is no rule {rule!r}. The rules are: {', '.join(RULES)}.")


def _steady(active: Signs, length: int) -> Signs:
    """(window, start, hidden) the sign of a unit if it is the same throughout the span that begins there, else 0."""
    result = np.zeros((active.shape[0], active.shape[1] - length + 1, active.shape[2]), dtype=np.int8)
    for sign in (1, -1):
        counts = np.pad(np.cumsum(active == sign, axis=1, dtype=np.int32), ((0, 0), (1, 0), (0, 0)))
        result[counts[:, length:] - counts[:, :-length] == length] = sign
    return result


def _runs(
    active: Signs,
    selected: Signs,
    agree: npt.NDArray[np.bool_],
    window: npt.NDArray[np.intp],
    first: npt.NDArray[np.intp],
) -> npt.NDArray[np.int64]:
    """(candidate,) steps of the longest run around a span through which all units that agree in it stay as they are."""
    units = np.flatnonzero(selected)
    if not len(window) or not len(units):
        return np.zeros(len(window), dtype=np.int64)
    on = active[:, :, units] == selected[units]
    after, before = _streak(on[:, ::-1])[:, ::-1], _streak(on)
    missing = ~agree[window, first][:, units]
    steps = active.shape[1]
    forward = np.where(missing, steps, after[window, first]).min(axis=1)
    backward = np.where(missing, steps, before[window, first]).min(axis=1)
    return np.asarray(forward + backward - 1, dtype=np.int64)


def _streak(on: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """(window, step, unit) for how many steps, this one included, a unit has been on without a break."""
    place = np.arange(1, on.shape[1] + 1, dtype=np.int32)[None, :, None]
    last_off = np.maximum.accumulate(np.where(on, 0, place), axis=1)
    return np.asarray(place - last_off, dtype=np.int32)


def _apart(
    shape: tuple[int, ...], span: Span, rows: npt.ArrayLike | None, series: npt.ArrayLike | None, segment_length: int
) -> npt.NDArray[np.bool_]:
    """(window, start) whether a span of the same length that begins there shares no step of the data with ``span``."""
    windows, steps = shape
    if rows is None:
        apart = np.ones((windows, steps), dtype=bool)
        apart[span.window, max(0, span.first - span.length + 1) : span.last + 1] = False
        return apart
    begins = np.asarray(rows, dtype=np.int64)[:, None] + segment_length * np.arange(steps)
    away = np.abs(begins - begins[span.window, span.first]) >= segment_length * span.length
    if series is not None:
        names = np.asarray(series)
        away |= (names != names[span.window])[:, None]
    return np.asarray(away)
