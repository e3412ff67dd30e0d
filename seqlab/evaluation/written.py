"""How well sequences were written: exact matches, error rates from edit distances, BLEU and chrF.

BLEU and chrF are sacrebleu's, over the symbols joined to text, one right text each; their signatures say how they were counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from seqlab.baselines.edit_distance import edit_distance
from seqlab.errors import DataError
from seqlab.evaluation.metrics import score_or_reason
from seqlab.records import Score, WrittenPrediction

__all__ = ["WrittenReport", "score_written", "written_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReport:
    """How well sequences were written, all together and one by one.

    Args:
        scores: see :func:`score_written`.
        signatures: metric → sacrebleu's signature, which a published BLEU or chrF must be given with.
        edits: (sample,) symbols that must be put in, taken out or changed to make each written sequence right.
    """

    scores: tuple[Score, ...]
    signatures: dict[str, str]
    edits: npt.NDArray[np.int64] = field(repr=False)


def score_written(prediction: WrittenPrediction) -> tuple[Score, ...]:
    """The scores of :func:`written_report`, the headline first.

    Exact match; symbol error rate (all edits over all right symbols, so it can be above 1); where symbols are words or phones also
    the character error rate of the joined text; BLEU and chrF, 0 to 100.

    Example:
        >>> right, written = (tuple("abcd"), tuple("xy")), (tuple("abed"), tuple("xy"))
        >>> said = WrittenPrediction(model="m", samples=np.arange(2), y_true=right, y_pred=written)
        >>> [f"{one.metric} {one.value:.3f}" for one in score_written(said)[:2]]
        ['exact_match 0.500', 'symbol_error_rate 0.167']
    """
    return written_report(prediction).scores


def written_report(prediction: WrittenPrediction) -> WrittenReport:
    """How well sequences were written.

    Raises:
        DataError: not as many sequences were written as there are right ones.
    """
    truth, said = prediction.y_true, prediction.y_pred
    if not len(truth) == len(said) == len(prediction.samples):
        raise DataError(f"{len(said)} sequences were written, but {len(truth)} are right. Give one for each of {len(prediction.samples)}.")
    edits = np.array([edit_distance(right, written) for right, written in zip(truth, said, strict=True)], dtype=np.int64)
    nothing = "" if truth else "Nothing was to be written."
    scores = [
        score_or_reason("exact_match", nothing, lambda: np.mean(edits == 0)),
        _error_rate("symbol_error_rate", edits, [len(right) for right in truth]),
    ]
    right, written = ([prediction.joint.join(symbols) for symbols in each] for each in (truth, said))
    if prediction.joint:
        letters = np.array([edit_distance(a, b) for a, b in zip(right, written, strict=True)], dtype=np.int64)
        scores.append(_error_rate("character_error_rate", letters, [len(text) for text in right]))
    overlap, signatures = _overlap(right, written, nothing)
    return WrittenReport(scores=(*scores, *overlap), signatures=signatures, edits=edits)


def _error_rate(metric: str, edits: npt.NDArray[np.int64], lengths: Sequence[int]) -> Score:
    total = sum(lengths)
    return score_or_reason(metric, "" if total else "Nothing was to be written.", lambda: edits.sum() / total)


def _overlap(right: list[str], written: list[str], nothing: str) -> tuple[list[Score], dict[str, str]]:
    """BLEU and chrF, and their signatures."""
    if nothing:
        return [Score(metric=name, value=float("nan"), reason=nothing) for name in ("bleu", "chrf")], {}
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    counts = {"bleu": BLEU(force=True), "chrf": CHRF()}  # forced: texts whose words are cut already are no mistake here
    values = {name: float(metric.corpus_score(written, [right]).score) for name, metric in counts.items()}
    signatures = {name: str(metric.get_signature()) for name, metric in counts.items()}
    return [Score(metric=name, value=value) for name, value in values.items()], signatures
