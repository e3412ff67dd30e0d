"""Errors relative to those of simple models at the same origins: skill, and the M4 competition's OWA.

They are computed from the stored errors of a comparison, so that a model judged later needs nothing judged again.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.baselines.table import BASELINES
from seqlab.evaluation.metrics import score_or_reason
from seqlab.evaluation.score import mean_over_targets
from seqlab.records import Score

__all__ = ["REFERENCES", "relative_means", "relative_scores"]

REFERENCES = {"skill_naive": "naive", "skill_seasonal_naive": "seasonal_naive", "owa": "naive2"}
"""Metric → key of the model whose errors it is relative to."""

Scores = Mapping[str, Sequence[Score]]


def relative_scores(scores_by_model: Scores) -> dict[str, tuple[Score, ...]]:
    """Skill against naive and seasonal naive, and OWA, of every model and target.

    Skill is 1 − MAE / MAE of the reference; OWA is the mean of sMAPE and MASE, each over that of Naive2 (Makridakis,
    Spiliotis & Assimakopoulos 2020, International Journal of Forecasting 36).

    Args:
        scores_by_model: model's key → its point metrics, of one or several targets; all models from the same origins.

    Returns:
        Model's key → three scores per target, in the order of ``REFERENCES``.

    Example:
        >>> found = relative_scores({"naive": [Score(metric="mae", value=4.0)], "ets": [Score(metric="mae", value=3.0)]})
        >>> found["ets"][0].value, found["ets"][1].reason
        (0.25, 'Seasonal naive has not been compared here.')
    """
    found = {}
    for key, scores in scores_by_model.items():
        each: list[Score] = []
        for target in dict.fromkeys(one.target for one in scores):
            own = _of_target(scores, target)
            for metric, reference in REFERENCES.items():
                other = _of_target(scores_by_model.get(reference, ()), target)
                each.append(_relative(metric, reference, own, other, target))
        found[key] = tuple(each)
    return found


def relative_means(scores_by_model: Scores) -> dict[str, tuple[Score, ...]]:
    """The same over all targets: the mean of their skills; OWA from the mean sMAPE and the mean MASE, as M4 does over series.

    Args:
        scores_by_model: as for :func:`relative_scores`.

    Returns:
        Model's key → three scores without a target.
    """
    single = relative_scores(scores_by_model)
    means = {key: _of_target(mean_over_targets(scores), "") for key, scores in scores_by_model.items()}
    found = {}
    for key in scores_by_model:
        skills = mean_over_targets(one for one in single[key] if one.metric != "owa")
        owa = _relative("owa", REFERENCES["owa"], means[key], means.get(REFERENCES["owa"], {}), "")
        found[key] = (*skills, owa)
    return found


def _relative(metric: str, reference: str, own: Mapping[str, Score], other: Mapping[str, Score], target: str) -> Score:
    """One relative score; its parts are MAE, or sMAPE and MASE."""
    name = BASELINES[reference].label if reference in BASELINES else reference.replace("_", " ").capitalize()
    parts = ("smape", "mase") if metric == "owa" else ("mae",)
    reason = "" if other else f"{name} has not been compared here."
    for part in parts if not reason else ():
        for errors, whose in ((own, ""), (other, f"{name}: ")):
            if part not in errors:
                reason = reason or f"{whose}{part} was not computed."
            elif errors[part].reason:
                reason = reason or f"{whose}{errors[part].reason}"
        if not reason and other[part].value == 0:
            reason = f"{name} makes no error here, so there is nothing to be better than."
    value = score_or_reason(metric, reason, lambda: float(np.mean([own[part].value / other[part].value for part in parts])))
    one = value.value if metric == "owa" else 1 - value.value
    return Score(metric=metric, value=one, reason=value.reason, target=target)


def _of_target(scores: Sequence[Score], target: str) -> dict[str, Score]:
    return {one.metric: one for one in scores if one.target == target}
