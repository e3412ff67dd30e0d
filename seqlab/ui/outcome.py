"""A run that is over: how it ended, its scores, and the way to its gates and its comparison."""

import math

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui import frame
from seqlab.ui.live_curve import duration
from seqlab.ui.live_run import LiveRun
from seqlab.ui.messages import attempt, escape
from seqlab.ui.run_text import STATUS, number
from seqlab.ui.supervision import store
from seqlab.ui.train_form import use_settings

__all__ = ["draw_outcome"]

_LEVEL = {"finished": st.success, "stopped": st.info, "diverged": st.warning, "failed": st.error, "interrupted": st.warning}
# In the order they are shown.
_METRICS = {
    "mae": ("MAE", "Mean absolute error on the test part, in the data's own units."),
    "rmse": ("RMSE", "Root of the mean squared error on the test part: large errors weigh more."),
    "mase": ("MASE", "The error as a multiple of what repeating the last season would have made on the training part; below 1 is better."),
    "rmsse": ("RMSSE", "The same with squares, which weigh large errors more."),
    "mape": ("MAPE", "Mean absolute error as a percentage of the values; only where no value is 0."),
    "smape": ("sMAPE", "Symmetric mean absolute percentage error on the test part."),
    "r2": ("R²", "Share of the test part's variance that is explained: 1 is perfect, 0 no better than its mean."),
}


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
        for key in sorted(result.scores, key=_place):
            label, meaning = _METRICS.get(key, (key, None))
            st.metric(f"Test {label}", number(result.scores[key]), help=meaning, width="content")
        if math.isfinite(result.best_validation_loss):
            st.metric("Best validation loss", f"{number(result.best_validation_loss)} (epoch {result.best_epoch})", width="content")
        st.metric("Epochs", f"{result.epochs} of {summary.spec.training.epochs}", width="content")
        st.metric("Training time", duration(result.seconds), width="content")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if result.has_model:
            frame.link("gates", "See its gates")
            frame.link("compare", "Compare with statistics")
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


def _place(metric: str) -> int:
    return list(_METRICS).index(metric) if metric in _METRICS else len(_METRICS)
