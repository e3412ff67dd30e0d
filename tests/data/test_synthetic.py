import numpy as np
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.data.synthetic import MackeyGlassOptions, SineNoiseOptions, mackey_glass_values, sine_noise_values
from seqlab.errors import ConfigError


def test_the_sine_repeats_exactly_and_its_noise_has_the_size_asked_for():
    clean = sine_noise_values(SineNoiseOptions(period=25, noise=0.0, length=500))
    assert np.array_equal(clean[25:], clean[:-25])
    assert clean.max() == pytest.approx(1.0, abs=0.01)
    noisy = sine_noise_values(SineNoiseOptions(period=25, noise=0.5, length=20_000))
    assert (noisy - np.resize(clean, 20_000)).std() == pytest.approx(0.5, rel=0.02)


def test_a_seed_repeats_and_another_does_not():
    for make, options in ((sine_noise_values, SineNoiseOptions), (mackey_glass_values, MackeyGlassOptions)):
        first, again, other = make(options(length=200)), make(options(length=200)), make(options(length=200, seed=1))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


def test_a_longer_series_begins_like_a_shorter_one():
    for make, options in ((sine_noise_values, SineNoiseOptions), (mackey_glass_values, MackeyGlassOptions)):
        assert np.array_equal(make(options(length=300))[:100], make(options(length=100)))


def test_mackey_glass_satisfies_its_equation():
    """Central differences of a series sampled once per unit are coarse; a short delay keeps the solution smooth."""
    x = mackey_glass_values(MackeyGlassOptions(tau=17, length=1000))
    slope = (8 * (x[19:-1] - x[17:-3]) - (x[20:] - x[16:-4])) / 12  # fourth order, at rows 18 … n-3
    delayed, now = x[1:-19], x[18:-2]
    assert np.abs(slope - (0.2 * delayed / (1 + delayed**10) - 0.1 * now)).max() < 2e-3


def test_a_short_delay_settles_where_the_equation_rests():
    """For a small delay the solution tends to x = 1, where 0.2 / (1 + 1) = 0.1."""
    assert mackey_glass_values(MackeyGlassOptions(tau=2, length=200)) == pytest.approx(1.0, abs=1e-4)


def test_mackey_glass_is_the_chaotic_attractor_for_the_usual_delay():
    values = mackey_glass_values(MackeyGlassOptions(length=5000))
    assert 0.2 < values.min() < 0.5
    assert 1.2 < values.max() < 1.4
    assert values.mean() == pytest.approx(0.93, abs=0.03)


def test_the_season_is_the_period():
    data = load_dataset("sine_noise", period=100, length=1000)
    assert (data.season_length, data.seasons) == (100, (100,))
    assert "leaves a mean absolute error of 0.0798" in data.notes[0]


def test_a_delay_longer_than_the_series_has_no_season():
    assert load_dataset("mackey_glass", tau=100, length=50).season_length == 1


@pytest.mark.parametrize(
    ("options", "bad"), [(SineNoiseOptions, {"noise": float("nan")}), (SineNoiseOptions, {"period": 2.5}), (MackeyGlassOptions, {"tau": 0})]
)
def test_values_out_of_range_are_refused(options, bad):
    with pytest.raises(ConfigError, match="It must be"):
        options(**bad)
