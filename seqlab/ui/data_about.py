"""What every data set says about itself on the page: what it is, what to look for, and where it comes from."""

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.data.series import SeriesDataset
from seqlab.tasks import task_entry
from seqlab.ui.datasets import Dataset
from seqlab.ui.fitting_settings import task_of
from seqlab.ui.messages import escape

__all__ = ["draw_about", "draw_notes"]


def draw_about(dataset: Dataset) -> None:
    """Summary, task, what to look for, and what must be minded."""
    entry, task = DATASETS.get(dataset.key), task_entry(task_of(dataset))
    asked = "" if isinstance(dataset, SeriesDataset) else f"  \n**{task.label}:** {task.sentence}"
    st.markdown(f"{escape(dataset.summary)}{asked}")
    if entry is not None:
        st.markdown(f"**Look for:** {escape(entry.look_for)}" + (f"  \n**Mind:** {escape(entry.caution)}" if entry.caution else ""))


def draw_notes(dataset: Dataset, *more: str) -> None:
    """How it was read, and its source and licence.

    Args:
        dataset: the data set.
        more: further sentences, such as those of how it is made ready.
    """
    notes = [*dataset.notes, *more, *([f"Source: {dataset.source}. Licence: {dataset.licence}."] if dataset.licence else [])]
    with st.expander("What was read, left out and filled", icon=":material/list_alt:", expanded=dataset.key.startswith("upload:")):
        st.markdown("\n".join(f"- {escape(note)}" for note in dict.fromkeys(notes)) or "Everything was read as it is.")
