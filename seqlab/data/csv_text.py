"""From the bytes of a CSV file to columns of text, or a sentence about what is wrong with it."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from seqlab.errors import DataError

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_COLUMNS", "Source", "TextTable", "read_text", "read_text_table"]

Source = str | Path | IO[bytes] | IO[str]

MAX_BYTES = 64 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_COLUMNS = 1_000
MAX_NAME = 200

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A CSV file as text.

    Args:
        names: (column,) names, unique.
        cells: (column)(row) text without spaces at its ends.
        lines: (row,) line of the file each row ends on, from 1.
        separator: the character between two values.
        notes: sentences about how the file was read.
    """

    names: tuple[str, ...]
    cells: tuple[list[str], ...] = field(repr=False)
    lines: list[int] = field(repr=False)
    separator: str
    notes: tuple[str, ...] = ()


def read_text(source: Source) -> tuple[str, list[str]]:
    r"""The content of any text file, and sentences about how it was read.

    Raises:
        DataError: too large, no text, or in an unknown encoding.

    Example:
        >>> read_text(io.BytesIO(b"caf\xe9"))[0]
        'café'
    """
    return _decoded(_content(source))


def read_text_table(source: Source) -> TextTable:
    r"""Reads a CSV file whose first line names the columns.

    Commas, semicolons, tabs and vertical bars may separate values. The text may be UTF-8 or UTF-16
    with or without a byte-order mark, or Windows-1252.

    Raises:
        DataError: not a readable table; says what was found, in which line, and what to do.

    Example:
        >>> table = read_text_table(io.StringIO("day;load\n1;2,5\n2;3,0\n"))
        >>> table.names, table.cells[1], table.separator
        (('day', 'load'), ['2,5', '3,0'], ';')
    """
    text, notes = _decoded(_content(source))
    if not text.strip():
        raise DataError("The file is empty. Give a CSV file with a header line and one row per time.")
    separator = _separator(text)
    rows = _rows(text, separator)
    header = next(rows, None)
    if header is None:
        raise DataError("The file holds separators only. Give a CSV file with a header line and one row per time.")
    names = _names(header[1])
    cells: tuple[list[str], ...] = tuple([] for _ in names)
    lines: list[int] = []
    blank = 0
    for line, row in rows:
        if not any(row):
            blank += 1
            continue
        if len(row) != len(names):
            row = _fitted(row, names, line, separator)
        if (len(lines) + 1) * len(names) > MAX_CELLS:
            raise DataError(
                f"The file has more than {MAX_CELLS:,} values ({len(names)} columns, over {len(lines):,} rows). "
                "Leave out columns you do not need, or average several rows into one."
            )
        lines.append(line)
        for column, value in zip(cells, row, strict=True):
            column.append(value)
    if not lines:
        raise DataError(f"The file has a header line ({_listed(names)}), but no row below it. Give one row per time.")
    if blank:
        notes.append(f"{blank} empty {'line was' if blank == 1 else 'lines were'} skipped.")
    if separator != ",":
        notes.append(f"Values are separated by {SEPARATORS[separator]}.")
    return TextTable(names=names, cells=cells, lines=lines, separator=separator, notes=tuple(notes))


def _content(source: Source) -> bytes | str:
    limit = f"The limit is {MAX_BYTES // 1024**2} MB; leave out columns you do not need, or average several rows into one."
    if isinstance(source, str | Path):
        path = Path(source)
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise DataError(f"The file has {size / 1024**2:.0f} MB. {limit}")
            return path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise DataError(f"The file {str(source)[:MAX_NAME]!r} cannot be read: {reason}. Give the path of a CSV file.") from error
    content = source.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise DataError(f"The file has more than {MAX_BYTES // 1024**2} MB. {limit}")
    return content


def _decoded(content: bytes | str) -> tuple[str, list[str]]:
    if isinstance(content, str):
        text, notes = content.removeprefix("\ufeff"), list[str]()
    else:
        text, notes = _decoded_bytes(content)
    if "\0" in text:
        raise DataError("The file is not text: it holds zero bytes. Save it as CSV (UTF-8) and give that file.")
    return text, notes


def _decoded_bytes(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF")):
        raise DataError(
            "The file is a workbook, an archive or another binary file, not text. Save the table as CSV (UTF-8) and give that file."
        )
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), []
            except UnicodeDecodeError as error:
                raise DataError(
                    f"The file claims to be {encoding} but is not, from byte {error.start} on. Save it as CSV (UTF-8)."
                ) from error
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        position = error.start
    try:
        return content.decode("cp1252"), ["The file is not UTF-8; it was read as Windows-1252. Check the names for odd letters."]
    except UnicodeDecodeError as error:
        raise DataError(
            f"The file is in an unknown encoding: byte {position} ({content[position]:#04x}) is neither UTF-8 nor Windows-1252. "
            "Save it as CSV (UTF-8) and give that file."
        ) from error


def _separator(text: str) -> str:
    """The separator that occurs most often in the header line, outside quotes; a comma for a single column."""
    header = next(line for line in text.splitlines() if line.strip())
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped values of each row, the header first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    started = False
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                f"Line {reader.line_num} cannot be read as CSV ({error}). The usual cause is a quotation mark that is never closed."
            ) from error
        row = [value.strip() for value in row]
        if started or any(row):
            started = True
            yield reader.line_num, row


def _names(header: list[str]) -> tuple[str, ...]:
    while len(header) > 1 and not header[-1]:  # spreadsheets like to end every line with a separator
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        raise DataError(f"The header names {len(header):,} columns. At most {MAX_COLUMNS:,} are allowed; leave out those you do not need.")
    names = tuple(name or f"column {number}" for number, name in enumerate(header, start=1))
    first: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if len(name) > MAX_NAME:
            raise DataError(f"The name of column {number} has {len(name):,} characters, at most {MAX_NAME} are allowed. Shorten it.")
        if not name.isprintable():
            raise DataError(f"The name of column {number} ({name!r}) holds characters that cannot be shown. Give it a name on one line.")
        if name in first:
            raise DataError(f"Columns {first[name]} and {number} are both called {name!r}. Give every column a name of its own.")
        first[name] = number
    return names


def _fitted(row: list[str], names: tuple[str, ...], line: int, separator: str) -> list[str]:
    if len(row) > len(names) and not any(row[len(names) :]):
        return row[: len(names)]
    if any("\n" in value for value in row):
        raise DataError(f"The value that ends in line {line} goes over several lines. Close its quotation mark, or remove the mark.")
    raise DataError(
        f"Line {line} has {len(row)} {'value' if len(row) == 1 else 'values'}, but the header names {len(names)} "
        f"{'column' if len(names) == 1 else 'columns'} ({_listed(names)}). Every line must have as many values as the header, "
        f"separated by {SEPARATORS[separator]}; put a value that holds a separator in quotation marks."
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(repr(name) for name in names[:6])
    return f"{shown}, …" if len(names) > 6 else shown
