"""The table of a comparison: one row per model, the best of every metric marked."""

import functools
import math
from collections.abc import Callable

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from seqlab.baselines.table import BASELINES
from seqlab.evaluation.metric_table import METRICS, POINT_METRICS, RELATIVE_METRICS
from seqlab.evaluation.metrics import mape_caution
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.scores import Line, lines_of
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.take_away import offer, offer_script
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

__all__ = ["draw"]

NOT_COMPUTABLE = "not computable"
BEST = "background-color: rgba(30, 160, 110, 0.28); font-weight: 700"
TIE = 1e-3
"""Values this close to the best, as a share of it, look the same in the table and are marked alike."""

WITH_SPREAD = 120  # pixels that a number with its spread takes

FIRST = ("mae", "rmse", "mase", "smape", "skill_naive", "skill_seasonal_naive", "owa")
"""Metrics that are shown before anybody chooses."""

EVERY = "Mean over all columns"


def draw(stand: Stand) -> None:
    """The table, why a number is missing from it, and what every model is."""
    target, metrics = _choose(stand)
    lines = lines_of(stand, target)
    _draw_table(table_of(lines, metrics), lines, metrics)
    _say_reasons(lines, metrics)
    if "mape" in metrics:
        _say_mape(stand, target)
    with st.container(horizontal=True):
        offer(stand, "scores", lambda: whole_table(stand), stamp=stamp_lines(stand))
        offer_script(stand)
    _draw_models(stand)


def _choose(stand: Stand) -> tuple[str, list[str]]:
    """The column, empty for the mean over all, and the metrics."""
    target = ""
    labels = {METRICS[key].label: key for key in (*POINT_METRICS, *RELATIVE_METRICS)}
    shown = [METRICS[key].label for key in FIRST if key != "skill_seasonal_naive" or stand.season_length > 1]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if len(stand.targets) > 1:
            chosen = st.selectbox("Column", [EVERY, *stand.targets], key="scores_column", bind="query-params", width=260)
            target = "" if chosen == EVERY or chosen not in stand.targets else chosen
        picked = st.multiselect("Metrics", list(labels), shown, key="scores_metrics", bind="query-params", width=620)
    if len(stand.targets) > 1 and not target:
        st.caption(
            "The columns may have different units, so their mean MAE and RMSE are ruled by the column with the largest numbers. "
            "MASE, skill and OWA compare like with like; or choose one column."
        )
    return target, [labels[label] for label in picked if label in labels] or ["mae"]


def table_of(lines: list[Line], metrics: list[str]) -> pd.DataFrame:
    """One row per line, sorted by the first metric; NaN where a metric is not computable."""
    rows = [
        {"Model": line.name, **{METRICS[key].label: line.values[key] for key in metrics}, "Seconds": line.model.seconds} for line in lines
    ]
    table = pd.DataFrame(rows, columns=["Model", *(METRICS[key].label for key in metrics), "Seconds"])
    first = METRICS[metrics[0]]
    return table.sort_values(first.label, ascending=not first.higher_is_better, na_position="last", kind="stable")


def whole_table(stand: Stand) -> pd.DataFrame:
    """Every metric of every model and seed, per column and as the mean over them, in long form."""
    rows = []
    for target in ("", *(stand.targets if len(stand.targets) > 1 else ())):
        for line in lines_of(stand, target):
            for key, value in line.values.items():
                spread = line.spread.get(key, math.nan)
                rows.append(
                    {
                        "model": line.name,
                        "column": target or ("mean over all" if len(stand.targets) > 1 else stand.targets[0]),
                        "metric": key,
                        "value": value,
                        "standard_deviation_over_seeds": spread,
                        "seeds": line.seeds,
                        "reason": line.reasons.get(key, ""),
                    }
                )
    return pd.DataFrame(rows)


