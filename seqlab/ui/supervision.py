"""The one store and the one supervisor of this server process."""

import gc
from pathlib import Path

import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.home import home
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor

__all__ = ["store", "submit", "supervise"]


def store() -> RunStore:
    """Queue and index of the runs in the home folder."""
    return _store(home())


def supervise() -> None:
    """Makes sure that workers are started for what is queued, for as long as the server lives."""
    _supervisor(home())


def submit(spec: RunSpec) -> str:
    """Queues a run and sees to it that somebody starts it.

    Returns:
        its id; that of the run there is, if the same spec was submitted a moment ago.

    Raises:
        RunError: the home folder cannot be written.
    """
    supervise()
    return store().submit(spec)


@st.cache_resource(show_spinner=False)
def _store(folder: Path) -> RunStore:
    return RunStore(folder)


@st.cache_resource(show_spinner=False)
def _supervisor(folder: Path) -> Supervisor:
    made = Supervisor(_store(folder))
    made.start()
    # The modules loaded so far stay for good: no garbage collection needs to look at them again.
    gc.collect()
    gc.freeze()
    return made
