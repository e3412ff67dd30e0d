"""Turn warnings of a library into notes, so that none is lost and none is raised."""

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collected_warnings", "summary_of"]


@contextmanager
def collected_warnings(texts: list[str]) -> Iterator[None]:
    """Append the text of every warning raised inside to ``texts``, also if an exception ends the block."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        finally:
            texts.extend(" ".join(f"{w.category.__name__}: {w.message}".split()) for w in caught)


def summary_of(texts: list[str], who: str) -> tuple[str, ...]:
    """One sentence per different warning, with how often it came.

    Example:
        >>> summary_of(["A: b", "A: b"], "ETS")
        ('ETS warned 2 times: A: b',)
    """
    return tuple(f"{who} warned{f' {count} times' if count > 1 else ''}: {text}" for text, count in Counter(texts).items())
