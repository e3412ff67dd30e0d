"""How tags mark entities of several words: IOB1, BIO and BIOES told apart, and turned into each other."""

from collections.abc import Sequence

from seqlab.data.tokens import Tokens
from seqlab.errors import DataError

__all__ = ["Span", "convert_tags", "detect_scheme", "entity_spans"]

Span = tuple[int, int, str]
"""First token, one past the last token, and kind of an entity."""

OUTSIDE = "O"
_LAST = ("E", "L")  # BILOU calls the last word L and a single word U, and is BIOES otherwise
_SINGLE = ("S", "U")


def detect_scheme(sentences: Sequence[Tokens]) -> str:
    """The scheme of the tags of a whole file.

    ``B-`` begins every entity in BIO (also called IOB2); in IOB1, the layout of CoNLL-2003, it only parts two neighbours of one kind;
    in BIOES ``E-`` ends an entity and ``S-`` is one word. BILOU counts as BIOES.

    Returns:
        ``"IOB1"``, ``"BIO"``, ``"BIOES"``, or ``""`` for tags that mark no entities.

    Raises:
        DataError: some tags follow one scheme and some another; says where.

    Example:
        >>> detect_scheme([("I-ORG", "O", "I-MISC", "B-MISC")]), detect_scheme([("B-LOC", "I-LOC")]), detect_scheme([("NOUN", "VERB")])
        ('IOB1', 'BIO', '')
    """
    names = {tag for tags in sentences for tag in tags} - {OUTSIDE, ""}
    marked = {name for name in names if _is_marked(name)}
    if not any(name[0] in "BI" for name in marked):
        return ""
    plain = sorted(names - marked)
    if plain:
        if len(marked) < len(plain):
            return ""
        raise DataError(
            f"Tags of two kinds are mixed: {min(marked)!r} says where an entity begins or goes on, {plain[0]!r} does not. "
            "Write all of them with B- and I-, or none."
        )
    if any(name[0] in _LAST + _SINGLE for name in marked):
        _check_bioes(sentences)
        return "BIOES"
    return _iob1_or_bio(sentences)


def entity_spans(tags: Tokens, scheme: str) -> list[Span]:
    """The entities of one sentence, in order.

    A tag that goes on with nothing (``I-LOC`` after ``O``) begins an entity, as conlleval counts.

    Args:
        tags: tag of each word.
        scheme: ``"IOB1"``, ``"BIO"`` or ``"BIOES"``.

    Example:
        >>> entity_spans(("I-PER", "I-PER", "B-PER", "O", "I-LOC"), "IOB1")
        [(0, 2, 'PER'), (2, 3, 'PER'), (4, 5, 'LOC')]
    """
    spans: list[Span] = []
    start, kind = 0, ""
    for place, tag in enumerate((*tags, OUTSIDE)):
        letter, now = tag[:1], tag[2:] if _is_marked(tag) else ""
        if kind and (now != kind or letter == "B" or letter in _SINGLE or (scheme == "BIOES" and tags[place - 1][:1] in _LAST + _SINGLE)):
            spans.append((start, place, kind))
            kind = ""
        if now and not kind:
            start, kind = place, now
    return spans


def convert_tags(tags: Tokens, source: str, target: str) -> Tokens:
    """The tags of one sentence in another scheme. Empty tags stay empty.

    Args:
        tags: tag of each word.
        source, target: ``"IOB1"``, ``"BIO"`` or ``"BIOES"``.

    Raises:
        DataError: there is no such scheme.

    Example:
        >>> convert_tags(("I-PER", "I-PER", "B-PER", "O"), "IOB1", "BIO")
        ('B-PER', 'I-PER', 'B-PER', 'O')
        >>> convert_tags(("B-PER", "I-PER", "B-PER", "O"), "BIO", "BIOES")
        ('B-PER', 'E-PER', 'S-PER', 'O')
    """
    for scheme in (source, target):
        if scheme not in ("IOB1", "BIO", "BIOES"):
            raise DataError(f"There is no tag scheme {scheme!r}. Choose one of: IOB1, BIO, BIOES.")
    written = ["" if not tag else OUTSIDE for tag in tags]
    before: Span = (-1, -1, "")
    for span in entity_spans(tags, source):
        start, end, kind = span
        for place in range(start, end):
            written[place] = f"I-{kind}"
        touches = before[1] == start and before[2] == kind
        if target != "IOB1" or touches:
            written[start] = f"B-{kind}"
        if target == "BIOES":
            written[end - 1] = f"S-{kind}" if end - start == 1 else f"E-{kind}"
        before = span
    return tuple(written)


def _is_marked(tag: str) -> bool:
    return len(tag) > 2 and tag[1] == "-" and tag[0] in ("B", "I", *_LAST, *_SINGLE)


def _pairs(tags: Tokens) -> list[tuple[str, str]]:
    """Each tag with the one before it."""
    return list(zip((OUTSIDE, *tags), (*tags, OUTSIDE), strict=True))


def _iob1_or_bio(sentences: Sequence[Tokens]) -> str:
    """What the first tags of entities say: all with B-, or B- only after an entity of the same kind."""
    inside = begins = None
    for number, tags in enumerate(sentences, start=1):
        for before, tag in _pairs(tags):
            if not _is_marked(tag) or (before[2:] == tag[2:] and _is_marked(before)):
                continue
            if tag[0] == "I" and inside is None:
                inside = number, tag
            if tag[0] == "B" and begins is None:
                begins = number, tag
    if inside is not None and begins is not None:
        raise DataError(
            f"Two tag schemes are mixed: in sentence {inside[0]} an entity begins with {inside[1]!r} (as in IOB1), in sentence {begins[0]} "
            f"with {begins[1]!r} (as in BIO). Convert the file to one of them, or say which one to read it by."
        )
    return "BIO" if inside is None else "IOB1"


def _check_bioes(sentences: Sequence[Tokens]) -> None:
    """Makes sure that every entity ends with E- or S-, and begins with B- or S-."""
    for number, tags in enumerate(sentences, start=1):
        for before, tag in _pairs(tags):
            is_open = _is_marked(before) and before[0] in "BI"
            goes_on = _is_marked(tag) and tag[0] in ("I", *_LAST)
            if is_open != goes_on or (goes_on and before[2:] != tag[2:]):
                raise DataError(
                    f"Two tag schemes are mixed: some tags are BIOES, but in sentence {number} {tag or 'nothing'!r} follows {before!r}. "
                    "Convert the file to one of IOB1, BIO and BIOES, or say which one to read it by."
                )
