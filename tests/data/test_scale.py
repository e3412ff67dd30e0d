import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqlab.data.scale import fit_scaler
from seqlab.errors import ConfigError, DataError

TABLES = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(-1e9, 1e9, allow_nan=False, width=64)
)


@given(values=TABLES, kind=st.sampled_from(["standard", "minmax", "none"]))
def test_scaling_and_back_is_the_identity(values, kind):
    scaler = fit_scaler(kind, values, tuple(f"c{column}" for column in range(values.shape[1])))
    back = scaler.inverse(scaler.transform(values))
    assert np.allclose(back, values, rtol=1e-9, atol=1e-9 * np.abs(values).max())
    assert (scaler.scale > 0).all()


@given(values=TABLES)
def test_minmax_lies_between_0_and_1(values):
    scaled = fit_scaler("minmax", values, ("c",) * values.shape[1]).transform(values)
    assert scaled.min() >= 0
    assert scaled.max() <= 1 + 1e-12


def test_only_observed_training_values_count():
    values = np.array([[1.0, np.nan], [3.0, 10.0], [np.nan, 20.0]])
    scaler = fit_scaler("standard", values, ("a", "b"))
    assert scaler.center.tolist() == [2.0, 15.0]
    assert scaler.scale.tolist() == [1.0, 5.0]
    assert np.isnan(scaler.transform(values)[2, 0])


@pytest.mark.parametrize("kind", ["standard", "minmax"])
@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, 1e12 + 0.1])
def test_a_constant_column_keeps_its_size(kind, value):
    scaler = fit_scaler(kind, np.full((7, 1), value), ("flat",))
    assert scaler.scale.tolist() == [1.0]
    assert np.allclose(scaler.transform(np.full((1, 1), value)), 0.0, atol=1e-3)


def test_inverse_picks_the_column_of_each_sample():
    scaler = fit_scaler("minmax", np.array([[0.0, 100.0], [1.0, 300.0]]), ("a", "b"))
    chosen = np.array([1, 0])[:, None, None]
    assert scaler.inverse(np.full((2, 1, 1), 0.5), chosen).ravel().tolist() == [200.0, 0.5]


def test_a_column_without_training_values_is_refused():
    with pytest.raises(DataError, match=r"'b' has no value in the training part \(2 rows\)"):
        fit_scaler("none", np.array([[1.0, np.nan], [2.0, np.nan]]), ("a", "b"))


def test_values_that_cannot_be_added_are_refused():
    with pytest.raises(DataError, match="too large to be scaled"):
        fit_scaler("standard", np.array([[1e308], [-1e308]]), ("huge",))


def test_an_unknown_kind_is_refused():
    with pytest.raises(ConfigError, match="standard, minmax, none"):
        fit_scaler("robust", np.ones((2, 1)), ("a",))
