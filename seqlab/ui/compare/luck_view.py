"""Is it luck? Whether the gap between two models, and among all, is larger than chance makes it."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from seqlab.figures.significance import plot_confidence_set, plot_pair_matrix, plot_pair_steps
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare import luck_numbers as numbers
from seqlab.ui.compare.luck_numbers import LuckChoice
from seqlab.ui.compare.luck_repeats import draw_columns, draw_seeds
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.compare.verdict import reference_model
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import one_of
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

if TYPE_CHECKING:
    from seqlab.evaluation.verdict import PairTest

__all__ = ["draw"]

WHOLE = "All steps together"
EVERY = "Mean over all columns"
LOSSES = {"Absolute error": "absolute", "Squared error": "squared"}
LEVEL = 0.05

EXPLANATION = """
- At every starting point the loss of one model is taken off the loss of the other. The **Diebold–Mariano test** asks whether
  the mean of these differences is far from 0, given how much they vary.
- Forecasts from neighbouring starting points share rows, so their errors are related and count for fewer than they are.
  **Fixed smoothing** (Coroneo & Iacone 2020) measures the variation by the slowest waves in the differences; it stays honest
  also where good and bad phases last longer than the horizon. The verdicts rest on it.
- The form of **Harvey, Leybourne and Newbold** (1997) adds up autocovariances instead. Read from its published t
  distribution it finds too many differences where the horizon is more than a few per cent of the starting points. So here its
  p value counts how often simulated pairs of equal models with the same overlap show as large a statistic.
- The **Model Confidence Set** (Hansen, Lunde & Nason 2011) tests all models at once, with the variances of fixed smoothing.
  Testing pair by pair instead, one of twenty pairs of equal models is found different.
- A small p value does not say that a gap is large or useful; a large one does not say that the models are equal. Both speak of
  this test part only.
