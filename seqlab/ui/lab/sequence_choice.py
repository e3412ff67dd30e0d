"""Which sequence is looked at: part, number, and a menu that finds one by its class, its text, or the model's answer."""

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.tokens import TokenDataset
from seqlab.records import ClassPrediction, WrittenPrediction
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.choice import PARTS, WindowChoice, choose_number, one_of
from seqlab.ui.messages import escape
from seqlab.ui.opened import answers_of_part

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["choose_sequence", "first_words", "right_answer", "whole_right"]

MOST_JUDGED = 2_000  # sequences whose answers are looked at, to tell right from wrong
MOST_LISTED = 300
ALL = "All"
LONG = 60  # letters of a text in a menu


def choose_sequence(run: RunSummary, fitted: "Fitted") -> WindowChoice:
    """Part, sequence and the feature that is drawn."""
    prepared = cast("PreparedSequences", fitted.prepared)
    _take_sample()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        part = one_of("Part", list(PARTS), "test", key="part", help="Only the test part shows what the model does with data it never met.")
        column = 0
        if not prepared.vocabulary and len(prepared.feature_names) > 1:
            names = list(prepared.feature_names)
            chosen = st.selectbox("Feature", names, key="column", bind="query-params", width=200, help="The one that is drawn.")
            column = names.index(chosen) if chosen in names else 0
        count = prepared.windows(part).window_count
        number = choose_number("Text" if prepared.vocabulary else "Sequence", "window", count, first=1)
        with st.popover("Find one", icon=":material/search:"):
            _draw_finding(run, prepared, part)
    origin = int(prepared.windows(part).origins[number - 1])
    steps = len(prepared.step_labels(part, number - 1))
    unit = prepared.unit
    name = "Text" if prepared.vocabulary else "Sequence"
    long = f"{steps:,} {unit}{'' if steps == 1 else 's'}"
    st.caption(f"{name} {number:,} of {count:,} of the {part} part: {long}. {_caption(prepared, part, number - 1)}")
    return WindowChoice(part=part, window=number - 1, windows=count, column=column, origin=origin)


def _take_sample() -> None:
    """``?sample=12`` means the same as ``?window=12``."""
    word = st.query_params.get("sample", "")
    if word:
        del st.query_params["sample"]
        if word.isdecimal() and len(word) < 9 and "window" not in st.query_params:
            st.session_state["window"] = max(1, int(word))


def _caption(prepared: PreparedSequences, part: str, sample: int) -> str:
    """What the right answer is, where it fits a line."""
    if prepared.task in {"classify", "regress"}:
        return f"Right: {escape(right_answer(prepared, part, sample))}."
    if prepared.task == "translate":
        return f"To be written: {escape(_shortened(right_answer(prepared, part, sample), 120))}."
    return ""


def right_answer(prepared: PreparedSequences, part: str, sample: int) -> str:
    """The right answer of one sequence in a line; empty where every step has one."""
    number = int(prepared.windows(part).origins[sample])
    if prepared.task == "classify":
        return str(prepared.dataset.labels[number])
    if prepared.task == "translate":
        return prepared.joint.join(prepared.target_symbols(part, sample))
    if prepared.task == "regress":
        values = np.atleast_1d(np.asarray(prepared.dataset.labels[number], dtype=np.float64))
        named = zip(prepared.target_names, values, strict=False)
        return ", ".join(f"{value:.4g}" if len(values) == 1 else f"{name} {value:.4g}" for name, value in named)
    return ""


def first_words(prepared: PreparedSequences, part: str, sample: int, letters: int = LONG) -> str:
    """How a text begins; of a measured sequence how long it is."""
    dataset = prepared.dataset
    if isinstance(dataset, TokenDataset):
        return _shortened(dataset.written_texts[int(prepared.windows(part).origins[sample])], letters)
    return f"{len(prepared.step_labels(part, sample)):,} steps"


def _shortened(text: str, letters: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= letters else f"{flat[: letters - 1]}…"


def whole_right(said: ClassPrediction | WrittenPrediction) -> npt.NDArray[np.bool_]:
    """(sample,) whether every answer to a sequence is right."""
    if isinstance(said, WrittenPrediction):
        return np.array([made == right for made, right in zip(said.y_pred, said.y_true, strict=True)], dtype=np.bool_)
    return np.asarray(((said.y_pred == said.y_true) | (said.y_true < 0)).all(axis=1))


def _draw_finding(run: RunSummary, prepared: PreparedSequences, part: str) -> None:
    """Filters and the sequences that pass them; picking one moves the page there."""
    count = prepared.windows(part).window_count
    kept = np.arange(count)
    numbers = prepared.windows(part).origins
    if prepared.task == "classify":
        name = st.selectbox("Class", [ALL, *prepared.classes], key=f"find_class.{run.run_id}")
        if name != ALL:
            kept = np.array([place for place in kept if prepared.dataset.labels[int(numbers[place])] == name], dtype=np.int64)
    marks: npt.NDArray[np.bool_] | None = None
    if prepared.classes:
        wanted = st.segmented_control("The model's answer", [ALL, "Right", "Wrong"], default=ALL, key="find_answer", required=True)
        if wanted in {"Right", "Wrong"}:
            marks = whole_right(cast("ClassPrediction", answers_of_part(run.folder, part, MOST_JUDGED)))
            kept = kept[kept < len(marks)]
            kept = kept[marks[kept] == (wanted == "Right")]
            if count > len(marks):
                st.caption(f"The first {len(marks):,} of {count:,} are judged.")
    dataset = prepared.dataset
    if isinstance(dataset, TokenDataset):
        part_of = st.text_input("The text holds", key="find_text").strip().casefold()
        if part_of:
            texts = dataset.written_texts
            kept = np.array([place for place in kept if part_of in texts[int(numbers[place])].casefold()], dtype=np.int64)
    if not len(kept):
        st.caption("None is like that.")
        return
    said = f"{len(kept):,} found"
    st.selectbox(
        said if len(kept) <= MOST_LISTED else f"{said}; the first {MOST_LISTED} are listed",
        [int(place) for place in kept[:MOST_LISTED]],
        None,
        format_func=lambda place: _option(prepared, part, place, marks),
        key="find_sequence",
        placeholder="Choose one",
        on_change=_go,
    )


def _option(prepared: PreparedSequences, part: str, place: int, marks: npt.NDArray[np.bool_] | None) -> str:
    pieces = [str(place + 1)]
    if prepared.task in {"classify", "regress"}:
        pieces.append(right_answer(prepared, part, place))
    if marks is not None:
        pieces.append("right" if marks[place] else "wrong")
    return " · ".join([*pieces, first_words(prepared, part, place)])


def _go() -> None:
    place = st.session_state.get("find_sequence")
    if isinstance(place, int):
        st.session_state["window"] = place + 1
        st.session_state["find_sequence"] = None
