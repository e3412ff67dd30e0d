"""Sentences about sequences made ready: copies left out, ends cut off, classes and words that training never sees."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.sequence_inputs import NumberInput, TokenInputs
from seqlab.data.sequence_reading import Reading, as_given
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset, Tokens

__all__ = ["copies_note", "cut_note", "preparation_notes", "unknown_notes", "unseen_classes_notes"]

Integers = npt.NDArray[np.int64]

NAMED = 5  # classes named in a note before "and so many more"


def preparation_notes(
    dataset: SequenceDataset | TokenDataset,
    spec: RunSpec,
    whole: Reading,
    inputs: NumberInput | TokenInputs,
    counts: Mapping[str, tuple[int, ...]],
    test: Reading,
) -> tuple[str, ...]:
    """Sentences on what was left out, cut, kept as it is and never seen in training.

    Args:
        dataset, spec: what was made ready, and how.
        whole: all its sequences but copies, uncut.
        inputs: how they became numbers.
        counts: part → how often it holds each class.
        test: the sequences of the test part.
    """
    notes = copies_note(len(dataset), len(whole.steps))
    if dataset.fresh is None:
        notes.extend(cut_note(whole.lengths, spec.sequence.longest))
        if dataset.task == "translate":
            notes.extend(cut_note([len(written) for written in whole.labels], spec.sequence.longest, "answers"))
    elif isinstance(dataset, SequenceDataset) and spec.data.scaling != "none":
        notes.append("The numbers of this task are read as they are, without scaling: so its loss can be held against the known one.")
    if dataset.task in ("classify", "tag"):
        notes.extend(unseen_classes_notes(dataset.classes, counts))
    if isinstance(dataset, TokenDataset) and isinstance(inputs, TokenInputs):
        notes.extend(unknown_notes(inputs, test.steps, 1 if as_given(dataset) else spec.sequence.minimum_count))
        if inputs.unit == "character" and spec.model.spelling != "none":
            notes.append("The text is read character by character, so the spelling of words is not read beside it.")
    return tuple(notes)


def copies_note(total: int, kept: int) -> list[str]:
    """How many texts occur more than once.

    Example:
        >>> copies_note(100, 97)
        ['3 of 100 texts are copies of others and were left out before splitting: no text is both trained on and tested.']
    """
    if kept == total:
        return []
    copies = total - kept
    said = "is a copy of another and was" if copies == 1 else "are copies of others and were"
    return [f"{copies:,} of {total:,} texts {said} left out before splitting: no text is both trained on and tested."]


def cut_note(lengths: Sequence[int], longest: int, what: str = "sequences") -> list[str]:
    """How many sequences are longer than is read.

    Example:
        >>> cut_note([3, 9], 5)
        ["1 of 2 sequences is longer than 5 steps and is cut: its first 5 are kept. Raise 'Longest sequence' to read it whole."]
    """
    cut = sum(length > longest for length in lengths)
    if not cut:
        return []
    are, their, them = ("is", "its", "it") if cut == 1 else ("are", "their", "them")
    said = f"{cut:,} of {len(lengths):,} {what} {are} longer than {longest} steps and {are} cut: {their} first {longest} are kept."
    return [f"{said} Raise 'Longest sequence' to read {them} whole."]


def unseen_classes_notes(classes: Sequence[str], counts: Mapping[str, Sequence[int]]) -> list[str]:
    """Classes that the training part does not hold, though another part does.

    Args:
        classes: names.
        counts: part → how often it holds each class.

    Example:
        >>> unseen_classes_notes(["a", "b"], {"train": (4, 0), "validation": (1, 0), "test": (1, 2)})[0][:69]
        "The training part holds no 'b', so it cannot be learned, yet the test"
    """
    notes = []
    for part in ("validation", "test"):
        unseen = [place for place, (own, seen) in enumerate(zip(counts[part], counts["train"], strict=True)) if own and not seen]
        if not unseen:
            continue
        names = ", ".join(repr(classes[place]) for place in unseen[:NAMED]) + (f" and {len(unseen) - NAMED} more" if unseen[NAMED:] else "")
        asked = sum(counts[part][place] for place in unseen)
        one = len(unseen) == 1
        notes.append(
            f"The training part holds no {names}, so {'it' if one else 'they'} cannot be learned, yet the {part} part asks for "
            f"{'it' if one else 'them'} {asked:,} {'time' if asked == 1 else 'times'}: each counts as an error. Split by size, "
            "give more examples, or rename the class."
        )
    return notes


def unknown_notes(inputs: TokenInputs, test: Sequence[Tokens], minimum_count: int) -> list[str]:
    """How much of the test part's text was never seen in training."""
    running = [token for tokens in test for token in tokens]
    notes = []
    unknown = inputs.unknown(running)
    if unknown:
        seldom = "does not hold them" if minimum_count == 1 else f"holds them less than {minimum_count} times"
        spelled = inputs.unit == "character" or inputs.word_length
        fix = "" if spelled else " Let the network read the spelling of words too, or give more texts."
        notes.append(f"{_share(unknown, len(running), inputs.unit)} unknown: the training part {seldom}.{fix}")
    letters = inputs.unknown_characters(running)
    if letters:
        total = sum(map(len, running))
        notes.append(f"{_share(letters, total, 'character')} unknown: the training part does not hold them.")
    return notes


def _share(count: int, total: int, unit: str) -> str:
    return f"{count:,} of {total:,} {unit}s of the test part ({100 * count / total:.2g} %) {'is' if count == 1 else 'are'}"
