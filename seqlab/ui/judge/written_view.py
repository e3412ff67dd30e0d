"""What a translator wrote: examples beside the right answers, error rates, and where it looked while it wrote."""

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.evaluation.written import WrittenReport, written_report
from seqlab.figures.attention import plot_attention
from seqlab.records import WrittenPrediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.judge.model_choice import choose_model
from seqlab.ui.judge.samples import gates_column, gates_config, sample_text
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import JudgeStand
from seqlab.ui.messages import escape
from seqlab.ui.opened import open_fitted

__all__ = ["draw", "example_table"]

_WHICH = {"Wrong ones": "wrong", "All": "all", "Right ones": "right"}
MOST = 300


def draw(stand: JudgeStand) -> None:
    """Examples, and the attention of the one that is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(stand)
        which = st.segmented_control(
            "Sequences", list(_WHICH), default="Wrong ones", key="written_which", bind="query-params", required=True
        )
    said = stand.written(model)
    report = _report(said)
    wrong = report.edits > 0
    st.markdown(
        f"{int((~wrong).sum()):,} of {len(wrong):,} sequences were written without an error. The others need "
        f"{report.edits[wrong].mean() if wrong.any() else 0:.1f} corrections each on average."
    )
    kind = _WHICH.get(which or "", "wrong")
    rows = np.flatnonzero(wrong if kind == "wrong" else ~wrong if kind == "right" else np.ones_like(wrong))
    if len(rows):
        row = _draw_examples(stand, said, report, rows[:MOST])
        if len(rows) > MOST:
            st.caption(f"The first {MOST:,} of {len(rows):,} are listed.")
        if model is stand.network and row is not None:
            _draw_attention(stand, said, row)
    else:
        st.info(f"There are no {(which or '').lower()}.", icon=":material/info:")
    if report.signatures:
        st.caption(
            " ".join(f"{escape(TASK_METRICS[metric].label)}: {escape(signature)}." for metric, signature in report.signatures.items())
        )
    offer(
        stand,
        "written",
        lambda: example_table(stand, said, report, np.arange(len(said.samples))).drop(columns="Gates", errors="ignore"),
        stamp=stamp_lines(stand),
    )


@st.cache_data(max_entries=20, show_spinner=False, hash_funcs={WrittenPrediction: lambda said: (said.model, hash(said.y_pred))})
def _report(said: WrittenPrediction) -> WrittenReport:
    return written_report(said)


def example_table(stand: JudgeStand, said: WrittenPrediction, report: WrittenReport, rows: np.ndarray) -> pd.DataFrame:
    """What was read, what is right, what was written, and how many corrections it needs, a row each."""
    return pd.DataFrame(
        {
            "Read": [sample_text(stand, int(said.samples[row])) for row in rows],
            "Right": [said.joint.join(said.y_true[row]) for row in rows],
            "Written": [said.joint.join(said.y_pred[row]) for row in rows],
            "Corrections": report.edits[rows],
            **gates_column(stand, rows.tolist()),
        }
    )


def _draw_examples(stand: JudgeStand, said: WrittenPrediction, report: WrittenReport, rows: np.ndarray) -> int | None:
    """The list; the row that was clicked, else the first."""
    table = example_table(stand, said, report, rows)
    picked = st.dataframe(
        table,
        key=f"written_list.{len(rows)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(table) <= 10 else 420,
        alt="Sequences that were written, beside the right ones",
        column_config={
            **{name: st.column_config.TextColumn(width="medium") for name in ("Read", "Right", "Written")},
            "Corrections": st.column_config.NumberColumn(help="Symbols to put in, take out or change.", width=110),
            "Gates": gates_config(),
        },
    )
    st.caption("Click at the left edge of a row to see where the network looked while it wrote.")
    chosen = picked["selection"]["rows"]
    return int(rows[chosen[0]]) if chosen and chosen[0] < len(rows) else int(rows[0])


def _draw_attention(stand: JudgeStand, said: WrittenPrediction, row: int) -> None:
    """The weights of one sequence, computed now."""
    from seqlab.training.writing import symbols_of, write  # imports torch

    fitted = open_fitted(stand.run.folder)
    x = fitted.prepared.windows("test").gather([row])[0]
    symbols, looked = write(fitted.model, x, fitted.prepared.windows("train").y.shape[2])
    if looked is None:
        st.caption("This network has no attention: all it knows of what it read is the encoder's last state.")
        return
    written = symbols_of(symbols[0], getattr(fitted.prepared, "classes", ()))
    read = stand.steps_of(int(said.samples[row]))
    ended = looked.shape[1] > len(written)
    show_figure(
        plot_attention(looked[0], read, (*written, *(("end",) if ended else ()))),
        key="attention",
        alt=f"Where the network looked in {said.joint.join(read)} while it wrote {said.joint.join(written)}",
    )
    st.caption("Bright: where it looked while it wrote the symbol of that line. Each line sums to 100 %.")
