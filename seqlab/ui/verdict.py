"""What a comparison says, in plain words: is the network better than the simple forecast, and by how much."""

import math
from collections.abc import Sequence

from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.run_text import number

__all__ = ["NETWORK", "best_model", "reference_model", "score_of", "verdict"]

NETWORK = "fitted"
"""Key of the run's own network among the models of a comparison."""

LEVEL = 0.01
"""Errors that differ by less than this share count as equal."""


def score_of(model: ComparedModel, metric: str) -> float:
    """A metric of a model; NaN where it is not computable."""
    return next((score.value for score in model.scores if score.metric == metric), math.nan)


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


def verdict(models: Sequence[ComparedModel], season_length: int, caution: str = "") -> tuple[str, ...]:
    """Sentences on how the network does, the most important first.

    Args:
        models: what has been compared so far.
        season_length: steps of the data's season, 1 if none.
        caution: what is known about this data set that no model can change.

    Returns:
        No sentence while the network or the forecast to beat is missing.
    """
    network = next((model for model in models if model.key == NETWORK), None)
    reference = reference_model(models, season_length)
    if network is None or reference is None:
        return ()
    own, simple = score_of(network, "mae"), score_of(reference, "mae")
    if not (math.isfinite(own) and math.isfinite(simple)):
        return (f"The mean absolute error of {network.model} or of {reference.model} cannot be computed, so there is no verdict.",)
    said = [_beside(network.model, own, reference.model, simple)]
    best = best_model(models)
    if best is not None and score_of(best, "mae") > simple * (1 - LEVEL):
        said.append(f"No model here beats {reference.model.lower()} by even {LEVEL:.0%}.")
    elif best is not None and best.key == NETWORK:
        said.append(f"It is the best of the {len(models)} models compared here.")
    elif best is not None:
        said.append(f"The best here is {best.model}, with {number(score_of(best, 'mae'))}.")
    if own > simple * (1 - LEVEL) and caution:
        said.append(f"What is known about this data: {caution}")
    said.append("This is one run with one seed: a few per cent more or less mean little before several seeds agree.")
    return tuple(said)


def _beside(network: str, own: float, reference: str, simple: float) -> str:
    numbers = f"mean absolute error {number(own)} against {number(simple)}"
    if simple == 0:
        return f"{reference} makes no error at all on this test part, so nothing can be better ({numbers})."
    share = own / simple - 1
    if abs(share) < LEVEL:
        return f"{network} is no better and no worse than {reference.lower()} on this test part ({numbers})."
    word = "worse" if share > 0 else "better"
    return f"{network} is {word} than {reference.lower()} by {abs(share):.0%} on this test part ({numbers})."
