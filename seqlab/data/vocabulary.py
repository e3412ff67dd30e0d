"""Words and characters as numbers: a vocabulary of what the training part holds, and the shape of a word."""

from collections import Counter
from collections.abc import Iterable

__all__ = ["NOTHING", "SHAPES", "UNKNOWN", "count_symbols", "shape_of"]

NOTHING, UNKNOWN = 0, 1
"""Numbers 0 and 1 of every vocabulary: no symbol at all, and a symbol the training part does not hold."""

RESERVED = ("", "<unknown>")

SHAPES = ("first letter is a capital", "all letters are capitals", "holds a digit", "is a number", "holds punctuation")
"""What is told about the shape of a word, 0 or 1 each."""


def count_symbols(symbols: Iterable[str], minimum_count: int) -> tuple[str, ...]:
    """The vocabulary: two reserved entries, then the symbols in order of frequency, and of the alphabet where they tie.

    Args:
        symbols: those of the training part, in running text.
        minimum_count: how often a symbol must occur to be kept.

    Returns:
        names by number; the first two are :data:`NOTHING` and :data:`UNKNOWN`.

    Example:
        >>> count_symbols("to be or not to be to".split(), minimum_count=2)
        ('', '<unknown>', 'to', 'be')
    """
    counts = Counter(symbols)
    kept = sorted((name for name, count in counts.items() if count >= minimum_count), key=lambda name: (-counts[name], name))
    return (*RESERVED, *kept)


def shape_of(word: str) -> tuple[float, ...]:
    """The shape of a word as :data:`SHAPES` describes it.

    Example:
        >>> shape_of("New-York"), shape_of("60661")
        ((1.0, 0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0, 0.0))
    """
    facts = (
        word[:1].isupper(),
        word.isupper(),
        any(character.isdigit() for character in word),
        word.replace(",", "").replace(".", "").isdigit(),
        not all(character.isalnum() or character.isspace() for character in word),
    )
    return tuple(float(fact) for fact in facts)
