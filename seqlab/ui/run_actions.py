"""What can be done with the selected run on the Runs page: open, stop, rename, take away, delete."""

import math

import streamlit as st

from seqlab.runs.result import ENDED
from seqlab.runs.store import RunSummary
from seqlab.ui import frame, selection
from seqlab.ui.live_curve import duration
from seqlab.ui.messages import attempt, escape
from seqlab.ui.run_text import STATUS, in_queue, number
from seqlab.ui.score_text import headline
from seqlab.ui.supervision import store

__all__ = ["draw_actions"]

_NAME = "new_name"


def draw_actions(run: RunSummary) -> None:
    """A card with the run's story in a sentence, and buttons."""
    text = STATUS[run.status]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(text.label, icon=text.icon, color=text.colour)
            st.markdown(f"**{escape(run.name)}**", width="stretch")
        st.caption(escape(_story(run)))
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.link("train", "Curve and scores", icon=":material/show_chart:")
            if run.folder.has_model:
                frame.link("gates", "Gates")
                frame.link("compare", "Compare")
            _buttons(run)


def _story(run: RunSummary) -> str:
    if run.position is not None:
        return f"{in_queue(run.position)}."
    if run.result is None:
        return "It goes on when this page is closed. Curve and scores shows it live."
    result = run.result
    label, value = headline(run)
    test = f" Test {label} {number(value)}." if math.isfinite(value) else ""
    return f"{result.message} {result.epochs} epochs in {duration(result.seconds)}.{test}"


def _buttons(run: RunSummary) -> None:
    over = run.status in ENDED
    if not over:
        st.button("Stop", icon=":material/stop:", on_click=attempt, args=(store().request, run.run_id, "stop"))
    st.download_button(
        "Download",
        run.folder.export_zip,
        file_name=f"seqlab-{run.run_id}.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        disabled=not over,
        help="Weights, settings, curve, scores, and a script that repeats the run." if over else "Ready when the run has ended.",
    )
    if run.read_only:
        return
    with st.popover("Rename", icon=":material/edit:"), st.form(f"rename.{run.run_id}", border=False):
        st.text_input("Name", run.name, key=f"{_NAME}.{run.run_id}", max_chars=200)
        st.form_submit_button("Rename", on_click=attempt, args=(_rename, run.run_id))
    with st.popover(
        "Delete", icon=":material/delete:", disabled=run.status == "running", help="Stop it first." if run.status == "running" else None
    ):
        st.markdown("Its weights, curve and scores are gone for good.")
        st.button("Delete for good", type="primary", on_click=attempt, args=(_delete, run.run_id))


def _rename(run_id: str) -> None:
    store().rename(run_id, st.session_state[f"{_NAME}.{run_id}"])


def _delete(run_id: str) -> None:
    store().delete(run_id)
    selection.select_run(selection.EXAMPLE_RUN)
