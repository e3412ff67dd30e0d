"""Embedded Reber grammar: which symbol may come next depends on the one before, and once on the second of all."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.teaching import Drawn, Task, one_hot, teaching_dataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry
    from seqlab.data.sequences import SequenceDataset

__all__ = [
    "LENGTHS",
    "SYMBOLS",
    "ReberOptions",
    "draw_reber",
    "expected_counts",
    "floor_loss",
    "forgetful_loss",
    "legal_next",
    "reber",
    "reber_string",
]

SYMBOLS = tuple("BTPSXVE")

LENGTHS = (10, 15, 20, 30, 50, 100)
"""Symbols per string of the further test sets; by itself a string has 12 on average."""

INNER = ({"B": 1}, {"T": 2, "P": 3}, {"S": 2, "X": 4}, {"T": 3, "V": 5}, {"X": 3, "S": 6}, {"P": 4, "V": 6}, {"E": 7})
"""State of the inner grammar → symbol that may come next → the state it leads to; 7 is its end."""

START = "start"


def _embedded() -> Mapping[str, Mapping[str, str]]:
    grammar = {START: {"B": "second"}, "second": {outer: f"{outer}0" for outer in "TP"}}
    for outer in "TP":
        for state, ways in enumerate(INNER):
            grammar[f"{outer}{state}"] = {symbol: f"{outer}{following}" for symbol, following in ways.items()}
        grammar[f"{outer}{len(INNER)}"] = {outer: "last"}
    return grammar | {"last": {"E": START}}


GRAMMAR = _embedded()
"""State → symbol that may come next → the state it leads to. After a string its grammar starts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReberOptions(Config):
    """How the strings are made."""

    strings: int = number_field(
        1,
        "Strings per sequence",
        "With more, strings follow each other without a break, and the network has to forget the old one by itself.",
        1,
        100,
        1,
    )
    sequences: int = number_field(1_600, "Training sequences per epoch", "Every epoch draws as many new ones.", 10, 100_000, 100)
    seed: int = number_field(0, "Seed", "Another seed gives other strings.", 0, 2**31 - 1, 1)


@cache
def _odds(steps: int) -> Mapping[str, float]:
    """State → probability that a string ends in exactly so many symbols."""
    if steps == 0:
        return {state: float(state == START) for state in GRAMMAR}
    # a string that has ended does not go on
    after = {**_odds(steps - 1), START: float(steps == 1)}
    return {state: sum(after[following] for following in ways.values()) / len(ways) for state, ways in GRAMMAR.items()}


def reber_string(random: np.random.Generator, length: int | None = None) -> str:
    """A string of the embedded Reber grammar: B, T or P, a string of the inner grammar, the same T or P again, and E.

    After Hochreiter & Schmidhuber (1997), Neural Computation 9, 1735-1780, experiment 1. Where two symbols are possible, both are as
    likely.

    Args:
        random: the random numbers.
        length: symbols of the string, at least 9; ``None`` for as many as there come. Strings of one length keep their odds.

    Example:
        >>> reber_string(np.random.default_rng(3)), len(reber_string(np.random.default_rng(3), 30))
        ('BTBTXSETE', 30)
    """
    state, text = START, ""
    while state != START or not text:
        (first, one), *others = GRAMMAR[state].items()
        text += first
        if others:
            ((second, other),) = others
            odds = 0.5 if length is None else _odds_of_first(one, other, length - len(text))
            if random.random() >= odds:
                text, one = text[:-1] + second, other
        state = one
    return text


def _odds_of_first(one: str, other: str, left: int) -> float:
    """Probability of going to the first of two states, if the string has to end so many symbols later."""
    ends = _odds(left)
    return ends[one] / (ends[one] + ends[other])


def legal_next(text: str) -> tuple[str, ...]:
    """The symbols that may come after each of the text's, which is one string, or several in a row.

    Returns:
        (symbol,) the legal ones after each.

    Example:
        >>> legal_next("BPBTXSEPE")
        ('TP', 'B', 'TP', 'SX', 'XS', 'E', 'P', 'E', 'B')
    """
    state, legal = START, []
    for symbol in text:
        state = GRAMMAR[state][symbol]
        legal.append("".join(GRAMMAR[state]))
    return tuple(legal)


