"""The table of runs: one row each, newest first; clicking a row selects the run."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.models.network_name import network_name
from seqlab.records import EpochRecord
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import ENDED
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui import selection
from seqlab.ui.run_menu import local_time
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import STATUS, ordinal
from seqlab.ui.score_text import headline
from seqlab.ui.supervision import store

__all__ = ["draw_table", "table_of", "watch"]

_CURVE_POINTS = 40
_WHOLE = 15  # rows that are shown without scrolling
_LOOK_EVERY = 1.0


def draw_table(runs: Sequence[RunSummary]) -> None:
    """The table. A click on a row writes the run into the address."""
    ids = [run.run_id for run in runs]
    chosen = selection.run_id()
    # Another list of runs is another table: the same row number would mean another run.
    key = f"runs.{abs(hash(tuple(ids)))}"
    st.dataframe(
        table_of(runs),
        key=key,
        hide_index=True,
        on_select=lambda: _select(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [ids.index(chosen)] if chosen in ids else []}},
        column_config=_columns(),
        height="content" if len(ids) <= _WHOLE else 560,
        placeholder="–",
        alt="Runs with their status, settings and scores",
    )


def _select(key: str, ids: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        selection.select_run(ids[rows[0]])


def table_of(runs: Sequence[RunSummary]) -> pd.DataFrame:
    """One row per run; what is not known yet is missing."""
    return pd.DataFrame([_row(run) for run in runs], columns=list(_columns()))


def _row(run: RunSummary) -> dict[str, Any]:
    result, spec = run.result, run.spec
    entry, (metric, score) = DATASETS.get(spec.dataset), headline(run)
    waiting = f" ({ordinal(run.position)})" if run.position is not None else ""
    return {
        "Name": run.name,
        "Status": f"{STATUS[run.status].label}{waiting}",
        "Data": entry.label if entry else "Upload",
        "Task": task_entry(task_of_spec(run.spec)).label,
        "Network": network_name(spec.model),
        "Validation loss": _curve(str(run.folder.path), result.ended) if result else [],
        "Best validation": _known(result.best_validation_loss if result else math.nan),
        "Test score": _known(score),
        "Score is": metric if math.isfinite(score) else None,
        "Seconds": _known(result.seconds if result else math.nan),
        "Created": local_time(run.created).replace(tzinfo=None),
    }


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


@st.cache_data(max_entries=500, show_spinner=False)
def _curve(path: str, ended: float) -> list[float]:  # noqa: ARG001 - a run that is taken up again ends at another time
    records, _ = RunFolder(path).read_metrics()
    losses = [r.validation_loss for r in records if isinstance(r, EpochRecord) and math.isfinite(r.validation_loss)]
    return losses[:: max(1, math.ceil(len(losses) / _CURVE_POINTS))]


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "Name": column.TextColumn(width="medium"),
        "Status": column.TextColumn(width=110, help="The number of a waiting run is its place in the queue"),
        "Data": column.TextColumn(width=150),
        "Task": column.TextColumn(width=130),
        "Network": column.TextColumn(width=150, help="Cell, units per layer × layers; Bi: reads its input in both directions"),
        "Validation loss": column.LineChartColumn(width=110, help="Over the epochs, on the scale of training"),
        "Best validation": column.NumberColumn(format="%.4g", width=110, help="Smallest validation loss, on the scale of training"),
        "Test score": column.NumberColumn(
            format="%.4g", width=85, help="The score that sums a run of its task up, on the test part. The next column says which it is"
        ),
        "Score is": column.TextColumn(width=90, help="MAE: in the data's own units, smaller is better. Accuracy, exact match: larger is"),
        "Seconds": column.NumberColumn(format="%.1f", width="small", help="Training time, pauses left out"),
        "Created": column.DatetimeColumn(format="D MMM YYYY, HH:mm", width="medium"),
    }


def watch(runs: Sequence[RunSummary]) -> None:
    """Draws nothing; runs the page again when a run that is going on changes its status or its place."""
    seen = _state(runs)

    def look() -> None:
        if _state(store().list()) != seen:
            st.rerun()

    if any(run.status not in ENDED for run in runs):
        st.fragment(look, run_every=_LOOK_EVERY, key="watch_runs")()


def _state(runs: Sequence[RunSummary]) -> list[tuple[str, str, int | None]]:
    return [(run.run_id, run.status, run.position) for run in runs]
