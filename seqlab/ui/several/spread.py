"""What a setting does: runs grouped by one setting, and all settings of many runs at once."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from seqlab.figures.parallel import ParallelAxis, plot_parallel
from seqlab.figures.run_groups import RunGroup, plot_groups
from seqlab.runs.run_comparison import Group, groups
from seqlab.runs.spec_fields import SEED, differing, field_label, short_label, short_value
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.several.choice import Chosen
from seqlab.ui.several.cost import choose_error, warn_of_test
from seqlab.ui.several.numbers import LOSS, numbers_of

__all__ = ["axes_of", "draw_groups", "draw_parallel"]

MOST_AXES = 5  # more of them are hard to read, and on a phone not at all
_LOG = {"training.learning_rate", "training.weight_decay", "model.hidden_size", "training.batch_size"}


def draw_groups(chosen: Chosen) -> None:
    """Mean and standard deviation of an error over the runs that share a setting's value."""
    st.markdown(
        "Runs that share a value of one setting stand together. If two groups overlap as far as runs within a group differ, the setting "
        "made no difference that these runs can show."
    )
    paths = _offered(chosen)
    if not paths:
        st.info("These runs differ in nothing but their seed. Choose runs with different settings.", icon=":material/info:")
    labels = {field_label(path): path for path in (*paths, SEED)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        picked = st.selectbox("Group by", list(labels), key="groups_by", bind="query-params", width=280)
        path = labels.get(picked, SEED)
        error = choose_error("groups_error", chosen)
    warn_of_test(error, len(chosen.rows))
    found = groups(chosen.rows, path, numbers_of(chosen, error))
    show_figure(
        plot_groups(
            [RunGroup(value=each.value, names=each.names, errors=each.errors, mean=each.mean, deviation=each.deviation) for each in found],
            setting=field_label(path),
            error=error.lower() if error == LOSS else error,
        ),
        key="compared_groups",
        alt=f"{error} of the compared runs grouped by {field_label(path)}, with mean and standard deviation",
    )
    st.dataframe(_table(found), hide_index=True, key="groups_table", column_config=_columns(), placeholder="–", width="content")
    st.markdown(_reading(found, chosen, path))


def _offered(chosen: Chosen) -> list[str]:
    return [path for path in differing([row.spec for row in chosen.rows]) if path != SEED]


def _table(found: tuple[Group, ...]) -> pd.DataFrame:
    rows = [
        {
            "Value": each.value,
            "Runs": len(each.errors),
            "Mean": each.mean if len(each.errors) else None,
            "Standard deviation": each.deviation if math.isfinite(each.deviation) else None,
            "Smallest": float(each.errors.min()) if len(each.errors) else None,
            "Without a number": each.missing,
        }
        for each in found
    ]
    return pd.DataFrame(rows)


def _columns() -> dict[str, Any]:
    numbers = st.column_config.NumberColumn
    return {"Mean": numbers(format="%.4g"), "Standard deviation": numbers(format="%.3g"), "Smallest": numbers(format="%.4g")}


def _reading(found: tuple[Group, ...], chosen: Chosen, path: str) -> str:
    judged = sorted((each for each in found if len(each.errors)), key=lambda each: each.mean)
    if not judged:
        return "No run of these groups has this number yet."
    if len(judged) == 1:
        return f"All runs share one value: mean {number(judged[0].mean)} over {len(judged[0].errors)} runs."
    first, second = judged[:2]
    said = f"{escape(first.value)} has the smallest mean ({number(first.mean)}), then {escape(second.value)} ({number(second.mean)}). "
    spread = max((each.deviation for each in (first, second) if math.isfinite(each.deviation)), default=math.nan)
    if not math.isfinite(spread):
        said += "With one run per group nothing is known of the spread: train more seeds."
    elif second.mean - first.mean < spread:
        said += f"The difference is smaller than the spread within a group ({number(spread)}): it may be luck."
    else:
        said += f"The difference is {number((second.mean - first.mean) / spread, 2)} times the spread within a group."
    others = [field_label(other) for other in _offered(chosen) if other != path]
    if others:
        said += f" Within a group the runs also differ in: {escape(', '.join(others[:5]))}{' …' if len(others) > 5 else ''}."
    return said


def draw_parallel(chosen: Chosen) -> None:
    """All runs as lines across the settings that differ, coloured by their validation loss."""
    st.markdown(
        "Each line is a run; it crosses every axis at its own value and ends at its validation loss (orange: small, blue: large). Drag "
        "along an axis to keep only the runs that pass there; look where the orange lines meet."
    )
    labels = {field_label(path): path for path in differing([row.spec for row in chosen.rows])}
    default = [label for label, path in labels.items() if path != SEED][:MOST_AXES] or list(labels)
    picked = st.multiselect("Axes", list(labels), default, key="parallel_axes", bind="query-params")
    losses = numbers_of(chosen, LOSS)
    axes = axes_of([labels[label] for label in picked if label in labels], [row.values for row in chosen.rows])
    show_figure(
        plot_parallel(axes, losses, title="validation loss"),
        key="compared_parallel",
        alt="The compared runs as lines across their settings",
    )
    lost = sum(not math.isfinite(loss) for loss in losses)
    if lost:
        st.caption(f"{lost} of {len(losses)} runs have no validation loss and are left out.")


def axes_of(paths: list[str], values: list[Any]) -> list[ParallelAxis]:
    """One axis per setting: numbers where all values are numbers, else words.

    Args:
        paths: the settings.
        values: (run,) mappings of path → value.
    """
    made = []
    for path in paths:
        column = [each.get(path) for each in values]
        plain = all(isinstance(value, int | float) and not isinstance(value, bool) for value in column)
        shown: Any = [float(value) for value in column] if plain else [short_value(path, value) for value in column]
        made.append(ParallelAxis(label=short_label(path), values=shown, log=path in _LOG))
    return made