def _draw_table(table: pd.DataFrame, lines: list[Line], metrics: list[str]) -> None:
    labels = [METRICS[key].label for key in metrics]
    spread = {index: lines[index].spread for index in table.index}
    shown = table.reset_index(drop=True)
    formats: dict[str, Callable[[object], str]] = {**dict.fromkeys(labels, _shown), "Seconds": _seconds}
    styled: Styler = shown.style.format(formats)  # type: ignore[arg-type]  # the stubs know no mapping of functions
    for row, index in enumerate(table.index):
        for key, deviation in spread[index].items():
            if key in metrics:
                styled = styled.format(functools.partial(_with_spread, spread=deviation), subset=pd.IndexSlice[[row], [METRICS[key].label]])
    for key in metrics:
        styled = styled.apply(_mark, subset=[METRICS[key].label], highest=METRICS[key].higher_is_better)
    wide = WITH_SPREAD if any(spread.values()) else None
    config = {METRICS[key].label: st.column_config.NumberColumn(help=METRICS[key].sentence, width=wide) for key in metrics}
    config["Seconds"] = st.column_config.NumberColumn(
        help="Time to fit the model and make all forecasts. Of the network only the forecasts: its training is not in it."
    )
    config["Model"] = st.column_config.TextColumn(pinned=True, width="medium")
    st.dataframe(styled, hide_index=True, column_config=config, height="content", alt="Errors of every model on the test part")
    order = "the highest first" if METRICS[metrics[0]].higher_is_better else "the smallest first"
    st.caption(
        f"Sorted by {METRICS[metrics[0]].label}, {order}; the best of every column is marked, near ties too. All models forecast "
        "from the same starting points. ± is the standard deviation over the seeds."
    )


def _with_spread(value: object, spread: float) -> str:
    return f"{_shown(value)} ± {number(spread, 2)}" if math.isfinite(spread) else _shown(value)


def _shown(value: object) -> str:
    return number(value) if isinstance(value, float) and math.isfinite(value) else NOT_COMPUTABLE


def _seconds(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) and math.isfinite(value) else "–"


def _mark(column: pd.Series, *, highest: bool) -> list[str]:
    numbers = pd.to_numeric(column, errors="coerce")
    best = numbers.max() if highest else numbers.min()
    return [BEST if value == best or abs(value - best) <= TIE * abs(best) else "" for value in numbers]


def _say_reasons(lines: list[Line], metrics: list[str]) -> None:
    """Every reason once, with the models it holds for."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for metric, reason in line.reasons.items():
            if metric in metrics:
                found.setdefault((metric, reason), []).append(line.name)
    if found:
        said = [
            f"{escape(METRICS[metric].label)} of {escape(', '.join(names) if len(names) < len(lines) else 'all models')}: {escape(reason)}"
            for (metric, reason), names in found.items()
        ]
        st.caption("\n".join(["Not computable:", *[f"- {one}" for one in said]]))


def _say_mape(stand: Stand, target: str) -> None:
    """Where MAPE can be computed but misleads."""
    forecast = stand.forecast(stand.models[0])
    if forecast is None:
        return
    for column, name in enumerate(forecast.targets):
        said = mape_caution(forecast.y_true[..., column]) if target in ("", name) else ""
        if said:
            st.caption(escape(f"{name}: {said}" if len(forecast.targets) > 1 else said))


def _draw_models(stand: Stand) -> None:
    """What every model is, and what it said while it was fitted."""
    with st.expander("What each model is, and what it reports", icon=":material/list_alt:"):
        for model in (*stand.models, *stand.seeds, *stand.skipped):
            st.markdown(_about(model))
            entry = BASELINES.get(model.key)
            if entry is not None:
                st.latex(entry.equation)
                for symbol, meaning in entry.parameters.items():
                    st.caption(f"{escape(symbol)}: {escape(meaning)}")
                st.caption(f"{escape(entry.reference)}. About {number(entry.cost, 2)} s for 15,000 hours of traffic on one core.")


def _about(model: ComparedModel) -> str:
    entry = BASELINES.get(model.key)
    about = escape(entry.sentence) if entry is not None else "The trained network of this run, with its weights as they are."
    if model.key.startswith("seed:"):
        about = "The same network, trained again from another random start on the same windows."
    notes = "".join(f"\n  - {escape(note)}" for note in model.notes)
    skipped = f"\n  - **Left out:** {escape(model.skipped)}" if model.skipped else ""
    return f"- **{escape(model.model)}**: {about}{skipped}{notes}"
