"""Writers that look up: the source itself, and the answer of the training pair whose source is closest."""

import numpy as np
import numpy.typing as npt

from seqlab.baselines.edit_distance import edit_distances
from seqlab.baselines.plan import Budget
from seqlab.baselines.sequence_parts import LabelledPart, PreparedParts, read_part, written
from seqlab.records import WrittenPrediction

__all__ = ["predict_copy_source", "predict_nearest_source"]

Integers = npt.NDArray[np.int64]
Symbols = tuple[str, ...]


def predict_copy_source(prepared: PreparedParts, part: str, budget: Budget) -> WrittenPrediction:
    """Writes down what it reads, symbol by symbol."""
    del budget
    asked = read_part(prepared, part)
    sources = written(prepared).tokens_by(_unit(prepared))
    return _prediction(prepared, asked, [sources[number] for number in asked.numbers])


def predict_nearest_source(prepared: PreparedParts, part: str, budget: Budget) -> WrittenPrediction:
    """Writes the answer of the training pair whose source is fewest edits of characters away; of several the first.

    When the time is up, the texts that are left are answered with the most common answer of the training part, and a note says how
    many.
    """
    train, asked = read_part(prepared, "train"), read_part(prepared, part)
    targets = written(prepared).targets_by(_unit(prepared))
    known, lengths, new = _numbered(prepared, train, asked)
    said: list[Symbols] = []
    for query in new:
        if budget.spent:
            break
        said.append(targets[train.numbers[edit_distances(query, known, lengths).argmin()]])
        budget.say(f"Nearest source: {len(said):,} of {len(new):,} texts compared")
    notes: tuple[str, ...] = ()
    left = len(new) - len(said)
    if left:
        answers = [targets[number] for number in train.numbers]
        said += [max(set(answers), key=answers.count)] * left
        notes = (f"The time of {budget.seconds:g} s was up: {left:,} of {len(new):,} texts were given the most common answer instead.",)
    return _prediction(prepared, asked, said, notes)


def _numbered(prepared: PreparedParts, train: LabelledPart, asked: LabelledPart) -> tuple[Integers, Integers, list[Integers]]:
    """Characters of the sources as numbers: (training text, character), its lengths, and each text that is asked for."""
    texts = written(prepared).written_texts
    known = [texts[number] for number in train.numbers]
    numbers = {character: number for number, character in enumerate(sorted(set("".join(known))))}
    lengths = np.array([len(text) for text in known], dtype=np.int64)
    table = np.zeros((len(known), int(lengths.max())), dtype=np.int64, order="F")
    for row, text in enumerate(known):
        table[row, : len(text)] = [numbers[character] for character in text]
    return table, lengths, [np.array([numbers.get(c, len(numbers)) for c in texts[number]], dtype=np.int64) for number in asked.numbers]


def _unit(prepared: PreparedParts) -> str:
    """What the network reads and writes, so that both are counted in the same symbols."""
    return prepared.spec.sequence.unit


def _prediction(prepared: PreparedParts, asked: LabelledPart, said: list[Symbols], notes: tuple[str, ...] = ()) -> WrittenPrediction:
    targets = written(prepared).targets_by(_unit(prepared))
    return WrittenPrediction(
        model="",
        samples=asked.numbers,
        y_true=tuple(targets[number] for number in asked.numbers),
        y_pred=tuple(said),
        joint=prepared.joint,
        notes=notes,
    )
