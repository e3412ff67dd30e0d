"""What a brought file most likely holds: a time series, or sequences and texts in one of their layouts."""

import io

from seqlab.data.upload import ROW_NUMBERS, inspect_table
from seqlab.data.upload_sequences import inspect_sequences
from seqlab.errors import SeqlabError

__all__ = ["SERIES", "guess_layout"]

SERIES = "series"


def guess_layout(file: io.BytesIO, name: str) -> str:
    r"""``SERIES``, or a key of :data:`seqlab.data.upload_sequences.SEQUENCE_LAYOUTS`.

    A file that cannot be read counts as a series: reading it says what is wrong.

    Args:
        file: what was brought.
        name: its name.

    Example:
        >>> guess_layout(io.BytesIO(b"text,label\nGood fun,yes\nToo long,no\nWell made,yes\n"), "my.csv")
        'texts'
    """
    content = file.getvalue()
    try:
        look = inspect_sequences(_named(content, name))
    except SeqlabError:
        return SERIES
    if look.layout == "conll":
        return look.layout
    if look.roles is None:
        return SERIES
    if look.layout == "long":
        return look.layout
    try:
        dated = inspect_table(_named(content, name)).time != ROW_NUMBERS
    except SeqlabError:
        dated = False
    # A column of few words beside dates and numbers is a note on the day, not the class of a sequence.
    return SERIES if dated else look.layout


def _named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file
