"""Additions, written out: read "47+385", write "432"."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.held_out import PARTS, part_of
from seqlab.data.tokens import TokenDataset
from seqlab.options import Config, number_field

if TYPE_CHECKING:
    from seqlab.data.dataset_entry import DatasetEntry

__all__ = ["AdditionOptions", "additions", "draw_additions"]

Pairs = npt.NDArray[np.int64]

HELD_OUT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionOptions(Config):
    """How the additions are made."""

    digits: int = number_field(3, "Digits", "Of the larger numbers. Each has from one digit to this many, all as often.", 2, 9, 1)
    sequences: int = number_field(6_000, "Training additions per epoch", "Every epoch draws as many new ones.", 10, 200_000, 1_000)
    seed: int = number_field(0, "Seed", "Another seed gives other numbers.", 0, 2**31 - 1, 1)


def draw_additions(random: np.random.Generator, count: int, part: str, digits: int, least: int = 1) -> Pairs:
    """Pairs of numbers of one part; a pair and its mirror image (a + b, b + a) lie in the same one.

    Args:
        random: the random numbers.
        count: how many pairs.
        part: ``train``, ``validation`` or ``test``.
        digits: most digits of a number.
        least: fewest digits of a number.

    Returns:
        (count, 2)

    Example:
        >>> draw_additions(np.random.default_rng(0), 3, "train", 3).tolist()
        [[82, 9], [8, 719], [73, 450]]
    """
    found = np.empty((0, 2), dtype=np.int64)
    while len(found) < count:
        # about eight of ten pairs belong to training, one of ten to each other part
        shape = (2 * count + 20 if part == "train" else 12 * count, 2)
        length = random.integers(least, digits + 1, shape)
        smallest = np.where(length == 1, 0, 10 ** (length - 1))
        pairs = random.integers(smallest, 10**length)
        fitting = part_of(pairs.min(axis=1), pairs.max(axis=1)) == part
        found = np.concatenate([found, pairs[fitting]])
    return found[:count]


def additions(entry: "DatasetEntry", options: AdditionOptions) -> TokenDataset:
    """Additions as a data set, after Zaremba & Sutskever (2014), arXiv 1410.4615, and a well-known example of Keras.

    Example:
        >>> from seqlab.data.catalog import DATASETS
        >>> data = additions(DATASETS["additions"], AdditionOptions(sequences=10))
        >>> "".join(data.tokens[0]), "".join(data.labels[0])
        ('705+61', '766')
    """
    digits = options.digits
    counts = dict(zip(PARTS, (options.sequences, HELD_OUT, HELD_OUT), strict=True))
    drawn = {part: draw_additions(np.random.default_rng([options.seed, n]), counts[part], part, digits) for n, part in enumerate(PARTS)}
    plain = _dataset(entry, drawn["train"], (_note(digits), *NOTES))
    return replace(
        plain,
        tokens=tuple(tokens for pairs in drawn.values() for tokens in _read(pairs)),
        labels=tuple(written for pairs in drawn.values() for written in _written(pairs)),
        parts=tuple(part for part, pairs in drawn.items() for _ in pairs),
        fresh=lambda random, count: _dataset(entry, draw_additions(random, count, "train", digits), plain.notes),
        tests_at={
            str(length): _dataset(
                entry, draw_additions(np.random.default_rng([options.seed, 3, length]), 200, "test", length, length), plain.notes
            )
            for length in range(digits, digits + 3)
        },
    )


NOTES = (
    "A pair of numbers belongs to one part only, in whatever order, so no addition of the test part was ever in training.",
    "The further test sets hold numbers that all have one digit, or two digits, more than training has.",
)


def _note(digits: int) -> str:
    return f"Two numbers of 1 to {digits} digits and a plus sign are read character by character, and their sum is written."


def _dataset(entry: "DatasetEntry", pairs: Pairs, notes: tuple[str, ...]) -> TokenDataset:
    return TokenDataset(
        key=entry.key,
        label=entry.label,
        task="translate",
        tokens=_read(pairs),
        labels=_written(pairs),
        unit="character",
        target_names=("sum",),
        notes=notes,
        summary=entry.summary,
        source=entry.source,
        licence=entry.licence,
    )


def _read(pairs: Pairs) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f"{one}+{other}") for one, other in pairs.tolist())


def _written(pairs: Pairs) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(one + other)) for one, other in pairs.tolist())
