"""What a comparison says, in plain words: better or worse than the simple forecast, by how much, and whether it could be luck."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.runs.comparison_log import Chance, ComparedModel
from seqlab.ui.compare.scores import score_of
from seqlab.ui.run_text import number

__all__ = ["Verdict", "best_model", "reference_model", "verdict"]

LEVEL = 0.01
"""Errors that differ by less than this share count as equal."""

SURE = 0.05
"""A gap that would come up less often than this by chance is not put down to luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said on the card.

    Args:
        tone: ``better``, ``worse`` or ``open``: what the evidence allows to say.
        headline: the answer, with its numbers.
        sentences: what stands behind it.
    """

    tone: str
    headline: str
    sentences: tuple[str, ...]


def best_model(models: Sequence[ComparedModel], metric: str = "mae") -> ComparedModel | None:
    """The model with the smallest error; None if none has a number."""
    judged = [model for model in models if math.isfinite(score_of(model, metric))]
    return min(judged, key=lambda model: score_of(model, metric), default=None)


def reference_model(models: Sequence[ComparedModel], season_length: int) -> ComparedModel | None:
    """The simple forecast to beat: naive, or seasonal naive where there is a season and it is no worse; None until it is there.

    A long or drifting season can make seasonal naive the weaker one, and a network would look good for nothing.
    """
    simple = {model.key: model for model in models if model.key in ("naive", "seasonal_naive")}
    if season_length <= 1:
        return simple.get("naive")
    seasonal = simple.get("seasonal_naive")
    return seasonal if seasonal is None else best_model([seasonal, *simple.values()]) or seasonal


def verdict(
    network: ComparedModel,
    seeds: Sequence[ComparedModel],
    reference: ComparedModel,
    models: Sequence[ComparedModel],
    *,
    caution: str = "",
) -> Verdict:
    """What can be said of the network beside the simple forecast and the best model.

    Args:
        network: the run's own network.
        seeds: the same with other seeds; may be empty.
        reference: the simple forecast to beat.
        models: everything judged so far, the network among it.
        caution: what is known about this data set that no model can change.
    """
    own = np.array([score_of(model, "mae") for model in (network, *seeds)])
    simple = score_of(reference, "mae")
    if not (np.isfinite(own).all() and math.isfinite(simple)):
        sentence = f"The mean absolute error of {network.model} or of {reference.model} cannot be computed, so there is no verdict."
        return Verdict(tone="open", headline=sentence, sentences=())
    mean, chance = float(own.mean()), reference.chance
    tone, headline = _headline(network.model, own, reference.model, simple, chance)
    said = [_luck(chance) if chance is not None else "", _over_seeds(own, reference.model, simple)]
    best = best_model(models)
    if best is not None and score_of(best, "mae") > simple * (1 - LEVEL):
        said.append(f"No model here beats {_lower(reference)} by even {LEVEL:.0%}.")
    elif best is not None and best.key == network.key:
        said.append(f"It is the best of the {len(models)} models compared here.")
    elif best is not None:
        said.append(_beaten(best))
    if mean > simple * (1 - LEVEL) and caution:
        said.append(f"What is known about this data: {caution}")
    return Verdict(tone=tone, headline=headline, sentences=tuple(sentence for sentence in said if sentence))


def _lower(model: ComparedModel) -> str:
    """A name inside a sentence; abbreviations stay large."""
    return model.model if model.model[:2].isupper() else model.model[:1].lower() + model.model[1:]


def _headline(network: str, own: npt.NDArray[np.float64], reference: str, simple: float, chance: Chance | None) -> tuple[str, str]:
    mean = float(own.mean())
    several = f"mean over {len(own)} seeds " if len(own) > 1 else ""
    numbers = f"mean absolute error {several}{number(mean)} against {number(simple)}"
    low = reference[:1].lower() + reference[1:]
    if simple == 0:
        return "open", f"{reference} makes no error at all on this test part, so nothing can be better ({numbers})."
    share = mean / simple - 1
    if abs(share) < LEVEL:
        return "open", f"{network} is no better and no worse than {low} on this test part ({numbers})."
    word = "worse" if share > 0 else "better"
    text = f"{network} is {word} than {low} by {abs(share):.0%} on this test part ({numbers})"
    if chance is not None and not chance.p_value < SURE:
        return "open", f"{text}, but that could be luck." if chance.p_value >= SURE else f"{text}."
    return word, f"{text}."


def _luck(chance: Chance) -> str:
    if math.isnan(chance.p_value):
        return f"Whether that is luck cannot be said: {chance.reason}" if chance.reason else ""
    often = "less than 0.1 %" if chance.p_value < 0.001 else f"{100 * chance.p_value:.2g} %"
    return f"If the two were equally good, a gap as large as that of this run would come up in {often} of cases ({chance.method})."


def _over_seeds(own: npt.NDArray[np.float64], reference: str, simple: float) -> str:
    low = reference[:1].lower() + reference[1:]
    if len(own) == 1:
        return "This is one run with one seed: a few per cent more or less mean little before several seeds agree."
    better = int((own < simple).sum())
    span = f"from {number(float(own.min()))} to {number(float(own.max()))}"
    if better == len(own):
        return f"All {len(own)} seeds are better than {low} ({span})."
    if not better:
        return f"None of the {len(own)} seeds is better than {low} ({span})."
    count = f"Only {better} of {len(own)} seeds {'is' if better == 1 else 'are'}"
    return f"{count} better than {low} ({span}): the start decides, not the method."


def _beaten(best: ComparedModel) -> str:
    error, chance = score_of(best, "mae"), best.chance
    text = f"The best here is {best.model}, with {number(error)}"
    if chance is None or math.isnan(chance.p_value):
        return f"{text}."
    if chance.p_value < SURE:
        return f"{text}: better than the network by more than luck explains (p = {chance.p_value:.2g})."
    return f"{text}; its lead over the network could be luck (p = {chance.p_value:.2g})."