"""


def draw(stand: Stand) -> None:
    """One pair, then all of them, the models that may be the best, seeds, and many columns."""
    st.markdown(
        "One model always comes out ahead of another. How often would a gap as large as this one come up if the two were "
        "equally good? Below 5 % of cases it is called more than luck."
    )
    models = [model for model in (*stand.models, *stand.seeds) if stand.forecast(model) is not None]
    if len(models) < 2:
        st.info("It takes the forecasts of two models to compare. Wait for the second, or compare again.", icon=":material/info:")
        return
    first, second, choice = _choose(stand, models)
    if first.key == second.key:
        st.info("These are one and the same model. Choose two different ones.", icon=":material/info:")
    else:
        _draw_pair(stand, first, second, choice)
    judged = [model for model in models if model in stand.models]
    if len(judged) > 2:
        _draw_all(stand, judged, choice)
        _draw_set(stand, judged, choice)
    draw_seeds(stand, second, choice)
    draw_columns(stand, judged, choice)
    _explain()
    offer(stand, "luck", lambda: numbers.table_of_pairs(numbers.every_pair(stand, models, choice)), stamp=stamp_lines(stand))


def _choose(stand: Stand, models: list[ComparedModel]) -> tuple[ComparedModel, ComparedModel, LuckChoice]:
    names = {model.model: model for model in models}
    reference = reference_model(stand.models, stand.season_length)
    labels = list(names)
    default = labels.index(reference.model) if reference is not None and reference.model in names else 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        first = st.selectbox("Model", labels, 0, key="luck_first", bind="query-params", width=260)
        second = st.selectbox("against", labels, default, key="luck_second", bind="query-params", width=260)
        loss = one_of("Loss", list(LOSSES), "Absolute error", key="luck_loss", help="Squared errors give large misses more weight.")
        step = WHOLE
        if stand.horizon > 1:
            steps = [WHOLE, *[str(step) for step in range(1, stand.horizon + 1)]]
            step = st.selectbox("Steps ahead", steps, key="luck_step", bind="query-params", width=190)
        column = EVERY
        if len(stand.targets) > 1:
            column = st.selectbox(
                "Column",
                [EVERY, *stand.targets],
                key="luck_column",
                bind="query-params",
                width=240,
                help="In the mean over all columns, each column's errors are divided by the standard deviation of its values, so "
                "that all count alike whatever their units.",
            )
    target = stand.targets.index(column) if column in stand.targets else (None if len(stand.targets) > 1 else 0)
    chosen = LuckChoice(loss=LOSSES[loss], step=int(step) if step.isdigit() and int(step) <= stand.horizon else None, target=target)
    return names.get(first, models[0]), names.get(second, models[default]), chosen


def _draw_pair(stand: Stand, first: ComparedModel, second: ComparedModel, choice: LuckChoice) -> None:
    test = numbers.pair(stand, first, second, choice)
    st.markdown(f"**{escape(test.sentence)}**")
    st.caption(escape(details(test, scaled=choice.target is None)))
    if stand.horizon == 1:
        return
    steps = numbers.pair_steps(stand, first, second, choice)
    shares, p_values = np.array([one.share for one in steps]), np.array([one.p_value for one in steps])
    st.markdown(escape(by_step(steps)))
    show_figure(
        plot_pair_steps([one.step or 1 for one in steps], shares, p_values),
        key="luck_steps",
        alt=f"How much larger or smaller the loss of {first.model} is than that of {second.model} at every step ahead",
    )


def details(test: "PairTest", *, scaled: bool = False) -> str:
    """The numbers behind the verdict.

    Args:
        test: of a pair.
        scaled: whether the losses are means over columns of different units.
    """
    said = f"Mean difference of the losses {number(test.difference)} over {test.origins:,} starting points."
    if scaled:
        said += " Each column's errors are divided by the standard deviation of its values, so that all count alike."
    if test.overlap:
        said += f" A forecast shares rows with those up to {test.overlap:,} starting points later, so their errors are related."
    if not test.reason:
        said += f" Fixed smoothing: t = {number(test.statistic, 3)}, {_chance(test.p_value)}."
    if test.hln_reason:
        return f"{said} Harvey, Leybourne and Newbold's form: {test.hln_reason}"
    said += (
        f" Harvey, Leybourne and Newbold's form: {number(test.hln_statistic, 3)}, {_chance(test.hln_p_value, simulated=test.overlap > 0)}."
    )
    if not test.reason and (test.p_value < LEVEL) != (test.hln_p_value < LEVEL):
        said += " The two forms of the test do not agree at 5 %: a close call."
    return said


def by_step(steps: "list[PairTest]") -> str:
    """At how many steps ahead the gap is more than luck."""
    first, second = steps[0].first, steps[0].second
    tested = [one for one in steps if not one.reason]
    better = sum(one.p_value < LEVEL and one.difference < 0 for one in tested)
    worse = sum(one.p_value < LEVEL and one.difference > 0 for one in tested)
    said = f"Step by step: {first} is better than {second} by more than luck at {better:,} of {len(steps):,} steps, worse at {worse:,}."
    left = len(steps) - len(tested)
    if left:
        said += f" At {left:,} steps there is no test: {next(one.reason for one in steps if one.reason)}"
    if len(tested) > 1:
        said += f" Of {len(tested):,} tests between equal models about {max(1, round(LEVEL * len(tested)))} would come out below 5 %."
    return said


def _draw_all(stand: Stand, models: list[ComparedModel], choice: LuckChoice) -> None:
    st.subheader("Every model against every other", anchor=False)
    pairs = numbers.every_pair(stand, models, choice)
    reasons = {one.reason for row in pairs for one in row if one.first != one.second}
    if "" not in reasons:
        st.markdown(f"No pair can be tested: {escape(' '.join(sorted(reasons)))}")
        return
    st.markdown("Blue: the model of the row is better than that of the column. Red: it is worse. The paler, the more it may be luck.")
    show_figure(
        plot_pair_matrix(
            [model.model for model in models],
            np.array([[one.p_value for one in row] for row in pairs]),
            np.array([[one.share for one in row] for row in pairs]),
            [[one.reason for one in row] for row in pairs],
        ),
        key="luck_matrix",
        alt="Every model against every other: which is better, and whether that may be luck",
    )


def _draw_set(stand: Stand, models: list[ComparedModel], choice: LuckChoice) -> None:
    st.subheader("Which may be the best?", anchor=False)
    found = numbers.confidence_set(stand, models, choice)
    if found.reason:
        st.markdown(f"That cannot be said: {escape(found.reason)}")
        return
    kept = [model.model for model, one in zip(models, found.included, strict=True) if one]
    st.markdown(
        f"**{escape(_set_sentence(kept, len(models)))}** The model that is worst by most is thrown out until what is left cannot be "
        "told apart from equally good models. In 95 of 100 such comparisons the best model is among those that stay "
        "(Model Confidence Set)."
    )
    for model, reason in zip(models, found.reasons, strict=True):
        if reason:
            st.caption(escape(f"{model.model} is left out: {reason}"))
    show_figure(
        plot_confidence_set([model.model for model in models], found.p_values),
        key="luck_set",
        alt="How long every model stays among those that may be the best",
    )


def _set_sentence(kept: list[str], count: int) -> str:
    if len(kept) == 1:
        return f"Only {kept[0]} is left of {count:,} models."
    if len(kept) == count:
        return f"All {count:,} models may be the best: this test part cannot tell them apart."
    return f"{len(kept):,} of {count:,} models may be the best: {', '.join(kept)}."


def _explain() -> None:
    with st.expander("How the tests work", icon=":material/school:"):
        st.markdown(EXPLANATION)


def _chance(p_value: float, *, simulated: bool = False) -> str:
    """A p value; simulation cannot tell smaller ones than 1 in 5,000 apart."""
    if simulated and p_value < 2.5e-4:
        return "p ≤ 0.0002"
    return "p < 0.0001" if p_value < 1e-4 else f"p = {p_value:.2g}"
