"""A side job on the page: start it, watch it, stop it, say how it ended."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from seqlab.runs.side_jobs import SIDE_JOBS
from seqlab.runs.side_progress import read_progress
from seqlab.runs.store import RunSummary
from seqlab.ui.messages import attempt, escape
from seqlab.ui.supervision import store, supervise

__all__ = ["GOING_ON", "follow_side", "say_end", "start_side"]

GOING_ON = ("queued", "running", "paused")
POLL = 0.5
LONG = 3.0  # seconds after which it is said how long a piece has been at work


def start_side(run_id: str, kind: str, request: Mapping[str, Any]) -> None:
    """Queues a side job. Call it from a button's callback: ``on_click=attempt, args=(start_side, …)``.

    Raises:
        RunError: it cannot be queued.
    """
    supervise()
    store().submit_side(run_id, kind, request)


def follow_side(run: RunSummary, kind: str, draw: Callable[[], None] | None = None) -> None:
    """The progress of a side job that is going on, live, with a button that stops it; reruns the page when it is over.

    Args:
        run: the run.
        kind: key of ``SIDE_JOBS``.
        draw: draws what has arrived so far, below the progress.
    """
    supervise()
    st.fragment(_follow, run_every=POLL, key=f"follow.{kind}")(run, kind, draw)


def _follow(run: RunSummary, kind: str, draw: Callable[[], None] | None) -> None:
    status = run.folder.side_status(kind)
    if status not in GOING_ON:
        st.rerun()
    progress = read_progress(run.folder.job(kind).path)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if status == "queued" or progress is None:
            st.progress(0.0, text="Waiting for a worker …")
        else:
            share = progress.done / progress.of if progress.of else 0.0
            st.progress(min(share, 1.0), text=f"{progress.done} of {progress.of} done. {escape(progress.text)}")
        st.button("Stop", icon=":material/stop:", key=f"stop.{kind}", on_click=attempt, args=(store().request, run.run_id, "stop", kind))
    if status == "running" and progress is not None:
        seconds = time.time() - progress.since
        took = f"At work for {seconds:.0f} s. " if seconds > LONG else ""
        if took or progress.detail:
            st.caption(f"{took}{escape(progress.detail)}")
    if draw is not None:
        draw()


def say_end(run: RunSummary, kind: str) -> None:
    """A warning if the side job ended before it was done; nothing if it is done, or never was asked for."""
    status = run.folder.side_status(kind)
    result = run.folder.job(kind).result
    if status in ("", "finished", *GOING_ON) or result is None:
        return
    number = f" The worker's log has it under {result.error_id}." if result.error_id else ""
    label = SIDE_JOBS[kind].label
    st.warning(escape(f"The {label} is not complete ({status}). {result.message}{number}"), icon=":material/warning:")
