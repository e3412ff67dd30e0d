"""Scores of the network and of the baselines, side by side, the best of each marked."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from seqlab.baselines.sequence_table import SEQUENCE_BASELINES
from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.records import ClassPrediction, Forecast, Prediction
from seqlab.tasks import task_entry
from seqlab.ui.compare.take_away import offer
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import SEED, JudgedModel, JudgeStand
from seqlab.ui.judge.verdict_card import is_share, shown_value
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

__all__ = ["Line", "draw", "lines_of", "scores_table"]

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
    lines = lines_of(stand, metrics)
    table = scores_table(lines, metrics)
    _draw_table(table, metrics)
    sorted_by = f" Sorted by {escape(TASK_METRICS[metrics[0]].label)}; the best of every column is marked." if len(lines) > 1 else ""
    spread = " ± is the standard deviation over the seeds." if stand.seeds else ""
    st.caption(f"{_asked(stand)}{sorted_by}{spread}")
    _say_reasons(stand.models, metrics)
    offer(stand, "scores", lambda: _long((*stand.models, *stand.seeds)), stamp=stamp_lines(stand))
    _draw_models(stand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table: metric → value, NaN where it is not computable, and metric → standard deviation over the seeds."""

    name: str
    values: Mapping[str, float]
    spread: Mapping[str, float]
    seconds: float


def lines_of(stand: JudgeStand, metrics: Sequence[str]) -> list[Line]:
    """A line per model, and one for all seeds of the network together where there are several.

    A metric that one seed lacks has no mean.
    """

    def line(model: JudgedModel, name: str) -> Line:
        return Line(name=name, values={metric: model.score(metric) for metric in metrics}, spread={}, seconds=model.seconds)

    lines = [line(model, f"{model.name} (this run)" if model is stand.network else model.name) for model in stand.models]
    if stand.seeds:
        every = (stand.network, *stand.seeds)
        table = {metric: np.array([model.score(metric) for model in every]) for metric in metrics}
        together = Line(
            name=f"{stand.network.name}, mean of {len(every)} seeds",
            values={metric: float(values.mean()) for metric, values in table.items()},
            spread={metric: float(values.std(ddof=1)) for metric, values in table.items()},
            seconds=math.nan,
        )
        lines.insert(1, together)
    return lines


def scores_table(lines: Sequence[Line], metrics: Sequence[str]) -> pd.DataFrame:
    """One row per line, the best of the first metric on top; NaN where a metric is not computable.

    Columns that end in ``±`` hold the standard deviation over the seeds, NaN for a line of one model.
    """
    rows = [
        {
            "Model": line.name,
            **{metric: line.values[metric] for metric in metrics},
            "Seconds": line.seconds,
            **{f"{metric} ±": line.spread.get(metric, math.nan) for metric in metrics},
        }
        for line in lines
    ]
    up = TASK_METRICS[metrics[0]].higher_is_better
    return pd.DataFrame(rows).sort_values(metrics[0], ascending=not up, na_position="last", kind="stable").reset_index(drop=True)


def _draw_table(table: pd.DataFrame, metrics: Sequence[str]) -> None:
    shown = table[["Model", *metrics]]
    if table["Seconds"].notna().any():
        # As text: a missing time is no score that cannot be computed.
        shown = shown.assign(Seconds=[_seconds(value) for value in table["Seconds"]])
    # All in one call: a second one would take the formats of the first away.
    formats: dict[str, Callable[[object], str]] = {metric: functools.partial(_cell, metric) for metric in metrics}
    styled: Styler = shown.style.format(formats)  # type: ignore[arg-type]  # the stubs know no mapping of functions
    for metric in metrics:
        for row in table.index[table[f"{metric} ±"].notna()]:
            spread = float(table.loc[row, f"{metric} ±"])
            styled = styled.format(functools.partial(_cell, metric, spread=spread), subset=pd.IndexSlice[[row], [metric]])
        if len(table) > 1:
            styled = styled.apply(_mark, subset=[metric], highest=TASK_METRICS[metric].higher_is_better)
    config = {metric: st.column_config.NumberColumn(TASK_METRICS[metric].label, help=TASK_METRICS[metric].sentence) for metric in metrics}
    config["Model"] = st.column_config.TextColumn(pinned=True, width="medium")
    config["Seconds"] = st.column_config.TextColumn(
        alignment="right", help="Time to fit the model and answer the test part; not the network's training."
    )
    st.dataframe(
        styled,
        hide_index=True,
        column_config=config,
        height="content",
        placeholder="not computable",
        alt="Scores of every model on the test part",
    )


def _cell(metric: str, value: object, spread: float = math.nan) -> str:
    if not isinstance(value, float) or not math.isfinite(value):
        return "not computable"
    shown = shown_value(metric, value)
    if not math.isfinite(spread):
        return shown
    return f"{shown} ± {100 * spread:.1f}" if is_share(metric) else f"{shown} ± {number(spread, 2)}"


def _seconds(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) and math.isfinite(value) else "–"


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


def _say_reasons(models: Sequence[JudgedModel], metrics: Sequence[str]) -> None:
    """Every reason once, with the metrics and models it holds for."""
    found: dict[tuple[str, str], list[str]] = {}
    for model in models:
        for score in model.scores:
            if score.reason and score.metric in metrics:
                found.setdefault((model.name, score.reason), []).append(TASK_METRICS[score.metric].label)
    if found:
        said = [f"- {escape(', '.join(labels))} of {escape(name)}: {escape(reason)}" for (name, reason), labels in found.items()]
        st.caption("\n".join(["Not computable:", *said]))


def _long(models: tuple[JudgedModel, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"model": model.name, "metric": score.metric, "value": score.value, "reason": score.reason}
            for model in models
            for score in model.scores
        ]
    )


def _about(stand: JudgeStand, model: JudgedModel) -> str:
    if model is stand.network:
        return "The trained network of this run, with its weights as they are."
    if model.key.startswith(SEED):
        return "The same network, trained again from another random start on the same sequences."
    entry = SEQUENCE_BASELINES.get(model.key)
    if entry is None:
        return ""
    return f"{escape(entry.sentence)}{f' ({escape(entry.reference)})' if entry.reference else ''}"


def _draw_models(stand: JudgeStand) -> None:
    with st.expander("What is measured, and what each model reports", icon=":material/list_alt:"):
        st.markdown(f"{escape(task_entry(stand.task).sentence)}")
        for model in (*stand.models, *stand.seeds, *stand.skipped):
            notes = "".join(f"\n  - {escape(note)}" for note in model.notes)
            skipped = f"\n  - **Left out:** {escape(model.skipped)}" if model.skipped else ""
            st.markdown(f"- **{escape(model.name)}**: {_about(stand, model)}{skipped}{notes}")
        with st.popover("Formulas", icon=":material/functions:"):
            for metric in dict.fromkeys(score.metric for model in stand.models for score in model.scores):
                if metric in TASK_METRICS:
                    entry = TASK_METRICS[metric]
                    st.latex(rf"\text{{{entry.label}}} = {entry.formula}")
                    st.caption(entry.sentence)
