import numpy as np
import pytest
from arch.bootstrap import MCS

from seqlab.evaluation.confidence_set import eliminate, model_confidence_set
from seqlab.evaluation.significance import cosine_test


def losses(models=5, origins=120, seed=0):
    rng = np.random.default_rng(seed)
    return np.abs(rng.normal(size=(origins, 1)) + rng.normal(size=(origins, models))) + np.linspace(0, 0.6, models)


def test_elimination_is_the_one_of_arch():
    """On arch's own bootstrap draws the p values are arch's, counted with the observed statistic itself."""
    values, reps = losses(), 200
    reference = MCS(values, size=0.05, reps=reps, block_size=5, seed=1)
    reference.compute()
    means = values.mean(axis=0)
    gaps = means[:, None] - means
    again = np.stack([values[index].mean(axis=0) for index in reference._bootstrap_indices])
    drawn = again[:, :, None] - again[:, None, :] - gaps
    deviation = np.sqrt((drawn**2).mean(axis=0) + np.eye(len(means)))
    p_values = eliminate(gaps / deviation, drawn / deviation)
    expected = reference.pvalues.Pvalue.sort_index().to_numpy()
    np.testing.assert_allclose(p_values, np.where(expected == 1, 1, (1 + reps * expected) / (1 + reps)))
    assert 0 < (p_values < 0.05).sum() < 5


@pytest.mark.parametrize("horizon", [1, 6])
def test_of_two_models_it_says_what_the_test_says(horizon):
    values = losses(2)
    values[:, 1] -= 0.45
    found = model_confidence_set(values, horizon)
    assert found.p_values.min() == pytest.approx(cosine_test(values[:, 0] - values[:, 1], horizon).p_value, abs=0.02)
    assert found.p_values.max() == 1


def test_identical_models_stay_or_leave_together():
    values = losses(3)
    found = model_confidence_set(np.column_stack([values, values[:, 0] * (1 + 1e-13)]))  # rounding makes no other model
    assert found.p_values[0] == found.p_values[3] == 1
    assert not found.included[2]


def test_a_bad_pair_of_twins_leaves():
    values = losses(2)
    found = model_confidence_set(np.column_stack([values[:, 0], values[:, 1] + 3, values[:, 1] + 3]))
    assert found.included.tolist() == [True, False, False]


def test_what_cannot_be_compared_says_why():
    values = losses(3)
    values[3, 1] = np.inf
    found = model_confidence_set(values)
    assert "not finite" in found.reasons[1]
    assert np.isnan(found.p_values[1])
    assert not found.included[1]
    assert "at least 48 are needed" in model_confidence_set(values[:40], 12).reason
    assert "at least two" in model_confidence_set(values[:, 1:2]).reason
    assert "same loss" in model_confidence_set(values[:, :1] + [0, 1]).reason


def test_equal_models_are_kept_together():
    found = [model_confidence_set(losses(4, 100, seed) - np.linspace(0, 0.6, 4)).included.all() for seed in range(100)]
    assert 0.88 <= np.mean(found) <= 1
