"""Scores of the network and of the baselines, side by side, the best of each marked."""

import math

import pandas as pd
import streamlit as st

from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.records import ClassPrediction, Forecast, Prediction
from seqlab.tasks import task_entry
from seqlab.ui.compare.take_away import offer
from seqlab.ui.judge.stand import JudgedModel, JudgeStand
from seqlab.ui.judge.verdict_card import shown_value
from seqlab.ui.messages import escape

__all__ = ["draw", "scores_table"]

BEST = "background-color: rgba(30, 160, 110, 0.28); font-weight: 700"
FIRST = 8
"""Metrics that are shown before anybody chooses."""


def draw(stand: JudgeStand) -> None:
    """The table, why a number is missing, and what every model is."""
    known = [score.metric for score in stand.network.scores if score.metric in TASK_METRICS]
    if not known:
        st.info("This run has no scores: its test part could not be judged. Its result on the Train page says why.", icon=":material/info:")
        return
    labels = {TASK_METRICS[metric].label: metric for metric in known}
    picked = st.multiselect("Metrics", list(labels), list(labels)[:FIRST], key="judge_metrics", bind="query-params")
    metrics = [labels[label] for label in picked if label in labels] or known[:1]
    table = scores_table(stand.models, metrics)
    _draw_table(table, metrics)
    st.caption(f"{_asked(stand)} Sorted by {escape(TASK_METRICS[metrics[0]].label)}; the best of every column is marked.")
    _say_reasons(stand.models, metrics)
    offer(stand, "scores", lambda: _long(stand.models))
    _draw_models(stand)


def scores_table(models: tuple[JudgedModel, ...], metrics: list[str]) -> pd.DataFrame:
    """One row per model, the best of the first metric on top; NaN where a metric is not computable."""
    rows = [{"Model": model.name, **{metric: model.score(metric) for metric in metrics}, "Seconds": model.seconds} for model in models]
    table = pd.DataFrame(rows, columns=["Model", *metrics, "Seconds"])
    up = TASK_METRICS[metrics[0]].higher_is_better
    return table.sort_values(metrics[0], ascending=not up, na_position="last", kind="stable").reset_index(drop=True)


def _draw_table(table: pd.DataFrame, metrics: list[str]) -> None:
    shown = table.drop(columns="Seconds") if table["Seconds"].isna().all() else table
    styled = shown.style.format({metric: lambda value, metric=metric: _cell(metric, value) for metric in metrics})  # type: ignore[misc]
    if "Seconds" in shown:
        styled = styled.format({"Seconds": lambda value: f"{value:.2f}" if math.isfinite(value) else "–"})
    for metric in metrics if len(table) > 1 else ():
        styled = styled.apply(_mark, subset=[metric], highest=TASK_METRICS[metric].higher_is_better)
    config: dict[str, st.column_config.Column] = {
        metric: st.column_config.NumberColumn(TASK_METRICS[metric].label, help=TASK_METRICS[metric].sentence) for metric in metrics
    }
    config["Model"] = st.column_config.TextColumn(pinned=True, width="medium")
    config["Seconds"] = st.column_config.NumberColumn(help="Time to fit the model and answer the test part; not the network's training.")
    st.dataframe(styled, hide_index=True, column_config=config, height="content", alt="Scores of every model on the test part")


def _cell(metric: str, value: float) -> str:
    return shown_value(metric, value) if math.isfinite(value) else "not computable"


def _mark(column: pd.Series, *, highest: bool) -> list[str]:
    best = column.max() if highest else column.min()
    return [BEST if value == best else "" for value in column]


def _asked(stand: JudgeStand) -> str:
    """What was asked, in a sentence."""
    said = stand.prediction(stand.network)
    if said is None:
        return "Every model is asked about the test part, which no training has seen."
    count = len(said.origins) if isinstance(said, Forecast) else len(said.samples)
    answers = _answers(said)
    each = f", with {answers:,} answers in all" if answers != count else ""
    return f"Every model is asked about the same {count:,} sequences of the test part{each}, which no training has seen."


def _answers(said: Prediction) -> int:
    if isinstance(said, ClassPrediction):
        return int((said.y_true >= 0).sum())
    return len(said.origins) if isinstance(said, Forecast) else len(said.samples)


def _say_reasons(models: tuple[JudgedModel, ...], metrics: list[str]) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for model in models:
        for score in model.scores:
            if score.reason and score.metric in metrics:
                found.setdefault((score.metric, score.reason), []).append(model.name)
    if found:
        said = [
            f"- {escape(TASK_METRICS[metric].label)} of {escape(', '.join(names))}: {escape(reason)}"
            for (metric, reason), names in found.items()
        ]
        st.caption("\n".join(["Not computable:", *said]))


def _long(models: tuple[JudgedModel, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"model": model.name, "metric": score.metric, "value": score.value, "reason": score.reason}
            for model in models
            for score in model.scores
        ]
    )


def _draw_models(stand: JudgeStand) -> None:
    with st.expander("What is measured, and what each model reports", icon=":material/list_alt:"):
        st.markdown(f"{escape(task_entry(stand.task).sentence)}")
        for model in (*stand.models, *stand.skipped):
            notes = "".join(f"\n  - {escape(note)}" for note in model.notes)
            skipped = f"\n  - **Left out:** {escape(model.skipped)}" if model.skipped else ""
            about = "The trained network of this run, with its weights as they are." if model is stand.network else ""
            st.markdown(f"- **{escape(model.name)}**: {about}{skipped}{notes}")
        with st.popover("Formulas", icon=":material/functions:"):
            for metric in dict.fromkeys(score.metric for model in stand.models for score in model.scores):
                if metric in TASK_METRICS:
                    entry = TASK_METRICS[metric]
                    st.latex(rf"\text{{{entry.label}}} = {entry.formula}")
                    st.caption(entry.sentence)
