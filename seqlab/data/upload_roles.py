"""Which column of an uploaded table is what: the text or the numbers, the answer, the sequence, its group and its part."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from seqlab.data.csv_table import CsvTable
from seqlab.errors import DataError

__all__ = ["Roles", "find_roles"]

LABELS = ("label", "labels", "class", "target", "category", "tag", "sentiment", "activity", "answer", "output", "y")
TEXTS = ("text", "sentence", "texts", "review", "comment", "message", "utterance", "document", "title", "name", "word", "string")
SEQUENCES = ("seq_id", "sequence_id", "sequence", "seq", "series_id", "series", "sample_id", "sample", "case", "id", "recording", "trial")
STEPS = ("step", "t", "time", "timestep", "time_step", "timestamp", "frame", "position", "index")
GROUPS = ("group", "subject", "speaker", "person", "patient", "participant", "user", "writer")
PARTS = ("part", "split", "subset", "set", "fold")

MANY = 2  # columns of numbers from which a row is a sequence of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What the columns of a table are used for.

    Args:
        layout: ``"texts"``, ``"wide"`` or ``"long"``.
        answers: the columns that say the answer; several only where answers are numbers.
        text: the column of texts.
        sequence, step: long tables: the column that tells sequences apart, and the one that orders their steps.
        features: the columns of numbers that make the sequences.
        group: who or what a sequence comes from.
        part: training, validation or test.
        left_out: columns that are not read.
    """

    layout: str
    answers: tuple[str, ...]
    text: str = ""
    sequence: str = ""
    step: str = ""
    features: tuple[str, ...] = ()
    group: str = ""
    part: str = ""
    left_out: tuple[str, ...] = ()


def find_roles(
    table: CsvTable,
    *,
    layout: str = "",
    answers: tuple[str, ...] = (),
    text: str = "",
    sequence: str = "",
    step: str = "",
    group: str = "",
    part: str = "",
) -> Roles:
    r"""Roles by the names of the columns and by what they hold; a column that is named here is taken as it is named.

    Raises:
        DataError: a column that does not exist, or no column that could be the answer, the text or the numbers.

    Example:
        >>> import io
        >>> roles = find_roles(CsvTable(io.StringIO("seq_id,t,x,label\n0,0,1.5,up\n0,1,2.5,up\n1,0,1,down\n1,1,0,down\n")))
        >>> roles.layout, roles.features, roles.answers
        ('long', ('x',), ('label',))
    """
    names = table.text.names
    given = {*answers, text, sequence, step, group, part} - {""}
    for name in given - set(names):
        raise DataError(f"There is no column {name!r} in the file. Its columns are: {', '.join(names[:20])}.")
    numeric = [name for name in names if not len(table.numbers(name).wrong) and table.numbers(name).observed]
    free = [name for name in names if name not in given]
    if not sequence and not text and layout in ("", "long"):
        sequence = next((name for name in _named(free, SEQUENCES) if len(set(table.cells(name))) < len(table)), "")
    if layout == "long" and not sequence:
        raise DataError(f"No column tells the sequences apart; the columns are: {', '.join(names[:20])}. Name one, or call it 'seq_id'.")
    part = part or next((name for name in _named(free, PARTS) if name not in numeric), "")
    free = [name for name in free if name not in (sequence, part)]
    answers = answers or (_answer(table, free, numeric, layout),)
    free = [name for name in free if name not in answers]
    if not layout:
        layout = "long" if sequence else "wide" if not text and len([name for name in free if name in numeric]) >= MANY else "texts"
    if layout == "texts":
        text = text or _text(table, free, numeric)
        left_out = tuple(name for name in free if name not in (text, group))
        return Roles(layout=layout, answers=answers, text=text, group=group, part=part, left_out=left_out)
    group = group or next(_named(free, GROUPS), "")
    step = step or (next((name for name in _named(free, STEPS) if name in numeric), "") if layout == "long" else "")
    features = _features(table, [name for name in free if name in numeric and name not in (step, group)], wide=layout == "wide")
    left_out = tuple(name for name in free if name not in (*features, step, group))
    return Roles(layout=layout, answers=answers, sequence=sequence, step=step, features=features, group=group, part=part, left_out=left_out)


def _features(table: CsvTable, numeric: list[str], *, wide: bool) -> tuple[str, ...]:
    """The columns of numbers that make the sequences; one that only numbers the rows is none of them."""
    counters = [name for name in _named(numeric, SEQUENCES) if wide and len(set(table.cells(name))) == len(table)]
    features = tuple(name for name in numeric if name not in counters)
    if not features:
        names = ", ".join(table.text.names[:20])
        raise DataError(f"No column of numbers is left for the sequences; the columns are: {names}. Add their values.")
    return features


def _named(names: Collection[str], known: Sequence[str]) -> Iterator[str]:
    """Those of ``names`` that are usual for a role, the most usual first: a column y is an answer only where none is called label."""
    usual = {name.strip().lower().replace(" ", "_"): name for name in names}
    return (usual[name] for name in known if name in usual)


def _answer(table: CsvTable, free: list[str], numeric: list[str], layout: str) -> str:
    """The column called label, or else the only column of text with few different values."""
    called = next(_named(free, LABELS), "")
    if called:
        return called
    words = [name for name in free if name not in numeric and len(set(table.cells(name))) <= max(2, len(table) // 2)]
    if layout in ("texts", "") and len(free) == 2 and not words:
        raise DataError(f"Neither {free[0]!r} nor {free[1]!r} looks like the class of a text. Call the column of classes 'label'.")
    if words:
        return min(words, key=lambda name: len(set(table.cells(name))))
    raise DataError(
        f"No column is called 'label', so it is not known what is to be said about a sequence. The columns are: "
        f"{', '.join(table.text.names[:20])}. Name the column of answers, or call it 'label'."
    )


def _text(table: CsvTable, free: list[str], numeric: list[str]) -> str:
    """The column called text, or else the column of words with the most different values."""
    words = [name for name in free if name not in numeric]
    if not words:
        raise DataError(f"No column holds texts; the columns are: {', '.join(table.text.names[:20])}. Add one, and call it 'text'.")
    return next(_named(words, TEXTS), "") or max(words, key=lambda name: len(set(table.cells(name))))
