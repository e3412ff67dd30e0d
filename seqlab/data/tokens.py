"""Many texts, or lists of words or symbols, with a class, tags or another sequence as the answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np

from seqlab.data.sequence_checks import check_class_names, check_marks, classes_of, described_digest
from seqlab.errors import DataError

__all__ = ["SCHEMES", "UNITS", "TokenDataset", "Tokens", "split_words"]

Tokens = tuple[str, ...]

UNITS = ("word", "character")
SCHEMES = ("", "IOB1", "BIO", "BIOES")
TASKS_OF_TOKENS = ("classify", "tag", "translate")

_WORD = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]")


def split_words(text: str) -> Tokens:
    """Cuts a text into words and punctuation marks. Hyphens and apostrophes inside a word stay in it.

    Example:
        >>> split_words("It's a well-made film, isn't it?")
        ("It's", 'a', 'well-made', 'film', ',', "isn't", 'it', '?')
    """
    return tuple(_WORD.findall(text))


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenDataset:
    """Texts, and what is to be said about them.

    Args:
        label: name on the screen.
        task: ``"classify"`` (a class per text), ``"tag"`` (a tag per token) or ``"translate"`` (another sequence of symbols).
        labels: classify: a class name each; tag: a tag per token, ``""`` where no answer is wanted; translate: the symbols to be
            written.
        texts: the texts as they were written; may be left out where there are tokens.
        tokens: the words or symbols of each text; may be left out for classify, where they are cut from the texts.
        unit: ``"word"`` or ``"character"``: what the data set is best read by. Tokens that are symbols already count as characters.
        scheme: how tags mark entities of several words: ``"IOB1"``, ``"BIO"`` or ``"BIOES"``; empty if they mark none.
        target_names: name of what is said.
        groups: who or what each text comes from: a group never lies in two parts. Empty if there are none.
        parts: the published part of each text, ``"train"``, ``"validation"`` or ``"test"``. Empty if there are none.
        fresh: makes so many new texts of the same kind, for tasks whose training data never ends.
        tests_at: further test sets, such as longer sequences: name → data set.
        trivial: loss of the best answer that ignores the sequence; ``None`` if nobody knows it.
        solved: loss below which the task counts as solved; ``None`` if nobody knows it.
        key: key of ``seqlab.DATASETS``, or ``upload:<fingerprint>``; empty for data that was not stored.
        notes: sentences about what was read, left out and cut.
        summary, source, licence: what the data is, and where it comes from.

    Raises:
        DataError: the texts contradict this description.

    Example:
        >>> data = TokenDataset(label="Demo", task="classify", texts=("Good fun.", "Bad."), labels=("yes", "no"))
        >>> data.classes, data.tokens_by("word"), data.lengths
        (('no', 'yes'), (('Good', 'fun', '.'), ('Bad', '.')), (3, 2))
    """

    label: str
    task: str
    labels: tuple[str, ...] | tuple[Tokens, ...] = field(repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    tokens: tuple[Tokens, ...] = field(default=(), repr=False)
    unit: str = "word"
    scheme: str = ""
    target_names: tuple[str, ...] = ("label",)
    groups: tuple[str, ...] = field(default=(), repr=False)
    parts: tuple[str, ...] = field(default=(), repr=False)
    fresh: "Callable[[np.random.Generator, int], TokenDataset] | None" = None
    tests_at: "Mapping[str, TokenDataset]" = field(default_factory=lambda: MappingProxyType({}), repr=False)
    trivial: float | None = None
    solved: float | None = None
    key: str = ""
    notes: tuple[str, ...] = ()
    summary: str = ""
    source: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        for name, value, known in (("task", self.task, TASKS_OF_TOKENS), ("unit", self.unit, UNITS), ("scheme", self.scheme, SCHEMES)):
            if value not in known:
                raise DataError(f"The {name} of {self.label!r} is {value!r}. Choose one of: {', '.join(map(repr, known))}.")
        if self.task != "classify" and not self.tokens:
            raise DataError(f"{self.label!r} holds no tokens, but its task is {self.task!r}. Give the words or symbols of each text.")
        check_marks(self.label, len(self.tokens or self.texts), self.labels, self.groups, self.parts)
        if self.tokens and self.texts and len(self.tokens) != len(self.texts):
            raise DataError(f"{self.label!r} holds {len(self.texts)} texts, but {len(self.tokens)} lists of tokens. Give one of each.")
        _check_tokens(self.label, self.tokens or [[text] for text in self.texts])
        if self.task == "translate":
            _check_written(self.label, self.labels)
        else:
            check_class_names(self.label, self.task, self.labels, [len(each) for each in self.tokens])

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.labels)

    def reads_by(self, unit: str) -> str:
        """The unit that is really read when ``unit`` is asked for.

        Tags stand at the tokens they were given for, and symbols are never put together to words: there the data set decides.
        """
        return unit if self.task == "classify" or (self.task == "translate" and self.unit == "word") else self.unit

    def tokens_by(self, unit: str) -> tuple[Tokens, ...]:
        """The texts cut into ``"word"`` or ``"character"``; see :meth:`reads_by` for what may be chosen.

        Raises:
            DataError: no such unit.
        """
        if unit not in UNITS:
            raise DataError(f"Texts cannot be read by {unit!r}. Choose one of: {', '.join(UNITS)}.")
        unit = self.reads_by(unit)
        if unit == "word" or (self.tokens and self.unit == "character"):
            return self.tokens or tuple(split_words(text) for text in self.texts)
        return tuple(tuple(text) for text in self.written_texts)

    def targets_by(self, unit: str) -> tuple[Tokens, ...]:
        """The symbols to be written, which are characters where words are read by character.

        Raises:
            DataError: the data set is no translation.
        """
        if self.task != "translate":
            raise DataError(f"{self.label!r} writes nothing: its task is {self.task!r}. Only translations have targets to write.")
        split = self.unit == "word" and self.reads_by(unit) == "character"
        return tuple(tuple(" ".join(each)) if split else tuple(each) for each in self.labels)

    @cached_property
    def written_texts(self) -> tuple[str, ...]:
        """(text,) the texts as they were written; tokens joined where only they are known."""
        return self.texts or tuple(("" if self.unit == "character" else " ").join(each) for each in self.tokens)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """(text,) number of tokens of each, by the data set's own unit."""
        return tuple(len(each) for each in self.tokens_by(self.unit))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes or tags, sorted; the symbols that are written, for translate."""
        return classes_of(self.task, self.labels)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over texts, answers, groups and parts, as 64 hexadecimal digits.

        Two data sets with one fingerprint give the same run for the same spec. What ``fresh`` will make is not looked at: it
        belongs to the options of a generated set.
        """
        names = ("task", "labels", "texts", "tokens", "unit", "scheme", "target_names", "groups", "parts")
        return described_digest({"kind": "tokens", **{name: getattr(self, name) for name in names}}, [])


def _check_tokens(label: str, tokens: Sequence[Sequence[str]]) -> None:
    for number, each in enumerate(tokens):
        if isinstance(each, str):
            raise DataError(f"Text {number} of {label!r} is one text, where a list of its words is wanted. Give the words.")
        try:
            empty = not "".join(each).strip()
        except TypeError as error:
            raise DataError(f"Text {number} of {label!r} holds something that is no text. Give texts, or lists of words.") from error
        if empty:
            raise DataError(f"Text {number} of {label!r} is empty. Leave it out, or give it at least one word.")


def _check_written(label: str, labels: Sequence[Sequence[str]]) -> None:
    for number, each in enumerate(labels):
        if not each or "" in each:
            raise DataError(
                f"The sequence to be written for text {number} of {label!r} is empty or no list of symbols. Leave the text out."
            )
