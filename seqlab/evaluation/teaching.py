"""The verdict on a teaching task: solved, partly learned, or no better than the trivial answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from seqlab.data.sequences import SequenceDataset
    from seqlab.data.tokens import TokenDataset

__all__ = ["Verdict", "teaching_verdict"]

NEAR = 0.1
"""A loss is at the baseline when it is no further from it than this share of the way to solved."""

TRIED = 0.2
"""A network that once came further than this share of the way has learned something, wherever its loss stands now."""

LATE = 4
"""The last quarter of the epochs says where a run has settled, and three epochs at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a teaching task; numbers that cannot be computed are NaN and have a reason.

    Args:
        kind: ``"solved"``, ``"partial"``, ``"plateau"`` (at the trivial predictor's loss), ``"above"`` (worse than it), or
            ``"unknown"``.
        trivial: loss of the trivial predictor.
        solved: loss below which the task counts as solved.
        best: lowest validation loss.
        late: median validation loss of the last quarter of the epochs.
        progress: how far the best loss has come from trivial (0) to solved (1); below 0 and above 1 too.
        epochs: number of epochs.
        solved_at: the first epoch below ``solved``; ``None`` if there is none.
        test_share: share of the test sequences that come out right; NaN if that was not measured.
        reason: why there is no verdict.
        sentence: all of it in plain words.
    """

    kind: str
    sentence: str
    trivial: float = float("nan")
    solved: float = float("nan")
    best: float = float("nan")
    late: float = float("nan")
    progress: float = float("nan")
    epochs: int = 0
    solved_at: int | None = None
    test_share: float = float("nan")
    reason: str = ""


def teaching_verdict(
    dataset: "SequenceDataset | TokenDataset",
    validation_losses: Sequence[float] | npt.NDArray[np.floating],
    test_share: float = float("nan"),
) -> Verdict:
    """Judges a run on a task whose trivial loss and solved loss are known.

    With the way from the trivial loss to the solved one as the unit:

    - *solved*: the lowest loss is at or below the solved one (the weights of that epoch are the ones kept);
    - *plateau*: the late loss, the median of the last quarter of the epochs, is within 10 % of the trivial one, and no loss ever came
      further than 20 % of the way;
    - *above*: no loss came further than 20 % of the way, and the late loss is more than 10 % above the trivial one;
    - *partial*: everything else.

    A single dip of a noisy loss is thus no success, and a network that forgets again what it had learned is no plateau.

    Args:
        dataset: with ``trivial`` and ``solved``.
        validation_losses: (epoch,) on the scale of those two. Epochs whose loss is not a number are left out, and the sentence says so.
        test_share: share of the test sequences that come out right.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> teaching_verdict(load_dataset("adding", sequences=10), [0.2, 0.17, 0.166, 0.167, 0.166]).kind
        'plateau'
    """
    losses = np.asarray(validation_losses, dtype=np.float64)
    numbers = np.isfinite(losses)
    reason = _reason(dataset, losses, numbers)
    if reason or dataset.trivial is None or dataset.solved is None:
        return Verdict(kind="unknown", sentence=f"No verdict: {reason}", reason=reason, epochs=len(losses), test_share=test_share)
    trivial, solved = dataset.trivial, dataset.solved
    known = losses[numbers]
    best, late = float(known.min()), float(np.median(known[-max(3, len(known) // LATE) :]))
    below = np.flatnonzero(numbers & (losses <= solved))
    verdict = Verdict(
        kind=_kind(trivial, solved, best, late),
        sentence="",
        trivial=trivial,
        solved=solved,
        best=best,
        late=late,
        progress=(trivial - best) / (trivial - solved),
        epochs=len(losses),
        solved_at=int(below[0]) + 1 if len(below) else None,
        test_share=test_share,
    )
    return _with_sentence(verdict, int(np.flatnonzero(~numbers)[0]) + 1 if not numbers.all() else 0)


def _reason(dataset: "SequenceDataset | TokenDataset", losses: npt.NDArray[np.float64], numbers: npt.NDArray[np.bool_]) -> str:
    if dataset.trivial is None or dataset.solved is None:
        return f"nobody knows which loss {dataset.label} has when it is solved."
    if not dataset.solved < dataset.trivial:
        return f"the loss at which {dataset.label} is solved, {dataset.solved:g}, is not below the trivial one, {dataset.trivial:g}."
    if not len(losses):
        return "no epoch has been finished yet."
    if not numbers.any():
        return "the validation loss was not a number in any epoch. Lower the learning rate or clip the gradient."
    return ""


def _kind(trivial: float, solved: float, best: float, late: float) -> str:
    way = trivial - solved
    if best <= solved:
        return "solved"
    if best < trivial - TRIED * way or late < trivial - NEAR * way:
        return "partial"
    return "plateau" if late <= trivial + NEAR * way else "above"


def _with_sentence(verdict: Verdict, first_lost: int) -> Verdict:
    said = {
        "solved": "Solved: the validation loss fell to {best:.3g}, and below {solved:.3g} at epoch {solved_at} of {epochs}. The trivial "
        "predictor has {trivial:.3g}.",
        "partial": "Partly learned: the validation loss fell to {best:.3g}, {percent:.0f} % of the way from the trivial predictor "
        "({trivial:.3g}) to solved ({solved:.3g}).",
        "plateau": "Plateau at the baseline: the validation loss has settled at {late:.3g}, and the trivial predictor has {trivial:.3g}. "
        "Nothing beyond its answer was learned.",
        "above": "Not learned: the validation loss stands at {late:.3g}, above the {trivial:.3g} of the trivial predictor.",
    }[verdict.kind]
    sentence = said.format(
        best=verdict.best,
        late=verdict.late,
        trivial=verdict.trivial,
        solved=verdict.solved,
        solved_at=verdict.solved_at,
        epochs=verdict.epochs,
        percent=min(99.0, 100.0 * verdict.progress),
    )
    if first_lost:
        sentence += f" From epoch {first_lost} on some losses were not a number; those epochs are left out."
    if np.isfinite(verdict.test_share):
        sentence += f" Of the test sequences {_percent(verdict.test_share)} come out right."
    return replace(verdict, sentence=sentence)


def _percent(share: float) -> str:
    # all and none are said only where they are exactly that
    return f"{100 * share:.0f} %" if share in (0.0, 1.0) else f"{min(99.9, max(0.1, 100 * share)):.3g} %"
