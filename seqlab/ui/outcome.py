"""A run that is over: how it ended, its scores, and the way to its gates and its comparison."""

import math

import streamlit as st

from seqlab.data.series import SeriesDataset
from seqlab.evaluation.length_share import right_share
from seqlab.evaluation.teaching import teaching_verdict
from seqlab.records import EpochRecord
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui import frame
from seqlab.ui.datasets import open_dataset
from seqlab.ui.live_curve import duration
from seqlab.ui.live_run import LiveRun
from seqlab.ui.messages import attempt, escape
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import STATUS, number
from seqlab.ui.score_text import score_texts
from seqlab.ui.supervision import store
from seqlab.ui.train_form import use_settings

__all__ = ["draw_outcome"]

_LEVEL = {"finished": st.success, "stopped": st.info, "diverged": st.warning, "failed": st.error, "interrupted": st.warning}
_VERDICT = {"solved": st.success, "partial": st.info, "plateau": st.warning, "above": st.warning}
_SHOWN = {"forecast": 7, "tag": 6}  # scores beside each other; Compare has all of them
_OTHERS = 5


def draw_outcome(summary: RunSummary) -> None:
    """Message, scores, links, loss curve.

    Args:
        summary: a run with a result.
    """
    result = summary.result
    if result is None:
        raise ValueError(f"the run {summary.run_id} has not ended")
    text = STATUS[result.status]
    st.markdown(f"**{escape(summary.name)}**")
    number_of_log = f" The worker's log has it under {result.error_id}." if result.error_id else ""
    _LEVEL[result.status](escape(f"{result.message or text.label}{number_of_log}"), icon=text.icon)
    with st.container(horizontal=True, gap="medium"):
        for score in score_texts(summary)[: _SHOWN.get(task_of_spec(summary.spec), _OTHERS)]:
            st.metric(f"Test {score.label}", score.value, help=score.meaning, width="content")
        if math.isfinite(result.best_validation_loss):
            st.metric("Best validation loss", f"{number(result.best_validation_loss)} (epoch {result.best_epoch})", width="content")
        st.metric("Epochs", f"{result.epochs} of {summary.spec.training.epochs}", width="content")
        st.metric("Training time", duration(result.seconds), width="content")
    _draw_verdict(summary)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if result.has_model:
            frame.link("gates", "See its gates")
            frame.link("compare", "Compare with simple models")
        st.button(
            "Use its settings",
            icon=":material/input:",
            type="tertiary",
            on_click=attempt,
            args=(use_settings, summary.spec),
            help="Puts the data set and the settings of this run into the form below, to change them and train again.",
        )
        if result.status == "interrupted" and not summary.read_only:
            st.button("Resume", icon=":material/play_arrow:", on_click=attempt, args=(store().request, summary.run_id, "resume"))
    if result.scores and len(summary.spec.data.targets) > 1:
        st.caption(
            "Each score is the mean over the target columns. Where these have different units, MASE and R² say more than MAE and RMSE."
        )
    for note in result.notes:
        st.caption(escape(note))
    if result.epochs:
        run = LiveRun(summary)
        run.poll(over=True)
        run.draw_charts()


def _draw_verdict(summary: RunSummary) -> None:
    """Whether a teaching task was solved, by losses that are known beforehand."""
    result, spec = summary.result, summary.spec
    if result is None or not result.epochs:
        return
    dataset = open_dataset(spec.dataset, spec.dataset_options)
    if isinstance(dataset, SeriesDataset) or dataset.trivial is None or dataset.solved is None:
        return
    if not task_entry(dataset.task).classes and spec.training.loss != "mse":
        st.caption("No verdict on this teaching task: its losses are known as squared errors only, and another loss was trained.")
        return
    records, _ = summary.folder.read_metrics()
    losses = [record.validation_loss for record in records if isinstance(record, EpochRecord)]
    said = summary.folder.prediction()
    share = right_share(said, dataset).share if said is not None else math.nan
    verdict = teaching_verdict(dataset, losses, share)
    _VERDICT.get(verdict.kind, st.info)(escape(verdict.sentence), icon=":material/school:")
