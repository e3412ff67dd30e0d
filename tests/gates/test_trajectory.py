"""Principal components against hand-made clouds and an eigendecomposition of the covariance."""

import numpy as np
import pytest

from seqlab.errors import TraceError
from seqlab.gates.trajectory import project_states


@pytest.fixture
def states():
    random = np.random.default_rng(0)
    return random.normal(size=(5, 40, 6)) @ random.normal(size=(6, 6)) + random.normal(size=6)


def test_components_are_the_covariances_eigenvectors(states):
    seen = project_states(states, components=6)
    flat = states.reshape(-1, 6)
    variances, vectors = np.linalg.eigh(np.cov(flat.T))
    np.testing.assert_allclose(seen.share, variances[::-1] / variances.sum(), rtol=1e-10)
    np.testing.assert_allclose(np.abs(np.sum(seen.loadings * vectors.T[::-1], axis=1)), 1.0, rtol=1e-10)
    np.testing.assert_allclose(seen.projections.reshape(-1, 6), (flat - flat.mean(axis=0)) @ seen.loadings.T, atol=1e-12)
    np.testing.assert_allclose(seen.projections.reshape(-1, 6).var(axis=0, ddof=1), variances[::-1], rtol=1e-10)


def test_all_components_together_give_the_states_back(states):
    seen = project_states(states, components=6)
    np.testing.assert_allclose(seen.projections @ seen.loadings + seen.mean, states, atol=1e-12)
    assert seen.share.sum() == pytest.approx(1.0)
    assert seen.note == ""


def test_a_plane_in_many_dimensions_by_hand():
    turn = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    circle = np.zeros((1, 80, 7))
    circle[0, :, 2], circle[0, :, 5] = 3 * np.cos(turn), -np.sin(turn)
    seen = project_states(circle + 4.0)
    np.testing.assert_allclose(seen.share, [0.9, 0.1, 0.0], atol=1e-12)
    np.testing.assert_allclose(seen.loadings[0], np.eye(7)[2], atol=1e-12)
    np.testing.assert_allclose(seen.projections[0, :, 0], 3 * np.cos(turn), atol=1e-12)
    np.testing.assert_allclose(seen.projections[0, :, 1], -np.sin(turn), atol=1e-12)
    assert seen.note == "The states vary in 2 directions only; further components are 0."


def test_signs_do_not_depend_on_the_order_of_windows_or_on_the_solver(states):
    seen = project_states(states)
    largest = np.take_along_axis(seen.loadings, np.abs(seen.loadings).argmax(axis=1)[:, None], axis=1)
    assert (largest > 0).all()
    again = project_states(states[::-1])
    np.testing.assert_allclose(again.loadings, seen.loadings, atol=1e-10)
    np.testing.assert_allclose(again.projections[::-1], seen.projections, atol=1e-10)
    mirrored = project_states(-states)
    np.testing.assert_allclose(mirrored.loadings, seen.loadings, atol=1e-10)
    np.testing.assert_allclose(mirrored.projections, -seen.projections, atol=1e-10)


def test_of_equal_weights_the_first_counts_upward():
    step = np.arange(4.0)[None, :, None]
    for direction in ([1.0, -1.0], [-1.0, 1.0]):
        assert project_states(step * np.array(direction)).loadings[0] == pytest.approx([0.5**0.5, -(0.5**0.5)])


def test_float32_states_and_more_units_than_steps(states):
    few = states[:1, :4].astype(np.float32)
    seen = project_states(few, components=6)
    assert seen.projections.dtype == np.float64
    np.testing.assert_allclose(seen.projections @ seen.loadings + seen.mean, few, atol=1e-6)
    assert seen.note == "The states vary in 3 directions only; further components are 0."


@pytest.mark.parametrize(("value", "scale"), [(0.0, 1.0), (0.1, 1.0), (1e6, 1.0), (-0.3, 1e-4)])
def test_a_state_that_stands_still_has_no_path(value, scale):
    seen = project_states(np.full((3, 7, 4), value * scale, dtype=np.float32))
    assert not seen.projections.any()
    assert not seen.share.any()
    assert "no path" in seen.note


def test_one_unit_has_one_component():
    seen = project_states(np.array([[[1.0], [2.0], [6.0]]]))
    assert seen.projections.tolist() == [[[-2.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [3.0, 0.0, 0.0]]]
    assert seen.share.tolist() == [1.0, 0.0, 0.0]
    assert seen.note == "A layer of 1 unit has 1 component; the others are 0."


def test_small_states_move_too():
    seen = project_states(1e-12 * np.arange(6.0).reshape(1, 3, 2))
    assert seen.share[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (np.zeros((2, 3)), r"\(window, time, hidden\)"),
        (np.zeros((0, 3, 2)), "at least one"),
        (np.full((1, 3, 2), np.nan), "NaN"),
    ],
)
def test_what_has_no_trajectory_is_refused_in_words(states, words):
    with pytest.raises(TraceError, match=words):
        project_states(states)
