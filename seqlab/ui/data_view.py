"""A data set on the page: what it is, its parts, what it holds; of a series also its gaps, and what is done about them."""

import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.prepare_sequences import PreparedSequences, prepare_sequences
from seqlab.data.sequences import SequenceDataset
from seqlab.data.series import SeriesDataset
from seqlab.data.split import split_bounds
from seqlab.data.tokens import TokenDataset
from seqlab.figures.decimate import MAX_POINTS
from seqlab.figures.series import plot_series
from seqlab.options import option_of
from seqlab.records import SeriesPicture, SplitBounds
from seqlab.ui import data_sequences, data_texts
from seqlab.ui.data_about import draw_about, draw_notes
from seqlab.ui.data_parts import draw_facts, draw_parts
from seqlab.ui.datasets import Dataset
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape
from seqlab.ui.prepared import prepared_sequences
from seqlab.ui.when import step_words, when

__all__ = ["draw_dataset", "pictures_of"]

MOST_COLUMNS = 8
DENSE = 1_500
CLOSE_UP = 120
UNKEPT = ("", "upload")  # keys of a data set that is only being looked at


def draw_dataset(dataset: Dataset, spec: RunSpec, *, key: str) -> None:
    """Everything there is to see of a data set before training.

    Args:
        dataset: what is shown.
        spec: says where the parts begin and how gaps are filled.
        key: keeps the widgets apart from those of another data set on the page.
    """
    draw_about(dataset)
    if isinstance(dataset, SeriesDataset):
        _draw_series(dataset, spec, key=key)
    else:
        _draw_sequences(dataset, prepare_sequences(dataset, spec) if dataset.key in UNKEPT else prepared_sequences(spec), key=key)


def _draw_sequences(dataset: SequenceDataset | TokenDataset, prepared: PreparedSequences, *, key: str) -> None:
    draw_facts(dataset, prepared)
    draw_parts(dataset, prepared, key=key)
    if isinstance(dataset, TokenDataset):
        data_texts.draw_examples(dataset, prepared, key=key)
        data_texts.draw_vocabulary(dataset, prepared, key=key)
    else:
        data_sequences.draw_examples(dataset, prepared, key=key)
    draw_notes(dataset, *prepared.notes)


def _draw_series(dataset: SeriesDataset, spec: RunSpec, *, key: str) -> None:
    _draw_facts(dataset)
    shown = _pick_columns(dataset, key)
    bounds = split_bounds(len(dataset.frame), spec.split, dataset.published_test_start, dataset.block_length)
    show_figure(
        plot_series(pictures_of(dataset, shown, bounds)),
        key=f"{key}.series",
        alt=f"{dataset.label} over time, with training, validation and test part shaded",
    )
    st.caption(_parts(dataset, bounds))
    if len(dataset.frame) > MAX_POINTS:
        st.caption(
            f"{len(dataset.frame):,} rows are drawn with at most {MAX_POINTS:,} points per line: the smallest and the largest value of "
            "every pixel, and every gap, stay. Training uses all rows."
        )
    _draw_close_up(dataset, shown, bounds, key)
    _draw_missing(dataset, spec)
    draw_notes(dataset)
    _draw_rows(dataset)


def pictures_of(dataset: SeriesDataset, columns: list[str], bounds: SplitBounds | None = None) -> list[SeriesPicture]:
    """Some columns, ready to be drawn."""
    frame = dataset.frame
    return [SeriesPicture(name=name, index=frame.index, values=frame[name].to_numpy(), bounds=bounds) for name in columns]


def _draw_close_up(dataset: SeriesDataset, columns: list[str], bounds: SplitBounds, key: str) -> None:
    """The last seasons of the training part, where the whole series is too dense to show its shape."""
    rows = min(max(3 * dataset.season_length, 4 * dataset.block_length, CLOSE_UP), bounds.train_end)
    if len(dataset.frame) < DENSE or rows > len(dataset.frame) // 3:
        return
    first = bounds.train_end - rows
    frame = dataset.frame.iloc[first : bounds.train_end]
    figure = plot_series([SeriesPicture(name=name, index=frame.index, values=frame[name].to_numpy()) for name in columns])
    span = f"{when(frame.index, 0)} to {when(frame.index, rows - 1)}" if dataset.frequency else f"row {first:,} to {bounds.train_end - 1:,}"
    st.markdown(f"**Close up:** the last {rows:,} rows of the training part, {span}")
    show_figure(figure, key=f"{key}.close", alt=f"The last {rows} rows of the training part of {dataset.label}")


def _draw_facts(dataset: SeriesDataset) -> None:
    index = dataset.frame.index
    missing = int(dataset.frame[list(dataset.targets)].isna().to_numpy().sum())
    facts = {
        "Rows": f"{len(index):,}",
        "From": when(index, 0),
        "To": when(index, len(index) - 1),
        "One step is": step_words(dataset.frequency),
        "Season": step_words(dataset.frequency, dataset.season_length) if dataset.season_length > 1 else "none",
        "Missing in the target": f"{missing:,}" if missing else "none",
    }
    with st.grid(len(facts), min_column_width=140, gap="small"):
        for label, value in facts.items():
            st.metric(label, value)


def _pick_columns(dataset: SeriesDataset, key: str) -> list[str]:
    if len(dataset.columns) == 1:
        return list(dataset.columns)
    chosen = st.multiselect(
        "Columns shown", dataset.columns, list(dataset.targets), key=f"{key}.columns", max_selections=MOST_COLUMNS, persist_state="session"
    )
    return [name for name in chosen if name in dataset.columns] or list(dataset.targets)


def _parts(dataset: SeriesDataset, bounds: SplitBounds) -> str:
    index = dataset.frame.index
    spans = []
    for part in ("train", "validation", "test"):
        first, end = bounds.rows(part)
        spans.append(f"**{part}** {when(index, first)} to {when(index, end - 1)} ({end - first:,} rows)")
    return (
        f"{', '.join(spans)}. The model learns from the training part, the validation part decides when to stop, and the test part is "
        "looked at only once, when it is over. The split can be changed on the Train page."
    )


def _draw_missing(dataset: SeriesDataset, spec: RunSpec) -> None:
    counts = dataset.frame.isna().sum()
    gaps = {name: int(count) for name, count in counts.items() if count}
    if not gaps:
        return
    how = (option_of(type(spec.data), "missing").choices or {})[spec.data.missing]
    listed = ", ".join(f"{count:,} in {escape(name)}" for name, count in list(gaps.items())[:MOST_COLUMNS])
    more = f" and more in {len(gaps) - MOST_COLUMNS} other columns" if len(gaps) > MOST_COLUMNS else ""
    st.markdown(
        f":material/warning: **Missing values:** {listed}{more}. Where the model reads them, they are filled like this: "
        f"*{how[0].lower()}{how[1:]}* (Train, Data, Missing values). A missing target is never trained on and never scored."
    )


def _draw_rows(dataset: SeriesDataset) -> None:
    table = st.expander("First rows", icon=":material/table_rows:", on_change="rerun", key=f"rows.{dataset.fingerprint[:12]}")
    if table.open:
        table.dataframe(dataset.frame.head(50), alt="The first rows of the data")
