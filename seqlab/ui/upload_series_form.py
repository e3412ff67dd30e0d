"""A brought file that is a time series: which columns are what, and its first rows."""

import io
from typing import Any

import pandas as pd
import streamlit as st

from seqlab.data.series import SeriesDataset
from seqlab.data.upload import DUPLICATES, INFINITIES, ROW_NUMBERS, TableInspection, inspect_table, read_table
from seqlab.errors import SeqlabError
from seqlab.ui.messages import escape, show_error

__all__ = ["read_chosen_series"]

NOT_A_DATE = "No dates: number the rows"


def read_chosen_series(content: bytes, name: str, key: str) -> SeriesDataset | None:
    """Draws the choices and reads the file by them.

    Args:
        content, name: the file.
        key: names the widgets of this file.

    Returns:
        the series; ``None`` while it cannot be read, which is then said.

    Raises:
        SeqlabError: the file cannot be looked at.
    """
    look = _look(content, name)
    # Without any column of numbers there is nothing to choose: reading says why.
    choices = _draw_choices(look, key) if look.targets else {"target": None}
    if choices is None:
        return None
    try:
        dataset = _read(content, name, **choices)
    except SeqlabError as error:
        show_error(error)
        _draw_first_rows(look, expanded=True)
        return None
    _draw_first_rows(look, expanded=False)
    return dataset


@st.cache_data(max_entries=4, show_spinner="Reading the file …")
def _look(content: bytes, name: str) -> TableInspection:
    return inspect_table(_named(content, name))


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def _read(content: bytes, name: str, **choices: Any) -> SeriesDataset:
    return read_table(_named(content, name), **choices)


def _named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def _draw_choices(look: TableInspection, key: str) -> dict[str, Any] | None:
    """What the user says about the columns; ``None`` while nothing can be read."""
    columns = [column.name for column in look.columns]
    for note in look.notes:
        st.caption(escape(note))
    times = [ROW_NUMBERS, *columns]
    with st.grid(3, min_column_width=220):
        time = st.selectbox(
            "Date column",
            times,
            times.index(look.time),
            format_func=lambda name: name or NOT_A_DATE,
            key=f"upload.time.{key}",
            help="The column that says when a row was measured.",
        )
        targets = st.multiselect(
            "Target columns",
            columns,
            [look.target] if look.target else [],
            key=f"upload.target.{key}",
            help="What is to be forecast. The other columns of numbers can help the forecast.",
        )
        known = st.multiselect(
            "Known ahead",
            [name for name in look.targets if name not in targets],
            key=f"upload.known.{key}",
            placeholder="None",
            help="Columns whose future is known when a forecast is made: a holiday, a plan, a price list.",
        )
    with st.expander("More settings", icon=":material/tune:"), st.grid(3, min_column_width=220):
        season = st.number_input(
            "Season (steps)",
            value=None,
            step=1,
            key=f"upload.season.{key}",
            placeholder="Find it",
            help="After how many rows it repeats; 1 for never.",
        )
        duplicates = st.selectbox(
            "Rows with the same time", list(DUPLICATES), format_func=DUPLICATES.__getitem__, key=f"upload.duplicates.{key}"
        )
        infinities = st.selectbox("Infinite values", list(INFINITIES), format_func=INFINITIES.__getitem__, key=f"upload.infinities.{key}")
    if not targets:
        st.info("Choose at least one target column: what is to be forecast.", icon=":material/arrow_upward:")
        return None
    return {
        "target": tuple(targets),
        "time": time,
        "known_ahead": tuple(known),
        "season_length": season,
        "duplicates": duplicates,
        "infinities": infinities,
    }


def _draw_first_rows(look: TableInspection, *, expanded: bool) -> None:
    with st.expander(f"The file: {look.rows:,} rows, {len(look.columns)} columns", icon=":material/table_rows:", expanded=expanded):
        about = [(column.name, column.kind, column.missing, column.note) for column in look.columns]
        st.dataframe(pd.DataFrame(about, columns=["Column", "Holds", "Missing", "Note"]), hide_index=True, alt="The columns of your file")
        first = pd.DataFrame(list(look.first_rows), columns=[column.name for column in look.columns])
        st.dataframe(first, hide_index=True, alt="The first rows of your file")
