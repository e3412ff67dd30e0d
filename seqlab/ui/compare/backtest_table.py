"""The table of a backtest: mean and spread of every model's errors, what is missing from it, and what the models report."""

import math
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from seqlab.evaluation.backtest_scores import BACKTEST_METRICS
from seqlab.evaluation.metric_table import METRICS
from seqlab.runs.backtest_log import StoredBacktest
from seqlab.ui.compare.backtest_numbers import ModelFolds
from seqlab.ui.compare.stand import NETWORK
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

__all__ = ["draw_notes", "draw_table", "say_skipped"]

BEST = "background-color: rgba(30, 160, 110, 0.28); font-weight: 700"
TIE = 1e-3
"""Values this close to the best, as a share of it, look the same in the table and are marked alike."""


def draw_table(stored: StoredBacktest, models: Sequence[ModelFolds]) -> None:
    """A row per model: mean and standard deviation over the folds."""
    labels = [METRICS[metric].label for metric in BACKTEST_METRICS]
    rows = []
    for one in models:
        done = sum(result.forecast is not None for result in one.results)
        name = f"{one.label} (this run)" if one.key == NETWORK else one.label
        means = {METRICS[metric].label: one.mean(metric) for metric in BACKTEST_METRICS}
        rows.append({"Model": name, "Folds": f"{done} of {len(stored.folds)}", **means, "Seconds": one.seconds})
    # One id for good: while results arrive, a table in which nothing is new must look so to the browser.
    styled: Styler = pd.DataFrame(rows).style.set_uuid("backtest").format("{:.2f}", subset=["Seconds"])
    for metric, label in zip(BACKTEST_METRICS, labels, strict=True):
        for row, one in enumerate(models):
            styled = styled.format(_always(_with_spread(one, metric)), subset=pd.IndexSlice[[row], [label]])
        best = min((one.mean(metric) for one in models if one.complete(metric)), default=math.nan)
        marks = [BEST if one.complete(metric) and one.mean(metric) <= best * (1 + TIE) else "" for one in models]
        styled = styled.apply(lambda _column, marks=marks: marks, subset=[label])
    config = {METRICS[metric].label: st.column_config.NumberColumn(help=METRICS[metric].sentence) for metric in BACKTEST_METRICS}
    config["Seconds"] = st.column_config.NumberColumn(help="To fit or train in all folds, and to forecast.")
    config["Model"] = st.column_config.TextColumn(pinned=True, width="medium")
    st.dataframe(
        styled,
        hide_index=True,
        column_config=config,
        height="content",
        key="backtest_table",
        alt="Mean error of every model over the folds",
    )
    st.caption(
        "Mean ± standard deviation over the folds. The best of every column is marked, near ties too; a model that lacks a fold is not in "
        "that race. MASE is scaled by all rows before a fold, for every model alike."
    )


def _always(text: str) -> Callable[[object], str]:
    return lambda _value: text


def _with_spread(one: ModelFolds, metric: str) -> str:
    mean, spread = one.mean(metric), one.spread(metric)
    if not math.isfinite(mean):
        return "not computable"
    return f"{number(mean)} ± {number(spread, 2)}" if math.isfinite(spread) else number(mean)


def say_skipped(stored: StoredBacktest, models: Sequence[ModelFolds]) -> None:
    """What is missing, and why."""
    said = [*stored.notes, *stored.skipped.values()]
    for one in models:
        reasons: dict[str, list[int]] = {}
        for result in one.results:
            if result.reason:
                reasons.setdefault(result.reason, []).append(result.fold.number)
        said += [f"{one.label}, {_folds(numbers)}: {reason}" for reason, numbers in reasons.items()]
    left = stored.pieces - len(stored.results)
    if left:
        said.append(f"{left} of {stored.pieces} results are not computed. The same settings, started again, go on from here.")
    if said:
        st.markdown("\n".join(f"- {escape(sentence)}" for sentence in said))


def _folds(numbers: Sequence[int]) -> str:
    return f"fold{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def draw_notes(models: Sequence[ModelFolds]) -> None:
    """What every model said while it was fitted, each sentence once."""
    lines = []
    for one in models:
        notes: dict[str, list[int]] = {}
        for result in one.results:
            for note in result.notes:
                notes.setdefault(note, []).append(result.fold.number)
        lines += [f"- **{escape(one.label)}**, {_folds(numbers)}: {escape(note)}" for note, numbers in notes.items()]
    if lines:
        with st.expander("What the models report", icon=":material/list_alt:"):
            st.markdown("\n".join(lines))
