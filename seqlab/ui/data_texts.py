"""Texts on the page: some of them with their answers, and the words or characters they are made of."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.tokens import TokenDataset
from seqlab.ui.messages import escape
from seqlab.ui.tagged_text import TaggedToken, draw_tagged_text, kind_of

__all__ = ["draw_examples", "draw_vocabulary", "typical"]

ROWS = 60
SENTENCES = 5
MOST_CLASSES = 40
LISTED = 12
RARE = 5  # times a word must occur to be called typical
ENDING = 3  # characters
SHORT = 15  # characters: texts whose endings are listed

SCHEMES = {
    "BIO": "B- begins what is named, I- goes on with it, O names nothing.",
    "IOB1": "I- names, B- only parts two neighbours of one kind, O names nothing.",
    "BIOES": "B- begins what is named, I- goes on, E- ends it, S- is a single word, O names nothing.",
}


def draw_examples(dataset: TokenDataset, prepared: PreparedSequences, *, key: str) -> None:
    """A few texts of the training part with what is to be said of them.

    Args:
        dataset: the data set.
        prepared: the same, split.
        key: names the widgets on the page.
    """
    numbers = prepared.numbers["train"].tolist()
    if dataset.task == "tag":
        _draw_tagged(dataset, numbers)
    elif dataset.task == "translate":
        joint = prepared.joint
        pairs: dict[str, list[Any]] = {
            "Read": [dataset.written_texts[place] for place in numbers[:ROWS]],
            "To be written": [joint.join(dataset.labels[place]) for place in numbers[:ROWS]],
        }
        st.markdown("**Examples** (training part)")
        _table(pairs, key=f"{key}.pairs", alt=f"Pairs of {dataset.label}: what is read and what is to be written")
    else:
        _draw_labelled(dataset, numbers, key)


def _draw_labelled(dataset: TokenDataset, numbers: Sequence[int], key: str) -> None:
    st.markdown("**Examples** (training part)")
    everything = "Any class"
    chosen = st.selectbox("Class", [everything, *dataset.classes], key=f"{key}.class", width=280, persist_state="session")
    own = [place for place in numbers if chosen in (everything, dataset.labels[place])][:ROWS]
    columns: dict[str, list[Any]] = {
        "Text": [dataset.written_texts[place] for place in own],
        "Class": [dataset.labels[place] for place in own],
    }
    _table(columns, key=f"{key}.texts", alt=f"Texts of {dataset.label} with their classes")


def _table(columns: dict[str, list[Any]], *, key: str, alt: str) -> None:
    first = next(iter(columns))
    config = {name: st.column_config.TextColumn(width="large" if name == first else "medium") for name in columns}
    st.dataframe(pd.DataFrame(columns), key=key, hide_index=True, height=300, column_config=config, alt=alt)


def _draw_tagged(dataset: TokenDataset, numbers: Sequence[int]) -> None:
    scheme = f" Tags mark things of several words: {SCHEMES[dataset.scheme]}" if dataset.scheme else ""
    st.markdown(f"**Examples** (training part), coloured by tag.{scheme}")
    for place in numbers[:SENTENCES]:
        tokens = [
            TaggedToken(text=word, said=str(tag) or "O") for word, tag in zip(dataset.tokens[place], dataset.labels[place], strict=True)
        ]
        draw_tagged_text(tokens, dataset.classes, close=dataset.unit == "character")
    counts = Counter(tag for place in numbers for tag in dataset.labels[place] if tag)
    frequent, count = counts.most_common(1)[0]
    kinds = {kind_of(tag) for tag in dataset.classes} - {"O"}
    named = f" {len(kinds)} kinds of things are named." if dataset.scheme else ""
    st.caption(
        f"{escape(frequent)} is the tag of {100 * count / max(1, counts.total()):.0f} % of the words: whoever always says it is right that "
        f"often.{named}"
    )


def draw_vocabulary(dataset: TokenDataset, prepared: PreparedSequences, *, key: str) -> None:
    """How many words or characters there are, how many of the test part are unknown, and which belong to which class.

    Args:
        dataset: the data set.
        prepared: the same, split and numbered.
        key: names the table on the page.
    """
    unit = prepared.unit
    known, running = len(prepared.vocabulary) - 2, _running(dataset, prepared, "test")
    unknown = prepared.inputs.unknown(running) if hasattr(prepared.inputs, "unknown") else 0
    share = 100 * unknown / max(1, len(running))
    rarest = prepared.spec.sequence.minimum_count
    kept = f" that the training part holds at least {rarest} times" if unit == "word" and rarest > 1 else ""
    st.markdown(
        f"**Vocabulary:** {known:,} {unit}s{kept}; {share:.1f} % of the {len(running):,} {unit}s in the test part are unknown"
        f"{', and are read as one and the same' if unknown else ''}."
    )
    if dataset.task == "classify":
        with st.expander(f"{unit.capitalize()}s of each class", icon=":material/abc:"):
            _draw_words(dataset, prepared, key)
    else:
        counts = Counter(_running(dataset, prepared, "train")).most_common(40)
        shown = ", ".join(f"{escape(token) if token.strip() else '␣'} ({count:,})" for token, count in counts)
        st.caption(f"Most frequent: {shown}.")


def _running(dataset: TokenDataset, prepared: PreparedSequences, part: str) -> list[str]:
    tokens = dataset.tokens_by(prepared.spec.sequence.unit)
    return [token for place in prepared.numbers[part] for token in tokens[place]]


def _draw_words(dataset: TokenDataset, prepared: PreparedSequences, key: str) -> None:
    tokens = dataset.tokens_by(prepared.spec.sequence.unit)
    lower = prepared.spec.sequence.lowercase
    counts: dict[str, Counter[str]] = {name: Counter() for name in dataset.classes}
    endings: dict[str, Counter[str]] = {name: Counter() for name in dataset.classes}
    for place in prepared.numbers["train"]:
        name = str(dataset.labels[place])
        counts[name].update(token.lower() if lower else token for token in tokens[place])
        endings[name][dataset.written_texts[place][-ENDING:].lower()] += 1
    short = prepared.unit == "character" and sum(dataset.lengths) / len(dataset) < SHORT
    columns: dict[str, list[str]] = {"Class": [], "Most frequent": [], "Most typical": []}
    for name in dataset.classes[:MOST_CLASSES]:
        columns["Class"].append(name)
        columns["Most frequent"].append("  ".join(token if token.strip() else "␣" for token, _ in counts[name].most_common(LISTED)))
        columns["Most typical"].append("  ".join(f"{token} ({times:.0f}×)" for token, times in typical(endings if short else counts, name)))
    what = f"endings of {ENDING} characters" if short else f"{prepared.unit}s"
    _table(columns, key=f"{key}.words", alt="The most frequent and the most typical words of each class")
    st.caption(
        f"Counted in the training part. Typical {what}: how many times more frequent they are in the class than in all others, one added "
        f"to every count; from {RARE} times on."
    )


def typical(counts: dict[str, Counter[str]], name: str) -> list[tuple[str, float]]:
    """What is most over-represented in one class: (word, how many times more frequent than in all others).

    Args:
        counts: class → how often each word occurs.
        name: the class.

    Example:
        >>> typical({"a": Counter(x=9, y=9), "b": Counter(y=19)}, "a")[0][0]
        'x'
    """
    own = counts[name]
    inside, outside = own.total() or 1, sum(each.total() for each in counts.values()) - own.total() or 1
    other: Counter[str] = Counter()
    for each, words in counts.items():
        if each != name:
            other.update({word: words[word] for word in own if words[word]})
    found = [(word, (count + 1) / inside / ((other[word] + 1) / outside)) for word, count in own.items() if count >= RARE]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:LISTED]
