"""What an encoder–decoder writes, symbol by symbol, with its own symbols before it: nobody tells it the right ones."""

import time
from typing import cast

import numpy as np
import numpy.typing as npt
import torch

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.sequence_answers import END
from seqlab.data.tokens import TokenDataset
from seqlab.models.network import Network
from seqlab.models.translator import Translator
from seqlab.records import WrittenPrediction

__all__ = ["symbols_of", "write", "write_sequences"]

WRITE_BATCH = 256


def write_sequences(
    network: Network, prepared: PreparedSequences, x: npt.NDArray[np.float32], numbers: npt.NDArray[np.int64], *, name: str, beam: int = 1
) -> WrittenPrediction:
    """What a network writes for some sequences.

    Args:
        network: a translator; it is left in its mode.
        prepared: its data.
        x: (sample, time, feature), NaN after the end of a sequence.
        numbers: (sample,) number of each sequence in the data set.
        name: name of the model on the screen.
        beam: how many beginnings are followed at once; 1 takes the likeliest symbol at every step.
    """
    started = time.perf_counter()
    longest = prepared.windows("train").y.shape[2]
    dataset = cast("TokenDataset", prepared.dataset)  # only texts are translated
    right = dataset.targets_by(prepared.spec.sequence.unit)
    made: list[tuple[str, ...]] = []
    for start in range(0, len(x), WRITE_BATCH):
        symbols, _ = write(network, x[start : start + WRITE_BATCH], longest, beam=beam)
        made += [symbols_of(row, prepared.classes) for row in symbols]
    return WrittenPrediction(
        model=name,
        samples=numbers,
        y_true=tuple(right[number] for number in numbers),
        y_pred=tuple(made),
        joint=prepared.joint,
        seconds=time.perf_counter() - started,
    )


@torch.no_grad()
def write(
    network: Network, x: npt.NDArray[np.float32], longest: int, *, beam: int = 1
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32] | None]:
    """Symbol numbers (sample, step), and how much each step looked at each step of the source (sample, step, source step) or ``None``.

    Args:
        network: a translator; it is left in its mode.
        x: (sample, time, feature), NaN after the end of a sequence.
        longest: symbols written at most, the end included.
        beam: how many beginnings are followed at once.
    """
    writer = cast("Translator", network)
    was_training = writer.training
    writer.eval()
    symbols, looked = writer.generate(torch.from_numpy(x).to(next(writer.parameters()).device), longest, beam)
    writer.train(was_training)
    return symbols.cpu().numpy().astype(np.int64), None if looked is None else looked.cpu().numpy()


def symbols_of(numbers: npt.ArrayLike, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The symbols before the end.

    Example:
        >>> symbols_of([2, 3, 0, 0], ("", "<unknown>", "a", "b"))
        ('a', 'b')
    """
    written = []
    for number in np.asarray(numbers, dtype=np.int64):
        if number == END:
            break
        written.append(classes[number])
    return tuple(written)
