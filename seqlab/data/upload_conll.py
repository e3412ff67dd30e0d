"""A CoNLL file that a stranger brings, with a second one for the test part if there is one, as texts with a tag per word."""

from seqlab.data.conll_lines import ConllText, read_conll
from seqlab.data.tag_scheme import convert_tags, detect_scheme
from seqlab.data.tokens import TokenDataset
from seqlab.errors import DataError

__all__ = ["conll_dataset", "looks_like_conll"]

LOOKED_AT = 300
EVEN = 0.8  # share of the lines that must have the same number of columns


def looks_like_conll(text: str) -> bool:
    r"""Whether a text has a word and its columns in every line, and empty lines between sentences.

    Example:
        >>> looks_like_conll("Paris B-LOC\nsleeps O\n\nHe O\nwakes O\n"), looks_like_conll("text,label\nGood film,yes\n\nBad,no\n")
        (True, False)
    """
    lines = text.strip().splitlines()[:LOOKED_AT]
    if any(line.startswith("-DOCSTART-") for line in lines):
        return True
    if all(line.strip() for line in lines):
        return False
    token_lines = [line for line in lines if line.strip() and not line.startswith("# ")]
    tabs = 2 * sum("\t" in line for line in token_lines) > len(token_lines)
    counts = [len(line.split("\t") if tabs else line.split()) for line in token_lines]
    usual = max(set(counts), key=counts.count, default=0)
    rows = sum(line.split()[0].endswith((",", ";")) and len(line.split()[0]) > 1 for line in token_lines)  # "3, 4, walking"
    return usual >= 2 and counts.count(usual) >= EVEN * len(counts) and 2 * rows < len(token_lines)


def conll_dataset(
    text: str, *, test: str | None = None, token_column: int = 0, tag_column: int = -1, scheme: str = "", label: str = "Uploaded texts"
) -> TokenDataset:
    r"""Texts with a tag per word, from the content of one or two CoNLL files.

    Tags in IOB1 are converted to BIO, so that entities can be counted as everybody does.

    Args:
        text: the file, or the training part.
        test: the test part; ``None`` to split the one file.
        token_column, tag_column: where words and tags stand, counted from 0; -1 is the last column.
        scheme: what tags follow, ``"IOB1"``, ``"BIO"`` or ``"BIOES"``; empty to find out.
        label: name on the screen.

    Raises:
        DataError: a line without a column, mixed schemes, or one tag only.

    Example:
        >>> data = conll_dataset("EU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\nsleeps VBZ I-VP O\n")
        >>> data.labels, data.scheme
        ((('B-ORG', 'O'), ('B-PER', 'O')), 'BIO')
    """
    files = {"training file": text} if test is None else {"training file": text, "test file": test}
    found = []
    for name, content in files.items():
        try:
            found.append(read_conll(content, token_column=token_column, tag_column=tag_column))
        except DataError as error:
            raise error if test is None else DataError(f"In the {name}: {error}") from error
    tokens = tuple(sentence for each in found for sentence in each.tokens)
    tags = tuple(sentence for each in found for sentence in each.tags)
    if len({tag for sentence in tags for tag in sentence}) < 2:
        raise DataError(f"Every word has the tag {tags[0][0]!r}, so there is nothing to tell apart. Choose the column that holds the tags.")
    marked = scheme or detect_scheme(tags)
    notes = [_said(found, token_column, tag_column), *_skipped(found)]
    if marked == "IOB1":
        tags = tuple(convert_tags(sentence, "IOB1", "BIO") for sentence in tags)
        notes.append(
            "Tags follow IOB1, where B- only parts two neighbours of one kind; they were converted to BIO, where B- begins every entity."
        )
    elif marked:
        notes.append(f"Tags mark entities in the scheme {marked}.")
    return TokenDataset(
        label=label,
        task="tag",
        tokens=tokens,
        labels=tags,
        scheme="BIO" if marked == "IOB1" else marked,
        target_names=("tag",),
        parts=() if test is None else ("train",) * len(found[0].tokens) + ("test",) * len(found[1].tokens),
        notes=tuple(notes),
        summary=f"{len(tokens):,} sentences with a tag for every word, that you brought.",
        source="Uploaded file",
    )


def _said(found: list[ConllText], token_column: int, tag_column: int) -> str:
    sizes = " and ".join(f"{len(each.tokens):,} sentences ({sum(map(len, each.tokens)):,} words)" for each in found)
    columns = found[0].columns
    return (
        f"Read as CoNLL with {columns} columns, the word in column {token_column % columns + 1} and its tag in column "
        f"{tag_column % columns + 1}: {sizes}{', a training and a test file' if len(found) > 1 else ''}."
    )


def _skipped(found: list[ConllText]) -> list[str]:
    documents, comments = sum(each.documents for each in found), sum(each.comments for each in found)
    notes = [f"{documents:,} -DOCSTART- {'line was' if documents == 1 else 'lines were'} skipped."] if documents else []
    if comments:
        notes.append(f"{comments:,} comment {'line was' if comments == 1 else 'lines were'} skipped.")
    return notes
