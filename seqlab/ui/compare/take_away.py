"""To take away: the numbers of a view as CSV, its stamp above them, and a script that makes the whole comparison again."""

from collections.abc import Callable, Sequence
from typing import Protocol

import pandas as pd
import streamlit as st

from seqlab.runs.export import comparison_zip
from seqlab.runs.store import RunSummary
from seqlab.ui.compare.stand import Stand

__all__ = ["HasRun", "offer", "offer_script"]


class HasRun(Protocol):
    """What a page looks at: something of one run."""

    @property
    def run(self) -> RunSummary:
        """The run."""
        ...


def offer(stand: HasRun, name: str, table: pd.DataFrame | Callable[[], pd.DataFrame], *, stamp: Sequence[str] = ()) -> None:
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


def offer_script(stand: Stand) -> None:
    """A button for the model and a short script that repeats the whole comparison."""
    st.download_button(
        "Script",
        lambda: comparison_zip(stand.run.folder.path),
        file_name=f"comparison_{stand.run.run_id}.zip",
        mime="application/zip",
        icon=":material/code:",
        on_click="ignore",
        key="script.comparison",
        help="The model, and a short Python script that computes every number of this comparison again.",
    )
