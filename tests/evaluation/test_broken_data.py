import numpy as np
import pytest

from seqlab.config import DataConfig, RunSpec, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.errors import ConfigError
from seqlab.evaluation.broken_data import break_data, growth_length, why_not, without_leak


@pytest.fixture(scope="module")
def honest():
    spec = RunSpec(dataset="airline_passengers", window=WindowConfig(context_length=8, horizon=3))
    return prepare(load_dataset("airline_passengers"), spec)


def test_a_scale_of_all_rows_moves_the_windows_and_nothing_else(honest):
    broken = break_data(honest, "scaler")
    values = honest.dataset.frame["passengers"].to_numpy()
    assert broken.scaler.center[0] == pytest.approx(values.mean())
    assert broken.scaler.scale[0] == pytest.approx(values.std())
    x = broken.windows("test").gather([0])[0][0, :, 0]
    first = broken.windows("test").origins[0]
    np.testing.assert_allclose(x, (values[first - 8 : first] - values.mean()) / values.std(), rtol=1e-5)


def test_windows_are_dealt_once_each_and_the_test_part_stays_out(honest):
    broken = break_data(honest, "random_split")
    origins = [broken.windows(part).origins for part in ("train", "validation", "test")]
    together = np.concatenate(origins)
    assert len(np.unique(together)) == len(together)
    assert together.max() + 3 <= honest.bounds.validation_end
    assert len(origins[0]) == honest.windows("train").window_count
    assert all((np.diff(one) > 0).all() for one in origins)
    sample = broken.windows("test").gather([2])[2][0, :, 0]
    np.testing.assert_allclose(sample, honest.scaler.transform(honest.y_true(origins[2][2:3]))[0, :, 0], rtol=1e-5)
    np.testing.assert_array_equal(break_data(honest, "random_split").windows("test").origins, origins[2])  # the seed decides


def test_overlapping_windows_are_those_that_begin_in_the_training_part(honest):
    train, end = break_data(honest, "overlap").windows("train").origins, honest.bounds.train_end
    assert train[0] == 8
    assert train[-1] - 8 == end - 1


def test_stopping_on_the_test_part_hands_it_over_as_validation(honest):
    broken = break_data(honest, "stop_on_test")
    assert broken.windows("validation") is honest.windows("test")


def test_the_leaked_covariate_looks_ahead_and_can_be_taken_back(honest):
    broken = break_data(honest, "future_covariate")
    assert (broken.input_size, broken.known_size) == (honest.input_size + 1, honest.known_size + 1)
    assert growth_length(honest) == 12
    scaled = honest.scaler.transform(honest.dataset.frame[["passengers"]].to_numpy())[:, 0]
    x, future, _ = broken.windows("test").gather([4])
    row = broken.windows("test").origins[4]

    def growth(at):
        return scaled[at - 2 : at + 3].mean() - scaled[at - 14 : at - 9].mean()

    np.testing.assert_allclose(future[0, :, -1], [growth(row + step) for step in range(3)], rtol=1e-4, atol=1e-6)
    x, future = without_leak(x, future, broken)
    # The mean of the third row before the origin is the newest that needs no row from the origin on.
    np.testing.assert_allclose(x[0, -3:, -1], growth(row - 3), rtol=1e-4)
    np.testing.assert_allclose(future[0, :, -1], growth(row - 3), rtol=1e-4)
    assert x[0, -4, -1] == pytest.approx(growth(row - 4), rel=1e-4)


def test_what_cannot_be_shown_says_why(honest):
    unscaled = prepare(honest.dataset, honest.spec.replace(data=DataConfig(scaling="none")))
    assert "scales nothing" in why_not(unscaled, "scaler")
    assert not why_not(unscaled, "overlap")
    with pytest.raises(ConfigError, match="scales nothing"):
        break_data(unscaled, "scaler")
    latch = load_dataset("latch")
    spec = RunSpec(dataset="latch", window=WindowConfig(context_length=latch.block_length - 1, horizon=1))
    assert "independent blocks" in why_not(prepare(latch, spec), "overlap")
    with pytest.raises(ConfigError, match="no leak 'typo'"):
        why_not(honest, "typo")
