"""Tags: the report per entity and per tag, what went wrong, and the texts with their errors."""

from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.evaluation.entities import Entity, EntityReport, entity_report, marks_entities
from seqlab.evaluation.entity_errors import MISTAKES, entity_errors
from seqlab.evaluation.tagging import tag_report
from seqlab.records import ClassPrediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.judge.model_choice import choose_model
from seqlab.ui.judge.report_table import draw_report, report_frame
from seqlab.ui.judge.samples import draw_gates_link, draw_list
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import JudgeStand
from seqlab.ui.messages import escape
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text

__all__ = ["draw", "sentence_order", "tokens_of"]

_COUNTINGS = {"As conlleval": "conlleval", "Strict": "strict"}
_ORDERS = {"Most errors first": "errors", "As in the data": "data"}
PAGE = 8  # texts at once
MOST = 200


def draw(stand: JudgeStand) -> None:
    """Reports on top, texts below."""
    prediction = stand.classes(choose_model(stand))
    frames = []
    if marks_entities(prediction.classes):
        frames.append(_draw_entities(stand, prediction))
    frames.append(_draw_tags(stand, prediction))
    _draw_texts(stand, prediction)
    offer(stand, "tags", pd.concat(frames, ignore_index=True), stamp=stamp_lines(stand))


def _scheme(stand: JudgeStand) -> str:
    return getattr(stand.dataset, "scheme", "")


def _draw_entities(stand: JudgeStand, prediction: ClassPrediction) -> pd.DataFrame:
    st.markdown("**Whole entities**")
    way = st.segmented_control("Counted", list(_COUNTINGS), default="As conlleval", key="counting", bind="query-params", required=True)
    report = entity_report(prediction, _COUNTINGS.get(way or "", "conlleval"), _scheme(stand))
    draw_report(report.rows, (report.overall, report.macro), name="kind of entity", counted="entities", key="entities")
    other = "strict" if report.counting == "conlleval" else "conlleval"
    beside = entity_report(prediction, other, _scheme(stand)).overall.f1.value
    st.caption(
        f"{escape(report.sentence)} F1 of all entities is {100 * report.overall.f1.value:.2f} so, and {100 * beside:.2f} the other way: "
        "figures of the two must not be compared."
    )
    _draw_mistakes(stand, prediction, report)
    return report_frame((*report.rows, report.overall, report.macro)).assign(counted=f"entities, {report.counting}")


def _draw_mistakes(stand: JudgeStand, prediction: ClassPrediction, report: EntityReport) -> None:
    errors = entity_errors(report)
    if not errors:
        return
    counts = Counter(error.mistake for error in errors)
    with st.expander(f"The {len(errors):,} mistakes one by one", icon=":material/troubleshoot:"):
        st.markdown("\n".join(f"- {counts[kind]:,} × **{kind}**: {sentence}" for kind, sentence in MISTAKES.items() if counts[kind]))
        shown = errors[:MOST]
        row_of = {int(sample): row for row, sample in enumerate(prediction.samples)}
        draw_list(
            stand,
            [row_of[error.place[0]] for error in shown],
            {
                "Is there": [_words(stand, error.wanted) for error in shown],
                "Was said": [_words(stand, error.said) for error in shown],
                "Mistake": [error.mistake for error in shown],
            },
            key="mistakes",
            alt="Entities that were not found exactly",
        )
        if len(errors) > MOST:
            st.caption(f"The first {MOST:,} are listed.")


def _words(stand: JudgeStand, entity: Entity | None) -> str:
    if entity is None:
        return "–"
    words = stand.steps_of(entity.sample)[entity.start : entity.end]
    return f"{('' if stand.close else ' ').join(words)} ({entity.kind})"


def _draw_tags(stand: JudgeStand, prediction: ClassPrediction) -> pd.DataFrame:
    report = tag_report(prediction)
    st.markdown(f"**Single tags**, {stand.unit} by {stand.unit}")
    means = (report.macro, *((report.outside,) if report.outside is not None else ()))
    draw_report(report.rows, means, name="tag", counted=f"{stand.unit}s", key="single")
    outside = " The mean leaves out O, which most words have and any model gets right." if report.outside is not None else ""
    st.caption(f"Of {report.words:,} {stand.unit}s {100 * report.accuracy.value:.2f} % have the right tag.{outside}")
    return report_frame((*report.rows, *means)).assign(counted=f"single {stand.unit}s")


def sentence_order(prediction: ClassPrediction, way: str) -> np.ndarray:
    """Rows of a prediction in the order in which their texts are shown: ``errors`` or ``data``.

    Example:
        >>> truth = np.array([[0, 0], [0, 0]])
        >>> said = ClassPrediction(model="m", classes=("a", "b"), samples=np.arange(2), y_true=truth, y_pred=np.array([[0, 0], [1, 0]]))
        >>> sentence_order(said, "errors").tolist()
        [1, 0]
    """
    if way == "data":
        return np.arange(len(prediction.samples))
    wrong = ((prediction.y_true >= 0) & (prediction.y_true != prediction.y_pred)).sum(axis=1)
    return np.argsort(-wrong, kind="stable")


def tokens_of(stand: JudgeStand, prediction: ClassPrediction, row: int) -> list[TaggedToken]:
    """The words of one text with what was said of each."""
    names = (*prediction.classes, "")  # number -1: no answer, or none wanted
    return [
        TaggedToken(text=word, said=names[int(said)], true=names[int(true)])
        for word, said, true in zip(
            stand.steps_of(int(prediction.samples[row])), prediction.y_pred[row], prediction.y_true[row], strict=False
        )
    ]


def _draw_texts(stand: JudgeStand, prediction: ClassPrediction) -> None:
    st.markdown("**The texts**")
    count = len(prediction.samples)
    pages = -(-count // PAGE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        way = st.segmented_control(
            "Order", list(_ORDERS), default="Most errors first", key="tags_order", bind="query-params", required=True
        )
        chosen = st.number_input(f"Page of {pages:,}", 1, pages, 1, key="tags_page", width=150)
    order = sentence_order(prediction, _ORDERS.get(way or "", "errors"))
    start = (min(int(chosen or 1), pages) - 1) * PAGE
    for row in order[start : start + PAGE].tolist():
        with st.container(border=True, gap="xsmall"):
            tokens = tokens_of(stand, prediction, row)
            draw_tagged_text(tokens, prediction.classes, close=stand.close)
            wrong = sum(token.wrong for token in tokens)
            said = f"{wrong} of {len(tokens)} wrong" if wrong else f"all {len(tokens)} right"
            draw_gates_link(stand, row, said)
    st.caption("A frame marks a wrong tag: what was said ≠ what is right. Tags that are not written out are O: no entity.")
