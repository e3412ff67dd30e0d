"""Sequences and texts a stranger brings: the file is looked at, read as one of four layouts, or refused with a reason."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from seqlab.data.csv_table import CsvTable
from seqlab.data.csv_text import Source, read_text
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.upload_conll import conll_dataset, looks_like_conll
from seqlab.data.upload_roles import Roles, find_roles
from seqlab.data.upload_rows import long_dataset, texts_dataset, wide_dataset
from seqlab.errors import ConfigError, DataError

__all__ = ["SEQUENCE_LAYOUTS", "SequenceInspection", "inspect_sequences", "read_sequences"]

SEQUENCE_LAYOUTS: Mapping[str, str] = MappingProxyType(
    {
        "texts": "A text and its class in each row",
        "wide": "A sequence in each row: its class and its numbers",
        "long": "A step in each row: which sequence, its numbers, the class",
        "conll": "A word and its tag in each line (CoNLL)",
    }
)
"""How a file of sequences may be laid out: stored value → label."""

FIRST_LINES = 6
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceInspection:
    """A first look at a file of sequences or texts, before anything is chosen.

    Args:
        layout: key of :data:`SEQUENCE_LAYOUTS` it most likely has.
        columns: names of its columns; of a CoNLL file the words in its first line.
        roles: what the columns are most likely used for; ``None`` for a CoNLL file, or where it cannot be told.
        first_lines: its first lines as text.
        problem: why the roles cannot be told; empty if they can.
    """

    layout: str
    columns: tuple[str, ...]
    roles: Roles | None
    first_lines: tuple[str, ...]
    problem: str = ""


def inspect_sequences(source: Source, layout: str = "") -> SequenceInspection:
    r"""Looks at a file: how it is laid out, and a guess what its columns are.

    Args:
        source: a path, or an open file.
        layout: key of :data:`SEQUENCE_LAYOUTS`; empty to find out.

    Raises:
        DataError: the file cannot be read.

    Example:
        >>> inspect_sequences(io.StringIO("text,label\nGood fun,yes\nToo long,no\n")).layout
        'texts'
    """
    _check_layout(layout)
    text, _ = read_text(source)
    lines = tuple(line[:MAX_SHOWN] for line in text.splitlines()[:FIRST_LINES])
    if layout == "conll" or (not layout and looks_like_conll(text)):
        words = next((line.split() for line in text.splitlines() if line.strip() and not line.startswith(("-DOCSTART-", "# "))), [])
        return SequenceInspection(layout="conll", columns=tuple(words), roles=None, first_lines=lines)
    table = CsvTable(io.StringIO(text))
    try:
        roles = find_roles(table, layout=layout)
    except DataError as error:
        return SequenceInspection(layout=layout or "wide", columns=table.text.names, roles=None, first_lines=lines, problem=str(error))
    return SequenceInspection(layout=roles.layout, columns=table.text.names, roles=roles, first_lines=lines)


def read_sequences(
    source: Source,
    *,
    test: Source | None = None,
    layout: str = "",
    answer: str | tuple[str, ...] = (),
    text: str = "",
    sequence: str = "",
    step: str = "",
    group: str = "",
    part: str = "",
    features_per_step: int = 1,
    task: str = "",
    token_column: int = 0,
    tag_column: int = -1,
    scheme: str = "",
    label: str = "",
) -> SequenceDataset | TokenDataset:
    r"""Reads a file of sequences or texts. What is not given is found out from its first lines and the names of its columns.

    Args:
        source: a path, or an open file.
        test: a second CoNLL file that is the test part.
        layout: key of :data:`SEQUENCE_LAYOUTS`.
        answer: the column that says the answer; several for several numbers.
        text: texts: the column of texts.
        sequence, step: long: the columns that tell sequences apart and order their steps.
        group: the column that names who or what a sequence comes from.
        part: the column that says train, validation or test.
        features_per_step: wide: how many columns make a step.
        task: what the answer is: ``"classify"``, ``"tag"``, ``"regress"`` or ``"regress_steps"``.
        token_column, tag_column: conll: where words and tags stand, counted from 0; -1 is the last column.
        scheme: conll: ``"IOB1"``, ``"BIO"`` or ``"BIOES"``.
        label: name on the screen; the file's name if empty.

    Returns:
        texts (classes or tags) or measured sequences, with notes on what was read.

    Raises:
        ConfigError: no such layout, or options that do not fit it.
        DataError: the file cannot be read or cannot be used; says what was found, in which line, and what to do.

    Example:
        >>> data = read_sequences(io.StringIO("label,v1,v2,v3\nup,0,1,2\ndown,2,1,\nup,1,3,4\n"))
        >>> data.lengths, data.classes, data.notes[0]
        ((3, 2, 3), ('down', 'up'), "Read as one sequence per row: 3 sequences of 2 to 3 steps, 'label' holds the answer.")
    """
    _check_layout(layout)
    content, notes = read_text(source)
    if not content.strip():
        raise DataError("The file is empty. Give a CSV file with a header line, or CoNLL lines of a word and its tag.")
    name = label or _file_name(source)
    if layout == "conll" or (not layout and looks_like_conll(content)):
        second = read_text(test)[0] if test is not None else None
        tagged = conll_dataset(content, test=second, token_column=token_column, tag_column=tag_column, scheme=scheme, label=name)
        return _noted(tagged, notes)
    if test is not None:
        raise ConfigError(
            "A second file is read for CoNLL only. Put both parts into one table, with a column 'part' that says train or test."
        )
    table = CsvTable(io.StringIO(content))
    answers = (answer,) if isinstance(answer, str) and answer else tuple(answer)
    roles = find_roles(table, layout=layout, answers=answers, text=text, sequence=sequence, step=step, group=group, part=part)
    notes = [*notes, *table.text.notes]
    if roles.layout == "texts":
        return _noted(texts_dataset(table, roles, name), notes)
    if roles.layout == "wide":
        return _noted(wide_dataset(table, roles, name, features_per_step, task), notes)
    return _noted(long_dataset(table, roles, name, task), notes)


def _file_name(source: Source) -> str:
    given = source if isinstance(source, str | Path) else getattr(source, "name", "")
    name = Path(given).name if isinstance(given, str | Path) else ""
    return "".join(sign for sign in name if sign.isprintable())[:100] or "Your sequences"


def _noted(dataset: SequenceDataset | TokenDataset, notes: list[str]) -> SequenceDataset | TokenDataset:
    return replace(dataset, notes=(*dataset.notes, *notes))


def _check_layout(layout: str) -> None:
    if layout and layout not in SEQUENCE_LAYOUTS:
        raise ConfigError(f"There is no layout {layout!r}. Choose one of: {', '.join(SEQUENCE_LAYOUTS)}.")
