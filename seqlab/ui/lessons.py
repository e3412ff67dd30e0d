"""LESSONS: links that show one thing each, for a teacher's first minutes. A lesson is an address, nothing more."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from seqlab.runs.examples import EXAMPLE, example_folders
from seqlab.ui.lab.views import VIEWS

__all__ = ["LESSONS", "Lesson", "draw_lessons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One thing to see.

    Args:
        title: a question, or what can be seen.
        sentence: what to do there.
        page: key of ``PAGES``.
        address: parameters of the page's address; ``run`` names a shipped run, and ``settings`` changes some of the preset's.
    """

    title: str
    sentence: str
    page: str
    address: Mapping[str, str] = field(default_factory=dict)


LATCH = "example-latch_lstm"


def _word(view: str) -> str:
    """How a view is called in the address."""
    return VIEWS[view].label


LESSONS = (
    Lesson(
        title="One unit holds one value",
        sentence="A value is shown once, then only noise. A forget gate stays open, its input gate shuts: that is memory.",
        page="gates",
        address={"run": LATCH, "view": _word("trace")},
    ),
    Lesson(
        title="What is left of what was written",
        sentence="The cell state taken apart: each step's writing, and how much of it is still there.",
        page="gates",
        address={"run": LATCH, "view": _word("memory")},
    ),
    Lesson(
        title="Hold the gate yourself",
        sentence="Set a gate to 0 or 1 and see what the forecast becomes. Bright gates are not always the important ones.",
        page="gates",
        address={"run": LATCH, "view": _word("change")},
    ),
    Lesson(
        title="How a memory is learned",
        sentence="The same network at fifty moments of its training, from random weights to the finished model.",
        page="gates",
        address={"run": LATCH, "view": _word("training")},
    ),
    Lesson(
        title="Why plain RNNs forget",
        sentence="How much of the error's signal reaches back to early steps, in an RNN, a GRU and an LSTM.",
        page="gates",
        address={"view": _word("gradients")},
    ),
    Lesson(
        title="One step by hand",
        sentence="Three units, five inputs, every multiplication on the screen, and every weight yours to change.",
        page="cell",
    ),
    Lesson(
        title="The ending decides",
        sentence="Surnames read letter by letter: train, then watch on Gates and Compare how the probability settles at -ski or -nen.",
        page="train",
        address={"dataset": "names_origin", "preset": "small"},
    ),
    Lesson(
        title="What a not turns over",
        sentence="Film reviews as good or bad: train, then step through a sentence with a negation and look at the gates there.",
        page="train",
        address={"dataset": "sentiment_movies", "preset": "good_text"},
    ),
    Lesson(
        title="A gap that an RNN cannot bridge",
        sentence="Add two marked numbers out of a hundred. Train the GRU, then change the cell to RNN: it stays at the trivial loss.",
        page="train",
        address={"dataset": "adding", "preset": "known"},
    ),
    Lesson(
        title="A network that counts",
        sentence="As many b as there were a. Train the LSTM, and see one unit climb on every a and fall on every b.",
        page="train",
        address={"dataset": "counting_ab", "preset": "known"},
    ),
    Lesson(
        title="The smallest classifier",
        sentence="Five values, one LSTM of 32 units, one sigmoid, ten epochs: all of it fits on one screen.",
        page="train",
        address={"dataset": "five_steps", "preset": "article"},
    ),
    Lesson(
        title="Where the writer looks",
        sentence="Dates to ISO: the attention jumps to the year, then to the month, then to the day, wherever they stand.",
        page="train",
        address={"dataset": "dates_iso", "preset": "writer"},
    ),
)


def draw_lessons() -> None:
    """A card per lesson; one on a run that this installation does not have is left out."""
    known = example_folders()
    shown = [lesson for lesson in LESSONS if lesson.address.get("run", EXAMPLE) in known]
    with st.grid(3, min_column_width=260, border=True):
        for lesson in shown:
            with st.container(gap="xsmall"):
                # A plain link: st.page_link would lose the address of widgets that the page has not drawn yet.
                st.html(f'<a href="{lesson.page}?{urlencode(lesson.address)}">{html.escape(lesson.title)}</a>')
                st.caption(lesson.sentence)
