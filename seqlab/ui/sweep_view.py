"""Sweeps: the form that starts one, and one of them, going on or over."""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.errors import SeqlabError
from seqlab.records import EpochRecord
from seqlab.runs.spec_fields import short_label
from seqlab.runs.store import RunSummary
from seqlab.runs.sweep import SAMPLERS, SweepSpec, SweepTrial, best_trial
from seqlab.runs.sweep_store import SweepFolder, all_sweeps, delete_sweep, stop_sweep, sweep_folder
from seqlab.ui.messages import attempt, escape, show_error
from seqlab.ui.run_menu import local_time
from seqlab.ui.run_text import number
from seqlab.ui.several.address import SWEEP, asked_sweep
from seqlab.ui.supervision import store
from seqlab.ui.sweep_form import draw_sweep_form
from seqlab.ui.sweep_results import draw_best, draw_pictures, draw_table

__all__ = ["draw_sweeps"]

LOOK_EVERY = 1.0


def draw_sweeps(runs: Sequence[RunSummary]) -> None:
    """The form, behind an expander once there is a sweep, and the sweep that the address names.

    Args:
        runs: all of them, newest first.
    """
    asked = asked_sweep()
    sweeps = all_sweeps(store())
    if not sweeps and not asked:
        draw_sweep_form(runs)
        return
    form = st.expander("Start another sweep", icon=":material/add:", on_change="rerun", key="sweep_form")
    if form.open:
        with form:
            draw_sweep_form(runs)
    try:
        folder = sweep_folder(store(), asked) if asked else sweeps[0]
        spec = folder.spec
    except SeqlabError as error:
        show_error(error)
        folder = None
    if len(sweeps) > 1 or folder is None:
        _menu(sweeps, folder)
    if folder is not None:
        _draw_sweep(folder, spec)


def _menu(sweeps: Sequence[SweepFolder], chosen: SweepFolder | None) -> None:
    texts = {each.sweep_id: _title(each, each.spec) for each in sweeps}
    ids = list(texts)
    key = f"sweep_menu.{chosen.sweep_id if chosen else ''}"
    place = ids.index(chosen.sweep_id) if chosen is not None and chosen.sweep_id in ids else None
    st.selectbox("Sweep", ids, place, format_func=lambda each: texts.get(each, each), key=key, on_change=_take, args=(key, ids))


def _take(key: str, ids: list[str]) -> None:
    if st.session_state[key] in ids:
        st.session_state[SWEEP] = st.session_state[key]


def _title(folder: SweepFolder, spec: SweepSpec) -> str:
    entry = DATASETS.get(spec.base.dataset)
    settings = ", ".join(short_label(each.path).lower() for each in spec.space)
    return f"{local_time(folder.created):%d %b %H:%M:%S} {entry.label if entry else 'Uploaded data'}: {settings}"


def _draw_sweep(folder: SweepFolder, spec: SweepSpec) -> None:
    """One sweep as it stands; while it goes on, the page runs again whenever a trial begins or ends."""
    stamp = folder.stamp  # before anything is read: what changes from here on is noticed
    trials, end = folder.trials(), folder.end
    with st.container(border=True):
        _draw_head(folder, spec, trials)
        if end is None:
            st.fragment(_look, run_every=LOOK_EVERY, key="watch_sweep")(folder, spec, stamp)
        else:
            {"failed": st.error, "stopped": st.info}.get(end.status, st.success)(escape(end.message))
    best = best_trial(trials)
    if best is not None:
        draw_best(spec, trials, best)
    draw_pictures(spec, trials)
    draw_table(folder, spec, trials)


def _draw_head(folder: SweepFolder, spec: SweepSpec, trials: Sequence[SweepTrial]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape(_title(folder, spec))}**", width="stretch")
        if folder.end is None:
            stopping = folder.stopping
            arguments = (store(), folder.sweep_id)
            st.button(
                "Begin no more trials", icon=":material/stop_circle:", on_click=attempt, args=(_stop, *arguments, False), disabled=stopping
            )
            st.button("Stop now", icon=":material/stop:", on_click=attempt, args=(_stop, *arguments, True))
        else:
            with st.popover("Delete", icon=":material/delete:"):
                st.markdown("The list of trials is gone for good; the runs stay.")
                st.button("Delete for good", type="primary", on_click=attempt, args=(_delete, folder.sweep_id), key="sweep_delete")
    st.caption(
        escape(
            f"{'; '.join(each.text for each in spec.space)}. {SAMPLERS[spec.sampler].label}, seed {spec.seed}; "
            f"{len(trials)} of {spec.planned} trials begun. All networks have the seed {spec.base.training.seed}."
        )
    )


def _stop(store_: Any, sweep_id: str, runs_too: bool) -> None:
    stop_sweep(store_, sweep_id, runs_too=runs_too)


def _delete(sweep_id: str) -> None:
    delete_sweep(store(), sweep_id)
    st.session_state[SWEEP] = ""


def _look(folder: SweepFolder, spec: SweepSpec, drawn: tuple[int, bool]) -> None:
    """One look: where the sweep stands, in a line; everything else is drawn again when something else has changed."""
    if folder.stamp != drawn:
        st.rerun()
    trials = folder.trials()
    over = sum(trial.state != "running" for trial in trials)
    st.progress(over / max(1, spec.planned), text=_now(trials, spec, stopping=folder.stopping))


def _now(trials: Sequence[SweepTrial], spec: SweepSpec, *, stopping: bool) -> str:
    over = sum(trial.state != "running" for trial in trials)
    said = f"{over} of {spec.planned} trials over"
    if stopping:
        said += "; no more are begun"
    for trial in trials:
        if trial.state == "running" and trial.run_id:
            return f"{said}; trial {trial.number + 1} {_progress(trial)}"
    return f"{said}; the next one is about to be queued" if not stopping else said


def _progress(trial: SweepTrial) -> str:
    try:
        folder = store().folder(trial.run_id)
    except SeqlabError:
        return "was deleted"
    if folder.status == "queued":
        return "waits for a worker"
    records, _ = folder.read_metrics()
    epochs = [record for record in records if isinstance(record, EpochRecord)]
    if not epochs:
        return "has just begun"
    best = min((record.validation_loss for record in epochs), default=math.nan)
    return f"is in epoch {min(len(epochs) + 1, folder.spec.training.epochs)} of {folder.spec.training.epochs}, best loss {number(best)}"
