"""Named entities in made-up news: sentences from templates, tagged by how they were made."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data import entity_names as names
from seqlab.data.tokens import TokenDataset, Tokens
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry

__all__ = ["EntityOptions", "NameBook", "entity_sentence", "generated_entities"]

TYPES = {"PER": "PER", "LAST": "PER", "ORG": "ORG", "TEAM": "ORG", "LOC": "LOC", "MISC": "MISC", "FROM": "MISC"}
"""What stands in a template → type of the entity."""

SHARES = {"train": 0.7, "validation": 0.15, "test": 0.15}

KEPT_BACK = 3  # every third name is kept from training


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityOptions(Config):
    """How many sentences are made."""

    sequences: int = number_field(3_000, "Sentences", "In all three parts together; no two are the same.", 100, 20_000, 500)
    seed: int = number_field(0, "Seed", "Another seed gives other sentences.", 0, 2**31 - 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameBook:
    """The names that one part may use; ``training`` leaves out every third of each list.

    Args:
        training: whether only the names of the training part are used.
    """

    training: bool

    def pick(self, random: np.random.Generator, choices: tuple[str, ...]) -> str:
        """One of the names that may be used."""
        place = int(random.integers(len(choices)))
        while self.training and place % KEPT_BACK == 0:
            place = int(random.integers(len(choices)))
        return choices[place]

    def entity(self, random: np.random.Generator, slot: str) -> str:
        """A name for a slot of a template, its words set apart by spaces."""
        if slot == "PER":
            return f"{self.pick(random, names.FIRST_NAMES)} {self.pick(random, names.SURNAMES)}"
        if slot == "LAST":
            return self.pick(random, names.SURNAMES)
        if slot == "FROM":
            return self.pick(random, names.ADJECTIVES)
        if slot == "LOC":
            return self.pick(random, names.PLACES if random.random() < 0.7 else tuple(names.COUNTRIES))
        if slot == "TEAM":
            return self.pick(random, names.PLACES) + ("" if random.random() < 0.6 else " United")
        patterns = names.ORGANISATIONS if slot == "ORG" else names.EVENTS
        return patterns[random.integers(len(patterns))].format(
            stem=self.pick(random, names.STEMS),
            surname=self.pick(random, names.SURNAMES),
            place=self.pick(random, names.PLACES),
            country=self.pick(random, tuple(names.COUNTRIES)),
            adjective=self.pick(random, names.ADJECTIVES),
        )


def entity_sentence(random: np.random.Generator, book: NameBook) -> tuple[Tokens, Tokens]:
    """One sentence.

    Returns:
        Its words, and a tag for each: B- at the first word of an entity, I- at its others, O elsewhere.

    Example:
        >>> words, tags = entity_sentence(np.random.default_rng(5), NameBook(training=True))
        >>> list(zip(words, tags))[6:9]
        [('against', 'O'), ('Berger', 'B-ORG'), ('Group', 'I-ORG')]
    """
    words: list[str] = []
    tags: list[str] = []
    for piece in names.TEMPLATES[random.integers(len(names.TEMPLATES))].split():
        slot = piece.strip("{}")
        kind = TYPES.get(slot, "") if piece.startswith("{") else ""
        filled = (book.entity(random, slot) if kind else _plain(random, piece)).split()
        words += filled
        tags += [f"{'I' if place else 'B'}-{kind}" if kind else "O" for place in range(len(filled))]
    return tuple(words), tuple(tags)


def _plain(random: np.random.Generator, piece: str) -> str:
    slot = piece.strip("{}")
    if not piece.startswith("{"):
        return piece
    if slot == "number":
        return str(random.integers(2, 100))
    if slot == "score":
        return f"{random.integers(0, 6)}-{random.integers(0, 6)}"
    return names.FILLERS[slot][random.integers(len(names.FILLERS[slot]))]


def generated_entities(entry: "DatasetEntry", options: EntityOptions) -> TokenDataset:
    """The sentences as a data set; validation and test part also use names that training never shows."""
    sentences: dict[Tokens, Tokens] = {}
    parts: list[str] = []
    ends = np.round(np.cumsum(list(SHARES.values())) * options.sequences).astype(int)
    for number, (part, end) in enumerate(zip(SHARES, ends.tolist(), strict=True)):
        random, book = np.random.default_rng([options.seed, number]), NameBook(training=part == "train")
        while len(sentences) < end:
            words, tags = entity_sentence(random, book)
            sentences.setdefault(words, tags)
        parts += [part] * (end - len(parts))
    return TokenDataset(
        key=entry.key,
        label=entry.label,
        task="tag",
        tokens=tuple(sentences),
        labels=tuple(sentences.values()),
        unit="word",
        scheme="BIO",
        target_names=("entity",),
        parts=tuple(parts),
        notes=(
            (
                f"Synthetic: {options.sequences:,} sentences made from {len(names.TEMPLATES)} templates and invented names. They are far "
                "more regular than real news, so scores here say little about real text."
            ),
            "PER is a person, ORG an organisation or team, LOC a place, MISC a nationality or an event; BIO tags.",
            _unseen_note(list(zip(parts, sentences.items(), strict=True))),
            "A place name alone can be a place or a team, and only the rest of the sentence tells which.",
        ),
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )


def _unseen_note(sentences: list[tuple[str, tuple[Tokens, Tokens]]]) -> str:
    seen = {word for part, (words, _) in sentences if part == "train" for word in words}
    asked = [word for part, (words, tags) in sentences if part == "test" for word, tag in zip(words, tags, strict=True) if tag != "O"]
    unseen = sum(word not in seen for word in asked)
    return f"{unseen:,} of the {len(asked):,} words of names in the test part never come up in training."
