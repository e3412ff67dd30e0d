"""Curves over the probabilities: how well classes are told apart at every threshold, and whether the probabilities can be believed."""

import math

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.evaluation.class_curves import RankCurve, Reliability, precision_recall_curves, reliability, roc_curves
from seqlab.evaluation.classification import positive_class
from seqlab.figures import calibration, curves
from seqlab.records import ClassPrediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.judge.model_choice import choose_model
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import JudgedModel, JudgeStand
from seqlab.ui.messages import escape

__all__ = ["draw", "expected_error"]

MOST = 6
"""Lines in one picture."""

HARDEST = 4
"""Classes that are drawn before anybody chooses: those that are told apart worst."""


def draw(stand: JudgeStand) -> None:
    """ROC, precision and recall, and the reliability diagram."""
    two = bool(positive_class(stand.classes(stand.network)))
    roc, precision, said = _lines_of_models(stand) if two else _lines_of_classes(stand)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Found against false alarms (ROC)**")
        show_figure(curves.plot_roc([_drawn(curve) for curve in roc]), key="roc", alt="ROC curves")
        st.caption("The area is how often a sequence of the class gets a higher probability than one of another; 0.5 is guessing.")
    with right:
        st.markdown("**Precision against recall**")
        show_figure(curves.plot_precision_recall([_drawn(curve) for curve in precision]), key="precision_recall", alt="Precision curves")
        st.caption("Where a class is rare, this says more: of what is called so, how much is right. AP is the area under the line.")
    if said:
        st.caption(escape(said))
    _say_missing((*roc, *precision))
    diagrams = _draw_calibration(stand)
    offer(stand, "curves", lambda: _long(roc, precision, diagrams), stamp=stamp_lines(stand))


def _lines_of_models(stand: JudgeStand) -> tuple[list[RankCurve], list[RankCurve], str]:
    """Two classes: a line per model, of the positive class."""
    models = [model for model in stand.models if stand.prediction(model) is not None][:MOST]
    name = positive_class(stand.classes(stand.network))
    made = [
        tuple(_named(curve, model) for curve in (*roc_curves(said), *precision_recall_curves(said)))
        for model, said in ((model, stand.classes(model)) for model in models)
    ]
    return [one[0] for one in made], [one[1] for one in made], f"The class that is looked for is {name!r}; the other one is its mirror."


def _named(curve: RankCurve, model: JudgedModel) -> RankCurve:
    return RankCurve(
        name=model.name, x=curve.x, y=curve.y, threshold=curve.threshold, area=curve.area, baseline=curve.baseline, reason=curve.reason
    )


def _lines_of_classes(stand: JudgeStand) -> tuple[list[RankCurve], list[RankCurve], str]:
    """Many classes: one model, a line per class, each against all others."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        prediction = stand.classes(choose_model(stand))
        roc = {curve.name: curve for curve in roc_curves(prediction)}
        hardest = sorted((curve for curve in roc.values() if not curve.reason), key=lambda curve: curve.area)[:HARDEST]
        chosen = st.multiselect(
            "Classes", list(roc), [curve.name for curve in hardest], key="curve_classes", bind="query-params", max_selections=MOST
        )
    names = [name for name in chosen if name in roc] or [curve.name for curve in hardest]
    precision = {curve.name: curve for curve in precision_recall_curves(prediction)}
    said = "" if chosen != [curve.name for curve in hardest] else "These classes are told apart worst; choose others above."
    return [roc[name] for name in names], [precision[name] for name in names], said


def _drawn(curve: RankCurve) -> curves.RateCurve:
    return curves.RateCurve(name=curve.name, x=curve.x, y=curve.y, threshold=curve.threshold, area=curve.area, chance=curve.baseline)


def _say_missing(made: tuple[RankCurve, ...]) -> None:
    reasons = dict.fromkeys(f"{curve.name}: {curve.reason}" for curve in made if curve.reason)
    if reasons:
        st.caption("\n".join(["Not computable:", *[f"- {escape(reason)}" for reason in reasons]]))


def expected_error(curve: Reliability) -> float:
    """The expected calibration error: how far probability and share lie apart, on average over the answers; NaN without answers."""
    some = curve.counts > 0
    if not some.any():
        return math.nan
    return float(np.average(np.abs(curve.probability - curve.share)[some], weights=curve.counts[some]))


def _draw_calibration(stand: JudgeStand) -> list[tuple[str, Reliability]]:
    """How often an answer was right, by the probability it was given with."""
    st.markdown("**Can its probabilities be believed?**")
    said = [(model.name, stand.prediction(model)) for model in stand.models]
    made = [(name, reliability(one)) for name, one in said if isinstance(one, ClassPrediction) and one.probability is not None][:MOST]
    drawn = [
        calibration.Reliability(
            name=name, probability=curve.probability, right=curve.share, count=curve.counts, error=expected_error(curve)
        )
        for name, curve in made
        if not curve.reason
    ]
    show_figure(calibration.plot_calibration(drawn), key="calibration", alt="How often answers are right, by their probability")
    st.caption(
        "Below the dotted line the model is too sure of itself, above it too careful. The bars on the points hold the true share with "
        "95 %; below are the numbers of answers."
    )
    for name, curve in made:
        if curve.reason:
            st.caption(escape(f"{name}: {curve.reason}"))
    return made


def _long(roc: list[RankCurve], precision: list[RankCurve], diagrams: list[tuple[str, Reliability]]) -> pd.DataFrame:
    rows = [
        {"curve": kind, "name": curve.name, "threshold": t, "x": x, "y": y, "answers": ""}
        for kind, made in (("roc", roc), ("precision_recall", precision))
        for curve in made
        for t, x, y in zip(curve.threshold.tolist(), curve.x.tolist(), curve.y.tolist(), strict=True)
    ]
    rows += [
        {"curve": "calibration", "name": name, "threshold": edge, "x": x, "y": y, "answers": count}
        for name, curve in diagrams
        for edge, x, y, count in zip(
            curve.edges[1:].tolist(), curve.probability.tolist(), curve.share.tolist(), curve.counts.tolist(), strict=True
        )
    ]
    return pd.DataFrame(rows)
