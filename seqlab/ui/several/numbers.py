"""The numbers of the compared runs: a table of what came out, and which settings led there."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.runs.run_comparison import incomparable
from seqlab.runs.spec_fields import SEED, differing, short_label, value_text
from seqlab.tasks import task_entry
from seqlab.ui.messages import escape
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.run_text import STATUS
from seqlab.ui.score_text import metric_label
from seqlab.ui.several.choice import Chosen

__all__ = ["LOSS", "METRICS", "draw_numbers", "errors_of", "metrics_of", "numbers_of", "plain_table"]

LOSS = "Validation loss"
METRICS: Mapping[str, str] = {"mae": "Test MAE", "rmse": "Test RMSE", "mase": "Test MASE", "smape": "Test sMAPE", "r2": "Test R²"}
"""Scores of forecasts: key → label."""

# Shares that are the better the larger they are, and the error that each leaves.
_ERROR_OF = {"accuracy": "Test error rate", "exact_match": "Test share with an error"}
_SHOWN = 3  # scores in the table, of each task; the download has all
_SETTINGS = 6  # columns of settings; the download has all that differ


def metrics_of(chosen: Chosen) -> dict[str, str]:
    """Key → label of the scores of the chosen runs' tasks, each task's own first."""
    found: dict[str, str] = {}
    for task in dict.fromkeys(task_of_spec(row.spec) for row in chosen.rows):
        if task == "forecast":
            found |= METRICS
            continue
        held = {key for row in chosen.rows if task_of_spec(row.spec) == task for key in row.scores}
        order = [task_entry(task).metric, *(key for key in ("entity_f1", *TASK_METRICS) if key in held)]
        found |= {key: f"Test {metric_label(key)}" for key in order if key not in found}
    return found


def errors_of(chosen: Chosen) -> tuple[str, ...]:
    """What runs can be ranked by, the smaller the better: the validation loss, then test errors by their labels."""
    tests = []
    for key, label in metrics_of(chosen).items():
        if key in _ERROR_OF:
            tests.append(_ERROR_OF[key])
        elif key in ("mae", "rmse", "mase") or (key in TASK_METRICS and not TASK_METRICS[key].higher_is_better):
            tests.append(label)
    return (LOSS, *tests)


def numbers_of(chosen: Chosen, what: str) -> list[float]:
    """(run,) the validation loss, or one of :func:`errors_of` by its label."""
    if what == LOSS:
        return [row.validation_loss for row in chosen.rows]
    share = next((key for key, label in _ERROR_OF.items() if label == what), "")
    if share:
        return [1.0 - row.score(share) for row in chosen.rows]
    key = next(key for key, label in metrics_of(chosen).items() if label == what)
    return [row.score(key) for row in chosen.rows]


def _shown(chosen: Chosen) -> dict[str, str]:
    """The few scores that the table has room for."""
    metrics = metrics_of(chosen)
    tasks = {task_of_spec(row.spec) for row in chosen.rows}
    return dict(list(metrics.items())[: _SHOWN if len(tasks) == 1 else 2 * _SHOWN])


def draw_numbers(chosen: Chosen) -> None:
    """The table, its download, and what must be known before numbers are compared."""
    differ = differing([row.spec for row in chosen.rows])
    st.dataframe(
        _table(chosen, differ[:_SETTINGS]),
        hide_index=True,
        key="compared_table",
        column_config=_columns(_shown(chosen)),
        placeholder="–",
        alt="The compared runs with the values of their best epoch, their size and their settings that differ",
        height="content" if len(chosen.rows) <= 12 else 460,
    )
    _say_incomparable(chosen)
    more = f" {len(differ) - _SETTINGS} more settings differ; they are in the download." if len(differ) > _SETTINGS else ""
    st.caption(
        "Every number belongs to the epoch with the smallest validation loss: its weights are the ones that are kept. "
        f"Seconds are training time, and depend on what else the machine did.{more}"
    )
    st.download_button(
        "Numbers",
        lambda: plain_table(chosen).to_csv(index=False).encode(),
        file_name="runs_compared.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
        help="The table as CSV, with every setting that differs.",
    )


def _say_incomparable(chosen: Chosen) -> None:
    """Warn where the chosen runs' numbers do not mean the same."""
    if len(chosen.rows) < 2:
        return
    test, loss = incomparable(chosen.rows, test=True), incomparable(chosen.rows)
    if test:
        st.warning(
            f"These runs do not answer the same question; they differ in: {escape(', '.join(test))}. Their errors cannot be compared.",
            icon=":material/warning:",
        )
    elif loss:
        st.warning(
            f"The validation losses of these runs mean different things; they differ in: {escape(', '.join(loss))}. "
            "Their test scores can be compared.",
            icon=":material/warning:",
        )


def _table(chosen: Chosen, paths: tuple[str, ...]) -> pd.DataFrame:
    rows, shown = [], _shown(chosen)
    for name, row in zip(chosen.labels, chosen.rows, strict=True):
        made: dict[str, Any] = {"Run": name, "Status": STATUS[row.status].label}
        made |= {"Best epoch": f"{row.best_epoch} of {row.epochs}" if row.epochs else None, LOSS: _known(row.validation_loss)}
        made |= {label: _known(row.score(key)) for key, label in shown.items()}
        made |= {"Parameters": row.parameters or None, "Seconds": _known(row.seconds), "Device": row.device or None, "Seed": row.seed}
        made |= {short_label(path): value_text(path, row.values.get(path)) for path in paths if path != SEED}
        rows.append(made)
    return pd.DataFrame(rows)


def plain_table(chosen: Chosen) -> pd.DataFrame:
    """The table to take away: plain names, plain numbers, one column per setting that differs."""
    differ = differing([row.spec for row in chosen.rows])
    rows = []
    for row in chosen.rows:
        made: dict[str, Any] = {"run": row.run_id, "name": row.name, "status": row.status, "dataset": row.spec.dataset}
        made |= {"best_epoch": row.best_epoch, "epochs": row.epochs, "validation_loss": row.validation_loss}
        made |= {f"test_{key}": row.score(key) for key in metrics_of(chosen)}
        made |= {"parameters": row.parameters, "seconds": row.seconds, "device": row.device, "seed": row.seed}
        made |= {path: row.values.get(path) for path in differ if path not in ("dataset", SEED)}
        rows.append(made)
    return pd.DataFrame(rows)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _columns(metrics: Mapping[str, str]) -> dict[str, Any]:
    column = st.column_config
    return {
        "Run": column.TextColumn(width=190, pinned=True),
        "Status": column.TextColumn(width=75),
        "Best epoch": column.TextColumn(width=80, help="The epoch whose weights are kept, of those trained"),
        LOSS: column.NumberColumn(format="%.4g", width=105, help="Of the best epoch, on the scale of training"),
        **{label: column.NumberColumn(format="%.4g", width=85, help=_meaning(key)) for key, label in metrics.items()},
        "Parameters": column.NumberColumn(format="localized", width=85, help="Trainable numbers in the network"),
        "Seconds": column.NumberColumn(format="%.1f", width=65),
        "Device": column.TextColumn(width=55),
        "Seed": column.NumberColumn(format="%d", width=50),
    }


def _meaning(key: str) -> str:
    """What a score is, in a sentence or two."""
    if key in METRICS:
        return {
            "mae": "Mean absolute error on the test part, in the data's own units",
            "rmse": "Root of the mean squared error on the test part",
            "mase": "Below 1: better than repeating the last season was on the training part",
        }.get(key, "On the test part")
    return f"{TASK_METRICS[key].sentence} On the test part." if key in TASK_METRICS else "On the test part"