def draw_reber(random: np.random.Generator, count: int, strings: int = 1, length: int | None = None) -> Drawn:
    """Strings of the embedded Reber grammar; to be said at each step: the symbol that comes next.

    Several may be legal, and which of them comes is chance; see :func:`legal_next`. With several strings in a row this is the
    continual form of Gers, Schmidhuber & Cummins (2000), Neural Computation 12, 2451-2471.

    Returns:
        Sequences (time, 7), one-hot, without the last symbol. Labels: the next symbol at each step.
    """
    texts = ["".join(reber_string(random, length) for _ in range(strings)) for _ in range(count)]
    return Drawn(
        sequences=[one_hot(np.array([SYMBOLS.index(symbol) for symbol in text[:-1]]), len(SYMBOLS)) for text in texts],
        labels=tuple(tuple(text[1:]) for text in texts),
    )


def expected_counts() -> tuple[float, float]:
    """Symbols of a string, and choices between two legal symbols in it, on average.

    The visits to a state solve ``v = e + Pᵀv``, with the chances P of going from state to state and one start e.

    Example:
        >>> expected_counts()
        (12.0, 7.0)
    """
    states = list(GRAMMAR)
    chances = np.zeros((len(states), len(states)))
    for state, ways in GRAMMAR.items():
        for following in ways.values():
            if following != START:
                chances[states.index(state), states.index(following)] += 1.0 / len(ways)
    visits = np.linalg.solve(np.eye(len(states)) - chances.T, np.eye(len(states))[0])
    choices = sum(visits[states.index(state)] for state, ways in GRAMMAR.items() if len(ways) > 1)
    return round(float(visits.sum()), 9), round(float(choices), 9)  # whole numbers, but for the last bits


def floor_loss(strings: int = 1) -> float:
    """Cross-entropy per step of whoever knows the grammar and forgets nothing: ln 2 for each choice, nothing else.

    Example:
        >>> round(floor_loss(), 4)
        0.4411
    """
    symbols, choices = expected_counts()
    return strings * choices * math.log(2.0) / (strings * symbols - 1.0)


def forgetful_loss(strings: int = 1) -> float:
    """Cross-entropy per step of whoever knows the inner grammar, but has forgotten the second symbol: another ln 2 per string.

    Example:
        >>> round(forgetful_loss(), 4)
        0.5041
    """
    symbols, _ = expected_counts()
    return floor_loss(strings) + strings * math.log(2.0) / (strings * symbols - 1.0)


def reber(entry: "DatasetEntry", options: ReberOptions) -> "SequenceDataset":
    """The embedded Reber grammar as a data set."""
    strings = options.strings
    floor, trivial = floor_loss(strings), forgetful_loss(strings)
    shown = "one string" if strings == 1 else f"{strings} strings in a row"
    task = Task(
        kind="tag",
        draw=partial(draw_reber, strings=strings),
        feature_names=SYMBOLS,
        target_names=("next",),
        trivial=trivial,
        solved=floor + 0.25 * (trivial - floor),
        train=options.sequences,
        validation=1_000,
        test=500,
        longer={length: (partial(draw_reber, strings=strings, length=length), 100) for length in LENGTHS},
        notes=(
            f"Each sequence is {shown}. A string has 9 symbols or more, 12 on average; the answer at each step is the next symbol.",
            (
                "Where two symbols may come, either is right: an answer counts as right when it is legal. The last but one symbol is the "
                "second once more, and only memory tells it."
            ),
            (
                f"No predictor can have a cross-entropy below {floor:.3f} in the long run. One that knows the grammar but forgets the "
                f"second symbol has {trivial:.3f}: that is the line to get below."
            ),
            (
                "Short strings come up again and again, in training and in test. The longer test sets hold strings that training "
                "hardly ever shows."
            ),
        ),
    )
    return teaching_dataset(entry, task, options.seed)
