"""The numbers of a view to take away: a CSV with the stamp of the comparison above it."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from seqlab.ui.compare.stand import Stand

__all__ = ["offer"]


def offer(stand: Stand, name: str, table: pd.DataFrame | Callable[[], pd.DataFrame], *, stamp: Sequence[str] = ()) -> None:
    """A button under a view.

    Args:
        stand: what is looked at.
        name: file name without ending, such as ``scores``; small letters, digits and ``_``.
        table: the numbers of the view; a function is called on the click.
        stamp: lines that say what was measured and how; written above the table, each behind ``#``.
    """

    def csv() -> bytes:
        made = table() if callable(table) else table
        return ("".join(f"# {line}\n" for line in stamp) + made.to_csv(index=False)).encode()

    st.download_button(
        "Numbers",
        csv,
        file_name=f"{name}_{stand.run.run_id}.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
        key=f"csv.{name}",
        help="What is shown here, as CSV.",
    )
