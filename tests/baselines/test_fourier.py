"""Harmonics: which there are, their columns, how many are taken."""

from fractions import Fraction

import numpy as np

from seqlab.baselines.fourier import _aicc_of_first, chosen_frequencies, fourier_terms, harmonics_of


def test_shared_harmonics_belong_to_the_shorter_season() -> None:
    day, week = harmonics_of((168, 24, 1, 500), 900, 50)
    assert day == tuple(Fraction(k, 24) for k in range(1, 13))
    assert week[:8] == tuple(Fraction(k, 168) for k in (1, 2, 3, 4, 5, 6, 8, 9))
    assert len(week) == 50


def test_terms_go_on_where_they_stood() -> None:
    frequencies = (Fraction(1, 24), Fraction(5, 168), Fraction(1, 2))
    whole = fourier_terms(frequencies, 0, 400)
    assert whole.shape == (400, 5)
    np.testing.assert_array_equal(whole[168:], fourier_terms(frequencies, 168, 232))
    np.testing.assert_allclose(whole[:, 2], np.sin(2 * np.pi * 5 / 168 * np.arange(400)), atol=1e-9)


def test_as_many_harmonics_as_there_are() -> None:
    rng = np.random.default_rng(1)
    steps = np.arange(1500)
    noise = np.convolve(rng.normal(size=1520), 0.8 ** np.arange(20), mode="valid")[:1500]
    y = 40 + 6 * np.sin(2 * np.pi * steps / 24) + 3 * np.cos(2 * np.pi * 3 * steps / 24) + 4 * np.sin(2 * np.pi * steps / 168) + noise
    chosen, rest = chosen_frequencies(y, harmonics_of((24, 168), 1500, 20))
    assert {Fraction(k, 24) for k in (1, 2, 3)} | {Fraction(1, 168)} <= set(chosen)
    assert len(chosen) <= 12  # AICc takes a few too many
    assert abs(np.std(rest) / np.std(noise) - 1) < 0.1


def test_one_decomposition_gives_the_aicc_of_each_regression() -> None:
    y = np.random.default_rng(0).normal(size=60)
    terms = fourier_terms(harmonics_of((12,), 60, 4)[0], 0, 60)
    for width, aicc in zip((0, 2, 4), _aicc_of_first(y, terms, [0, 2, 4], 1), strict=True):
        columns = np.column_stack([np.ones(60), terms[:, :width]])
        variance = np.mean((y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]) ** 2)
        k = width + 3
        np.testing.assert_allclose(aicc, 60 * np.log(variance) + 2 * k * 60 / (60 - k - 1))
