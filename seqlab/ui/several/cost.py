"""Accuracy against cost: whether a larger or longer trained network is worth it."""

import math

import streamlit as st

from seqlab.figures.pareto import ParetoPoint, plot_pareto
from seqlab.runs.run_comparison import pareto_front
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import one_of
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.several.choice import Chosen
from seqlab.ui.several.numbers import LOSS, METRICS, errors_of, numbers_of

__all__ = ["choose_error", "draw_cost"]

_COSTS = {"Parameters": "parameters", "Seconds": "training seconds"}


def choose_error(key: str, chosen: Chosen) -> str:
    """The validation loss or a test error; choosing by the latter is warned of."""
    return one_of("Error", list(errors_of(chosen)), LOSS, key=key)


def warn_of_test(error: str, count: int) -> None:
    """What is wrong with choosing among runs by their test error."""
    if error != LOSS:
        st.warning(
            f"Do not choose a run by this picture. The best test error of {count} runs is small partly by luck, and once you have chosen "
            "by it, the test part is no longer a test. Choose by validation loss, then look at the test error of that one run.",
            icon=":material/warning:",
        )


def draw_cost(chosen: Chosen) -> None:
    """Cost to the right, error upwards; the front is what is worth looking at."""
    st.markdown(
        "Each point is a run. A filled point lies on the *front*: no other run is both cheaper and better. A run off the front buys "
        "nothing with its cost."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        cost = one_of("Cost", list(_COSTS), "Parameters", key="pareto_cost")
        error = choose_error("pareto_error", chosen)
    warn_of_test(error, len(chosen.rows))
    errors = numbers_of(chosen, error)
    costs = [float(row.parameters) or math.nan if cost == "Parameters" else row.seconds for row in chosen.rows]
    front = pareto_front(costs, errors)
    unit = " (scale of training)" if error == LOSS else " (data units)" if error in (METRICS["mae"], METRICS["rmse"]) else ""
    points = [
        ParetoPoint(
            name=chosen.labels[place],
            short=str(place + 1),
            cost=costs[place],
            error=errors[place],
            on_front=bool(front[place]),
            position=place if len(chosen.rows) <= 12 else 0,
            more=f"{row.parameters:,} parameters, {number(row.seconds, 3)} s, seed {row.seed}",
        )
        for place, row in enumerate(chosen.rows)
    ]
    show_figure(
        plot_pareto(points, cost=_COSTS[cost], error=f"{error.lower() if error == LOSS else error}{unit}"),
        key="compared_cost",
        alt=f"{error} of the compared runs against their {_COSTS[cost]}, with the front",
    )
    st.markdown(_reading(points, _COSTS[cost], error))


def _reading(points: list[ParetoPoint], cost: str, error: str) -> str:
    front = sorted((point for point in points if point.on_front), key=lambda point: point.cost)
    if not front:
        return "No run has both numbers yet."
    drawn = sum(math.isfinite(point.cost) and math.isfinite(point.error) for point in points)
    said = f"{len(front)} of {drawn} runs lie on the front."
    cheap, best = front[0], front[-1]
    if len(front) == 1:
        return f"{said} {escape(best.name)} is at once the cheapest and the best."
    gain, price = 1 - best.error / cheap.error if cheap.error > 0 else math.nan, best.cost / cheap.cost if cheap.cost > 0 else math.nan
    return (
        f"{said} From the cheapest ({escape(cheap.name)}: {number(cheap.cost)} {cost}) to the best ({escape(best.name)}: "
        f"{number(best.cost)}), the {error.lower() if error == LOSS else error} falls by {100 * gain:.0f} % at "
        f"{number(price, 2)} times the cost. "
        "Differences within what another seed would change mean nothing: group by setting to see that spread."
    )
