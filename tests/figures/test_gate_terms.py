"""The bars of a gate's sum: they start where the one before ends, and lead to the sum."""

from itertools import pairwise

import pytest

from seqlab.figures.gate_terms import plot_terms, term_bars
from seqlab.figures.palette import ABOVE, BELOW, TRUTH


def test_bars_lead_from_zero_to_the_sum() -> None:
    terms = [(f"t{number}", (-1) ** number * number / 10) for number in range(12)]
    bars = term_bars(terms, 0.35, most=5)
    assert [bar.name for bar in bars] == ["t11", "t10", "t9", "t8", "t7", "7 others", "biases", "sum"]
    assert bars[0].start == 0
    assert all(after.start == before.end for before, after in pairwise(bars[:-1]))
    assert bars[-1].end == pytest.approx(sum(value for _, value in terms) + 0.35)
    assert bars[-1].is_sum


def test_a_single_other_term_is_named() -> None:
    bars = term_bars([("a", 3.0), ("b", 2.0), ("c", 1.0)], 0.5, most=2)
    assert [bar.name for bar in bars] == ["a", "b", "c", "biases", "sum"]
    assert bars[-1].end == pytest.approx(6.5)


def test_names_are_text() -> None:
    figure = plot_terms(term_bars([("<b>sales</b>", 0.5)], 0.0), before="σ of f")
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;sales&lt;/b&gt;"
    assert list(figure.data[0].base) == [0.0, 0.5, 0.0]
    assert figure.layout.xaxis.title.text == "what σ of f reads"


def test_bars_are_coloured_by_their_sign_and_the_sum_is_neither() -> None:
    colors = plot_terms(term_bars([("a", 0.5), ("b", -0.25)], -0.1), before="σ").data[0].marker.color
    assert list(colors) == [ABOVE, BELOW, BELOW, TRUTH]


def test_numbers_stand_to_the_right_of_their_bars() -> None:
    figure = plot_terms(term_bars([("a", 0.5), ("b", -0.25)], 0.0), before="σ")
    assert list(figure.data[1].x) == [0.5, 0.5, 0.25, 0.25]
    assert [text.strip() for text in figure.data[1].text] == ["+0.500", "−0.250", "+0.000", "+0.250"]


def test_all_zero_and_empty() -> None:
    assert plot_terms(term_bars([("x", 0.0)], 0.0), before="tanh").layout.xaxis.range[0] < 0
    assert "there are none" in plot_terms([], before="σ").layout.annotations[0].text
