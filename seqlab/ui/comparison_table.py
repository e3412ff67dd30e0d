"""The table of a comparison: one row per model, the best of every metric marked."""

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from seqlab.baselines.table import BASELINES
from seqlab.evaluation.metrics import METRICS
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.verdict import NETWORK, score_of

__all__ = ["draw_notes", "draw_table", "table_of"]

NOT_COMPUTABLE = "not computable"
BEST = "background-color: rgba(30, 160, 110, 0.28); font-weight: 700"
TIE = 1e-3
"""Values this close to the best, as a share of it, look the same in the table and are marked alike."""


def table_of(models: list[ComparedModel]) -> pd.DataFrame:
    """One row per model, sorted by its mean absolute error; NaN where a metric is not computable."""
    rows = [
        {
            "Model": f"{model.model} (this run)" if model.key == NETWORK else model.model,
            **{entry.label: score_of(model, key) for key, entry in METRICS.items()},
            "Seconds": model.seconds,
        }
        for model in models
    ]
    table = pd.DataFrame(rows, columns=["Model", *(entry.label for entry in METRICS.values()), "Seconds"])
    return table.sort_values(METRICS["mae"].label, na_position="last", kind="stable", ignore_index=True)


def draw_table(models: list[ComparedModel]) -> None:
    """The table, and why a number is missing from it."""
    table = table_of(models)
    labels = [entry.label for entry in METRICS.values()]
    shown: dict[str, Callable[[object], str]] = {**dict.fromkeys(labels, _shown), "Seconds": _seconds}
    styled: Styler = table.style.format(shown)  # type: ignore[arg-type]  # the stubs know no mapping of functions
    for entry in METRICS.values():
        styled = styled.apply(_mark, subset=[entry.label], highest=entry.higher_is_better)
    config = {entry.label: st.column_config.NumberColumn(help=f"{entry.sentence}") for entry in METRICS.values()}
    config["Seconds"] = st.column_config.NumberColumn(
        help="Time to fit the model and make all forecasts; the network's training is not in it."
    )
    config["Model"] = st.column_config.TextColumn(pinned=True, width="medium")
    st.dataframe(styled, hide_index=True, column_config=config, alt="Errors of every model on the test part")
    st.caption("Sorted by MAE; the best of every column is marked, near ties too. All models forecast from the same origins.")
    reasons = {
        f"{escape(METRICS[one.metric].label)} of {escape(model.model)}: {escape(one.reason)}"
        for model in models
        for one in model.scores
        if one.reason
    }
    if reasons:
        st.caption("Not computable: " + "; ".join(sorted(reasons)))


def _shown(value: object) -> str:
    return number(value) if isinstance(value, float) and math.isfinite(value) else NOT_COMPUTABLE


def _seconds(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) and math.isfinite(value) else "–"


def _mark(column: pd.Series, *, highest: bool) -> list[str]:
    numbers = pd.to_numeric(column, errors="coerce")
    best = numbers.max() if highest else numbers.min()
    return [BEST if value == best or abs(value - best) <= TIE * abs(best) else "" for value in numbers]


def draw_notes(models: list[ComparedModel]) -> None:
    """What every model is, and what it said while it was fitted."""
    with st.expander("What each model is, and what it reports", icon=":material/list_alt:"):
        for model in models:
            entry = BASELINES.get(model.key)
            about = escape(entry.sentence) if entry is not None else "The trained network of this run, with its weights as they are."
            notes = "".join(f"\n  - {escape(note)}" for note in model.notes)
            st.markdown(f"- **{escape(model.model)}**: {about}{notes}")
            if entry is not None:
                st.latex(entry.equation)
