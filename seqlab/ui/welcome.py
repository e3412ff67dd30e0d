"""What the first screen says of seqlab: what it does, the way through its pages, and the fields of its data."""

import html
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from seqlab.data.catalog import DATASETS

__all__ = ["FIELDS", "INTRODUCTION", "Field", "draw_fields", "steps"]

INTRODUCTION = (
    "seqlab trains small recurrent and convolutional networks in your browser and shows every gate at every step, so that you can see how "
    "they remember. They **forecast** series, **classify** sequences and texts, **tag** words, and **write** other sequences."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of use.

    Args:
        label: its name.
        sentence: what is done there.
        datasets: keys of the data sets that are linked.
    """

    label: str
    sentence: str
    datasets: tuple[str, ...]


FIELDS = (
    Field(
        label="Language",
        sentence="Sentiment, origin and language of texts, tags of words, named entities, translation.",
        datasets=("sentiment_movies", "names_origin", "generated_entities", "translation_en_es"),
    ),
    Field(
        label="Time series",
        sentence="Forecasts of demand, traffic, weather and prices; winter or summer by a day's demand.",
        datasets=("airline_passengers", "electricity_taylor", "metro_traffic", "italy_power"),
    ),
    Field(
        label="Speech and sound",
        sentence="Who says a vowel; how a word is pronounced; what a spoken command asks for.",
        datasets=("japanese_vowels", "g2p_cmudict", "slots_home_assistant"),
    ),
    Field(
        label="Vision and movement",
        sentence="Digits read row by row, a moving square, hands and exercises as a camera or a watch sees them.",
        datasets=("digits_rows", "moving_square", "gunpoint", "shoulder_exercises"),
    ),
)


def steps() -> dict[str, tuple[str, str]]:
    """Key of a page → label and sentence of the step it stands for."""
    generated = sum(bool(entry.generator) for entry in DATASETS.values())
    kinds = [entry.kind for entry in DATASETS.values() if not entry.generator]
    measured = f"{kinds.count('series')} series, {kinds.count('sequences')} sets of sequences, {kinds.count('texts')} of texts"
    return {
        "data": ("Pick data", f"{measured}, {generated} generated ones, or a file of your own."),
        "train": ("Train", "Choose a small network and watch it learn, live."),
        "gates": ("Look inside", "Every gate at every step: what is kept, written and forgotten."),
        "compare": ("Compare", "Is it better than simple models? On the same test part."),
    }


def draw_fields() -> None:
    """A card per field of use, with links to some of its data."""
    st.subheader("Four fields", anchor=False)
    with st.grid(len(FIELDS), min_column_width=220, border=True):
        for field in FIELDS:
            with st.container(gap="xsmall"):
                st.markdown(f"**{field.label}**")
                st.caption(field.sentence)
                # Plain links: st.page_link would lose the address of widgets that the page has not drawn yet.
                links = (f'<a href="data?{urlencode({"dataset": key})}">{html.escape(_short(key))}</a>' for key in field.datasets)
                st.html(" · ".join(links))


def _short(key: str) -> str:
    return DATASETS[key].label.partition(" (")[0]
