"""The sidebar's menu of runs: what Gates and Compare look at."""

import zoneinfo
from datetime import UTC, datetime

import streamlit as st

from seqlab.runs.store import RunSummary
from seqlab.ui import selection
from seqlab.ui.supervision import store

__all__ = ["draw_run_menu", "local_time"]

_MOST = 200


def draw_run_menu() -> None:
    """A menu of the runs, newest first, bound to ``?run=``."""
    selection.pick(
        "run",
        "Selected run",
        {summary.run_id: _label(summary) for summary in store().list()[:_MOST]},
        default=selection.EXAMPLE_RUN,
        help="Train, Gates and Compare show this run. It is part of the address, so a link leads back to it.",
    )


def _label(summary: RunSummary) -> str:
    if summary.read_only:
        return summary.name
    # Not its status: a label that changes while the menu is open makes Streamlit lose the choice. The time comes first,
    # as the menu is narrow and runs often have the same name.
    created = local_time(summary.created)
    today = created.date() == local_time(datetime.now(UTC)).date()
    return f"{created:%H:%M} {summary.name}" if today else f"{created:%d %b} {summary.name}"


def local_time(moment: datetime) -> datetime:
    """A moment in the time zone of the reader's browser, or of the server where the browser does not tell."""
    name = st.context.timezone
    try:
        return moment.astimezone(zoneinfo.ZoneInfo(name) if name else None)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return moment.astimezone()
