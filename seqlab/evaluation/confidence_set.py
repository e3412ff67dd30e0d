"""The Model Confidence Set: which of many models may be the best, given how much luck there is in the data."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.evaluation.losses import SAME, LossTable
from seqlab.evaluation.significance import cosine_averages, cosine_count, fewest_origins

__all__ = ["ConfidenceSet", "confidence_set_of", "eliminate", "model_confidence_set"]

Floats = npt.NDArray[np.float64]

DRAWS = 4_999
CHUNK = 500_000
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceSet:
    """Which models stay in the set.

    Args:
        p_values: (model,) the smallest level at which a model is thrown out; 1 for the last one left; NaN for a model with a reason.
        level: models with a smaller p value are out.
        origins: n, at how many origins all models were compared.
        waves: B, how many cosine waves estimate the variances.
        reasons: (model,) why a model is not compared; empty if it is.
        reason: why there is no set at all.
    """

    p_values: Floats
    level: float
    origins: int
    waves: int
    reasons: tuple[str, ...]
    reason: str = ""

    @property
    def included(self) -> npt.NDArray[np.bool_]:
        """(model,) whether a model may be the best."""
        return np.asarray(self.p_values >= self.level)


def model_confidence_set(losses: npt.ArrayLike, horizon: int = 1, *, level: float = 0.05, seed: int = 0) -> ConfidenceSet:
    r"""Model Confidence Set of Hansen, Lunde and Nason (2011), range statistic, with fixed smoothing instead of a bootstrap.

    While the largest t statistic between two models that are left, :math:`\max_{i,j} t_{ij}`, is too large for equally good
    models, the worse one of that pair is thrown out. A :math:`t_{ij}` is the one of
    :func:`seqlab.evaluation.significance.cosine_test`, so of two models the set says what that test says. How large it gets
    among equally good models is simulated: a mean and B cosine averages, all drawn from a normal distribution with the
    correlations of the losses. The usual bootstrap throws out one of two equal models in 10 to 20 % of cases instead of 5 %
    where forecasts overlap over 12 origins (``benchmarks/significance_size.py``).

    Args:
        losses: (origin, model), in time order. A model with a value that is not finite is left out.
        horizon: h as in :func:`seqlab.evaluation.significance.diebold_mariano`.
        level: the set contains the best model in 1 − level of cases.
        seed: of the simulation.

    Example:
        >>> rng = np.random.default_rng(1)
        >>> losses = rng.normal(size=(200, 3)) + [0.0, 0.0, 1.0]
        >>> model_confidence_set(losses).included.tolist()
        [True, True, False]
    """
    values = np.asarray(losses, dtype=np.float64)
    n, models = values.shape
    finite: npt.NDArray[np.bool_] = np.asarray(np.isfinite(values).all(axis=0))
    reasons = tuple("" if one else "Its losses are not finite numbers." for one in finite.tolist())
    waves = cosine_count(n, horizon)
    least = fewest_origins(horizon)
    if n < least:
        over = f" where forecasts overlap over {horizon:,} of them" if horizon > 1 else ""
        return _nothing(models, level, n, reasons, f"{n:,} starting points are too few{over}; at least {least:,} are needed.")
    if finite.sum() < 2:
        return _nothing(models, level, n, reasons, "A set needs at least two models with finite losses.")
    kept = values[:, finite]
    averages = cosine_averages(kept, waves)
    means = kept.mean(axis=0)
    gaps = means[:, None] - means
    variances = _pair_variances(_products(averages))
    same = _never_apart(kept)
    frozen = ~same & (variances <= ROUNDING * np.maximum(gaps**2, np.finfo(np.float64).tiny))
    if frozen.any():
        return _nothing(
            models, level, n, reasons, "Two models differ by the same loss at every starting point, so there is no variance to judge by."
        )
    statistics = np.where(same, 0.0, gaps * np.sqrt(n / np.where(same, 1.0, variances)))
    covariance = np.cov(kept, rowvar=False)
    p_values = np.full(models, np.nan)
    p_values[finite] = eliminate(statistics, _drawn(covariance, same, waves, seed))
    return ConfidenceSet(p_values=p_values, level=level, origins=n, waves=waves, reasons=reasons)


def confidence_set_of(table: LossTable, *, level: float = 0.05) -> ConfidenceSet:
    """The Model Confidence Set of models that forecast from the same origins.

    Args:
        table: from :func:`seqlab.evaluation.losses.loss_table`.
        level: the set contains the best model in 1 − level of cases.
    """
    found = model_confidence_set(table.losses, table.overlap + 1, level=level)
    said = tuple(own or other for own, other in zip(table.reasons, found.reasons, strict=True))
    return ConfidenceSet(p_values=found.p_values, level=level, origins=found.origins, waves=found.waves, reasons=said, reason=found.reason)


def eliminate(statistics: Floats, drawn: Floats) -> Floats:
    """The p values from throwing out the worst model again and again.

    Args:
        statistics: (model, model) t statistic of loss of row minus loss of column.
        drawn: (draw, model, model) the same among equally good models.

    Returns:
        (model,) the largest p value up to the round in which a model was thrown out; 1 for the last one.
    """
    left = list(range(len(statistics)))
    p_values = np.ones(len(statistics))
    highest = 0.0
    while len(left) > 1:
        block = statistics[np.ix_(left, left)]
        largest = block.max()
        chance = drawn[:, left][:, :, left].max(axis=(1, 2))
        highest = max(highest, (1 + int((chance > largest).sum())) / (1 + len(drawn)))
        worst = left[int(np.argmax(block.max(axis=1)))]
        if largest <= 0:  # all that are left are the same model
            break
        p_values[worst] = highest
        left.remove(worst)
    return p_values


def _drawn(covariance: Floats, same: npt.NDArray[np.bool_], waves: int, seed: int) -> Floats:
    """(draw, model, model) t statistics among equally good models whose losses have this covariance."""
    sizes, directions = np.linalg.eigh(covariance)
    root = (directions * np.sqrt(np.clip(sizes, 0.0, None))).T
    means, products = _standard(len(covariance), waves, seed)
    moved = means @ root
    variances = _pair_variances(root.T @ products @ root)
    return np.where(same, 0.0, (moved[:, :, None] - moved[:, None, :]) / np.sqrt(np.where(same, 1.0, variances)))


@functools.lru_cache(maxsize=8)
def _standard(models: int, waves: int, seed: int) -> tuple[Floats, Floats]:
    """A mean (draw, model) and the mean products of B cosine averages (draw, model, model), all independent with variance 1."""
    rng = np.random.default_rng(seed)
    products = np.empty((DRAWS, models, models))
    rows = max(1, CHUNK // (waves * models))
    for start in range(0, DRAWS, rows):
        averages = rng.standard_normal((min(rows, DRAWS - start), waves, models))
        products[start : start + rows] = _products(averages)
    return rng.standard_normal((DRAWS, models)), products


def _products(averages: Floats) -> Floats:
    """(…, model, model) mean products of the columns of (…, B, model)."""
    return np.asarray(np.swapaxes(averages, -1, -2) @ averages / averages.shape[-2])


def _pair_variances(products: Floats) -> Floats:
    """(…, model, model) variances of differences, from products of the columns."""
    own = np.diagonal(products, axis1=-2, axis2=-1)
    # Rounding may leave a difference of two nearly equal models slightly below 0.
    return np.asarray(np.maximum(own[..., :, None] + own[..., None, :] - 2 * products, np.finfo(np.float64).tiny))


def _never_apart(losses: Floats) -> npt.NDArray[np.bool_]:
    """(model, model) whether two models make the same loss at every origin, but for rounding."""
    apart = np.array([np.abs(losses - column[:, None]).max(axis=0) for column in losses.T])
    return np.asarray(apart <= SAME * np.abs(losses).mean())


def _nothing(models: int, level: float, origins: int, reasons: tuple[str, ...], reason: str) -> ConfidenceSet:
    return ConfidenceSet(p_values=np.full(models, np.nan), level=level, origins=origins, waves=0, reasons=reasons, reason=reason)
