"""What a sweep has found so far: the best settings, the search in two pictures, the table of trials."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from seqlab.figures.parallel import plot_parallel
from seqlab.figures.search_history import TrialPoint, plot_search
from seqlab.runs.search_space import spec_of
from seqlab.runs.spec_fields import short_label, value_text
from seqlab.runs.sweep import SweepSpec, SweepTrial
from seqlab.runs.sweep_report import influence, sweep_table
from seqlab.runs.sweep_store import SweepFolder
from seqlab.ui import frame, selection
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import attempt, escape
from seqlab.ui.run_text import number
from seqlab.ui.several.address import RUNS
from seqlab.ui.several.spread import MOST_AXES, axes_of
from seqlab.ui.train_form import use_settings

__all__ = ["draw_best", "draw_pictures", "draw_table"]

_STATES = {"running": "On its way", "complete": "Complete", "failed": "No loss", "pruned": "Not possible"}
_USED = "sweep_used"


def draw_best(spec: SweepSpec, trials: Sequence[SweepTrial], best: SweepTrial) -> None:
    """The best trial so far, and what can be done with it."""
    complete = sum(trial.state == "complete" for trial in trials)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.metric("Best validation loss", number(best.loss), width="content", help="On scaled values; of the best epoch of the best trial.")
        for each in spec.space:
            st.metric(short_label(each.path), value_text(each.path, best.values.get(each.path)), width="content")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Use the best settings",
            icon=":material/input:",
            type="primary",
            key="sweep_use",
            on_click=attempt,
            args=(_use, spec, best),
            help="Puts data set and settings of the best trial into the form of the Train page.",
        )
        st.button(
            "Compare the best runs",
            icon=":material/compare_arrows:",
            key="sweep_compare",
            on_click=_compare,
            args=(_best_runs(trials),),
            help="The eight trials with the smallest validation loss, beside each other.",
        )
        if st.session_state.pop(_USED, False):
            st.markdown(":green[:material/check:] The Train page now starts from these settings.", width="content")
            frame.link("train", "Train")
    st.caption(
        f"Trial {best.number + 1} is the best of {complete}. The smallest of many losses is partly luck: before you rely on it, train "
        "these settings with other seeds, and look at their test error once."
    )


def _use(spec: SweepSpec, trial: SweepTrial) -> None:
    use_settings(spec_of(spec.base, trial.values))
    st.session_state[_USED] = True


def _best_runs(trials: Sequence[SweepTrial]) -> list[str]:
    complete = sorted((trial for trial in trials if trial.state == "complete"), key=lambda trial: trial.loss)
    return list(dict.fromkeys(trial.run_id for trial in complete))[:8]


def _compare(ids: list[str]) -> None:
    st.session_state[RUNS] = ",".join(ids)
    st.session_state["runs_view"] = "Compared"


def draw_pictures(spec: SweepSpec, trials: Sequence[SweepTrial]) -> None:
    """The loss of every trial, the trials across their settings, and how far each setting orders the losses."""
    left, right = st.columns([3, 4], gap="medium")
    points = [TrialPoint(number=each.number + 1, loss=each.loss, over=each.state != "running", text=_words(each)) for each in trials]
    with left:
        show_figure(
            plot_search(points, planned=spec.planned, height=380),
            key="sweep_history",
            alt="Validation loss of every trial, and the best so far",
        )
    complete = [trial for trial in trials if trial.state == "complete"]
    with right:
        axes = axes_of(_axes(spec), [trial.values for trial in complete])
        show_figure(
            plot_parallel(axes, [trial.loss for trial in complete], title="validation loss"),
            key="sweep_parallel",
            alt="The trials as lines across their settings, coloured by validation loss",
        )
    judged = [each for each in influence(trials, spec.space) if math.isfinite(each.strength)]
    if judged and len(spec.space) > 1:
        said = "; ".join(
            f"{short_label(each.path)} {each.strength:.2f}{f' ({each.direction})' if each.direction else ''}" for each in judged
        )
        st.caption(
            f"How far each setting alone orders the losses (rank correlation, 0 not at all, 1 completely, {len(complete)} trials): "
            f"{escape(said)}. What two settings do together it does not see; where the search went most often weighs most."
        )


def _axes(spec: SweepSpec) -> list[str]:
    """The settings that get an axis: all of a few, else those that are chosen."""
    if len(spec.space) <= MOST_AXES:
        return [each.path for each in spec.space]
    labels = {short_label(each.path): each.path for each in spec.space}
    picked = st.multiselect("Axes", list(labels), list(labels)[:MOST_AXES], key="sweep_axes", bind="query-params")
    return [labels[label] for label in picked if label in labels]


def _words(trial: SweepTrial) -> str:
    said = ", ".join(f"{short_label(path)} {value_text(path, value)}" for path, value in trial.values.items())
    return f"{said}. {trial.reason}" if trial.reason else said


def draw_table(folder: SweepFolder, spec: SweepSpec, trials: Sequence[SweepTrial]) -> None:
    """All trials, the best first; a click selects the run."""
    if not trials:
        return
    ranked = sorted(trials, key=lambda trial: (trial.state != "running", not math.isfinite(trial.loss), trial.loss, trial.number))
    ranked = [*(t for t in ranked if t.state == "complete"), *(t for t in ranked if t.state != "complete")]
    table = sweep_table(ranked, spec.space, words=True)
    shown = pd.DataFrame({"Trial": table["trial"], "State": [_STATES[each] for each in table["state"]]})
    shown["Validation loss"] = table["validation_loss"].where(table["validation_loss"].notna())
    for each in spec.space:
        shown[short_label(each.path)] = table[each.label]
    shown["Note"] = table["note"]
    ids = [trial.run_id for trial in ranked]
    key = f"sweep_table.{folder.sweep_id}.{abs(hash(tuple(ids)))}"
    st.caption("The trials, the best first. Click a row to select its run.")
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select=lambda: _select(key, ids),
        selection_mode="single-row",
        column_config={
            "Validation loss": st.column_config.NumberColumn(format="%.4g", help="Smallest over the epochs, on scaled values"),
            "Note": st.column_config.TextColumn(width="large"),
            **{short_label(each.path): st.column_config.NumberColumn(format="%.4g") for each in spec.space if not each.choices},
        },
        placeholder="–",
        height="content" if len(shown) <= 12 else 460,
        alt="The trials of the sweep with their settings and losses",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Numbers",
            lambda: sweep_table(trials, spec.space).to_csv(index=False).encode(),
            file_name=f"sweep_{folder.sweep_id}.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            help="Every trial with its settings, its loss and its run, as CSV.",
        )
        if selection.run_id() in ids:
            frame.link("train", "Curve and scores of the selected trial", icon=":material/show_chart:")


def _select(key: str, ids: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids) and ids[rows[0]]:
        selection.select_run(ids[rows[0]])
