"""Which run a page looks at, and what it says while that run has nothing to show yet."""

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.models.network_name import network_name
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui import frame, selection
from seqlab.ui.messages import escape
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import STATUS
from seqlab.ui.supervision import store

__all__ = ["say_unfinished", "selected_run"]

_WAITING = {
    "queued": "This run waits for its turn. When it is over, its model can be opened here.",
    "running": "This run is being trained. When it is over, or stopped, its model can be opened here.",
    "paused": "This run is paused. Resume or stop it on the Train page; then its model can be opened here.",
}


def selected_run() -> RunSummary:
    """The run that the sidebar and ``?run=`` name, with a line about it.

    Raises:
        RunError: the address names a run that does not exist.
    """
    run = store().get(selection.run_id())
    spec = run.spec
    entry = DATASETS.get(spec.dataset)
    on = entry.label if entry is not None else "your own data"
    what = f"{network_name(spec.model)} on {on}"
    named = f"**{escape(run.name)}**: {escape(what)}" if run.name != what else f"**{escape(what)}**"
    st.markdown(f"{named}. {_asked(run)} {STATUS[run.status].label}. Choose another run in the sidebar.")
    return run


def _asked(run: RunSummary) -> str:
    """What the network is asked, in a sentence."""
    task, window = task_of_spec(run.spec), run.spec.window
    if task == "forecast":
        return f"It reads {_steps(window.context_length)} and forecasts {_steps(window.horizon)}."
    return task_entry(task).sentence


def _steps(count: int) -> str:
    return f"{count:,} step{'' if count == 1 else 's'}"


def say_unfinished(run: RunSummary) -> bool:
    """Says what is missing while a run has no model to open.

    Returns:
        Whether something was said, so that the page has nothing to draw.
    """
    if run.folder.has_model and run.result is not None:
        return False
    sentence = _WAITING.get(run.status)
    if sentence is None:
        why = f" {run.result.message}" if run.result is not None and run.result.message else ""
        sentence = f"This run ended without a model ({run.status}).{why} Train it again, or choose another run."
    st.info(escape(sentence), icon=":material/hourglass_empty:")
    frame.link("train", "Watch it on the Train page", icon=":material/play_circle:")
    return True
