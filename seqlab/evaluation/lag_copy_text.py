"""The finding on a late copy, in plain words."""

from seqlab.evaluation.copy_measure import SKILL, CopyMeasure

__all__ = ["say_copy"]

WORSE = 0.25
"""From an error this much above the last value's on, it is said that being no copy is no praise."""


def say_copy(
    kind: str,
    model: str,
    measures: dict[str, CopyMeasure],
    correlations: tuple[float, float],
    best: tuple[str, float] | None,
    steps: tuple[str, ...],
) -> tuple[str, ...]:
    """Sentences on what was found, the most important first.

    Args:
        kind: of :class:`seqlab.evaluation.lag_copy.LagCopy`.
        model: its name.
        measures: kind of path → how the forecast lies beside it.
        correlations: of one-step movements with the true ones, and with the last known ones.
        best: name and error of the best other model.
        steps: kind of copy of each step by itself.
    """
    last = measures["last"]
    if kind == "unknown":
        return (f"Whether {model} copies cannot be judged: too few values were observed, or a forecast is not a finite number.",)
    if kind == "none":
        return (*_no_copy(model, measures), *_no_skill(last), *_partly(steps))
    if kind == "late":
        late = (
            f"{model} follows late: its one-step forecast moves, from one starting point to the next, as the series moved a step before "
            f"(correlation {correlations[1]:.2f}), not as the series then does ({correlations[0]:.2f})."
        )
        return (
            late,
            f"Its error of {last.error:.4g} is no smaller than that of repeating the last value, {last.move:.4g}.",
            _elsewhere(last, best, "the last value"),
        )
    found = measures[kind]
    what = "the last value" if kind == "last" else "the last season"
    repeats = (
        f"{model} repeats {what} and adds little: on average it departs from it by {found.away:.4g}, while the truth departs by "
        f"{found.move:.4g}, and it misses the truth by {found.error:.4g}."
    )
    return (
        repeats,
        _explains(found),
        _elsewhere(found, best, what),
    )


def _explains(found: CopyMeasure) -> str:
    what = "change since the last value" if found.kind == "last" else "change since the last season"
    if found.explained > 0:
        return f"Of the {what} it explains {found.explained:.1%}."
    return f"Of the {what} it explains nothing."


def _no_copy(model: str, measures: dict[str, CopyMeasure]) -> tuple[str, ...]:
    """Beside the path it comes nearest to."""
    names = {"last": "the last value", "seasonal": "the last season"}
    found = min((one for one in measures.values() if one.pairs), key=lambda one: one.away)
    what = names[found.kind]
    if found.move == 0:
        return (f"The test part repeats {what} exactly, so a copy and the truth cannot be told apart.",)
    verb = "is better than" if found.skill > SKILL else "is no better than" if found.skill <= 0 else "is hardly better than"
    said = [
        f"{model} is no copy of {what}: it departs from it by {found.away:.4g} on average, the truth by {found.move:.4g}.",
        f"With an error of {found.error:.4g} it {verb} repeating {what} ({found.move:.4g}).",
    ]
    said += [f"Repeating {names[one.kind]} makes {one.move:.4g}." for one in measures.values() if one.pairs and one is not found]
    if found.away < found.error and found.skill > SKILL:
        said.append(f"It does lie nearer to {what} than to the truth, as cautious forecasts do; what counts is that its departures pay.")
    return tuple(said)


def _no_skill(last: CopyMeasure) -> tuple[str, ...]:
    """That something else is wrong, where a forecast is far worse than a copy would be."""
    if not last.skill < -WORSE:
        return ()
    times = last.error / last.move
    return (
        f"That is no praise: a mere copy of the last value would make {last.move:.4g}, and this forecast makes {times:.3g} times that.",
    )


def _partly(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Single steps that are copies, though the whole is none."""
    said = []
    for kind, what in (("last", "the last value"), ("seasonal", "the last season")):
        at = [number for number, one in enumerate(steps, start=1) if one == kind]
        if at:
            shown = ", ".join(map(str, at[:6])) + (", …" if len(at) > 6 else "")
            said.append(f"At {len(at)} of its {len(steps)} steps ahead it does repeat {what} (step {shown}).")
    return tuple(said)


def _elsewhere(found: CopyMeasure, best: tuple[str, float] | None, what: str) -> str:
    """Whether anything better than the copied path is known."""
    if best is None:
        return f"Compare it with other models to learn whether this series allows anything better than {what}."
    name, error = best
    if error < (1 - SKILL) * found.move:
        return f"There is something to learn here: {name} has an error of {error:.4g}, {1 - error / found.move:.0%} below that of {what}."
    return (
        f"On this series nothing clearly better was found by any model: the best other one, {name}, has an error of {error:.4g}, "
        f"repeating {what} {found.move:.4g}. Then a copy is no mistake, and no skill either."
    )
