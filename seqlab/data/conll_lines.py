"""CoNLL files: a token a line with its columns, an empty line between sentences."""

from collections import Counter
from dataclasses import dataclass, field

from seqlab.data.tokens import Tokens
from seqlab.errors import DataError

__all__ = ["ConllText", "read_conll"]

DOCUMENT = "-DOCSTART-"
LOOKED_AT = 200  # lines from which the number of columns is told


@dataclass(frozen=True, slots=True, kw_only=True)
class ConllText:
    """The sentences of a CoNLL file.

    Args:
        tokens: the words of each sentence.
        tags: the tag of each word.
        columns: columns of a line.
        documents: ``-DOCSTART-`` lines that were skipped.
        comments: comment lines that were skipped.
    """

    tokens: tuple[Tokens, ...] = field(repr=False)
    tags: tuple[Tokens, ...] = field(repr=False)
    columns: int
    documents: int
    comments: int


def read_conll(text: str, *, token_column: int = 0, tag_column: int = -1) -> ConllText:
    r"""Reads CoNLL columns, separated by tabs or else by spaces.

    Lines that begin with ``-DOCSTART-`` are skipped. So are comments: lines that begin with ``#`` and are no token line, as a lone
    ``#`` with its tags is one.

    Args:
        text: the content of the file.
        token_column: the column of the words, counted from 0.
        tag_column: the column of the tags; -1 is the last one.

    Raises:
        DataError: a line has another number of columns than the others, or the file holds no sentence.

    Example:
        >>> found = read_conll("-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\n")
        >>> found.tokens, found.tags
        ((('EU', 'rejects'), ('Peter',)), (('I-ORG', 'O'), ('I-PER',)))
    """
    lines = text.splitlines() if "\u2028" not in text and "\x85" not in text else text.replace("\r\n", "\n").split("\n")
    tabs, columns = _layout(lines)
    for name, column in (("token", token_column), ("tag", tag_column)):
        if not -columns <= column < columns:
            raise DataError(f"There is no column {column} for the {name}: a line has {columns} columns, counted from 0.")
    if token_column % columns == tag_column % columns:
        raise DataError(f"Column {token_column % columns} cannot hold both the tokens and the tags. Choose two columns of the {columns}.")
    sentences: list[list[list[str]]] = [[]]
    documents = comments = 0
    for number, line in enumerate(lines, start=1):
        if not line or line.isspace():
            sentences.append([])
            continue
        cells = line.split("\t") if tabs else line.split()
        if len(cells) == columns and "" not in cells and not line.startswith(("#", "-D")):  # what nearly every line is
            sentences[-1].append(cells)
        elif cells[0] == DOCUMENT:
            documents += 1
        elif _is_comment(line, cells, columns, first=not sentences[-1]):
            comments += 1
        elif len(cells) != columns or not all(cell.strip() for cell in cells):
            raise DataError(_wrong(number, line, cells, columns, tabs=tabs))
        else:
            sentences[-1].append(cells)
    kept = [sentence for sentence in sentences if sentence]
    if not kept:
        raise DataError("The file holds no sentence. Give a token a line with its tag behind it, and an empty line between sentences.")
    return ConllText(
        tokens=tuple(tuple([cells[token_column].strip() for cells in sentence]) for sentence in kept),
        tags=tuple(tuple([cells[tag_column].strip() for cells in sentence]) for sentence in kept),
        columns=columns,
        documents=documents,
        comments=comments,
    )


def _layout(lines: list[str]) -> tuple[bool, int]:
    """Whether tabs separate columns, and how many columns most of the first lines have."""
    looked = [line for line in lines if line.strip() and not line.startswith((DOCUMENT, "# "))][:LOOKED_AT]
    if not looked:
        raise DataError("The file holds no token. Give a token a line with its tag behind it, and an empty line between sentences.")
    tabs = 2 * sum("\t" in line for line in looked) > len(looked)
    columns = Counter(len(line.split("\t" if tabs else None)) for line in looked).most_common(1)[0][0]
    if columns < 2:
        raise DataError(
            f"A line such as {looked[0][:40]!r} has one column only. A CoNLL line needs a token and its tag, separated by a tab or a space."
        )
    return tabs, columns


def _is_comment(line: str, cells: list[str], columns: int, *, first: bool) -> bool:
    """Whether a line that begins with ``#`` says something about a sentence, and is not the token ``#`` itself."""
    if not line.startswith("#"):
        return False
    return len(cells) != columns or (first and cells[0] == "#" and "=" in cells)


def _wrong(number: int, line: str, cells: list[str], columns: int, *, tabs: bool) -> str:
    separator = "tabs" if tabs else "spaces"
    held = sum(bool(cell.strip()) for cell in cells)
    found = "is" if held < columns else "are"
    problem = f"{columns - held} of {columns} columns {found} missing" if held < columns else f"it has {held} columns instead of {columns}"
    return (
        f"Line {number} ({line.strip()[:60]!r}) is not like the others: {problem}. Every line needs {columns} columns separated by "
        f"{separator}; an empty line ends a sentence. Correct the line."
    )
