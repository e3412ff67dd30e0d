"""Numbers put into sentences and into LaTeX."""

import dataclasses

import pytest

from seqlab.gates.hand_cell import weights_of
from seqlab.gates.hand_lesson import hand_problem
from seqlab.gates.hand_table import HAND_CELLS, hand_cell
from seqlab.gates.one_step import gate_sums
from seqlab.gates.recipe import units_of
from seqlab.ui.step_text import equation, stage_nodes, stage_sentence, tex


def _step(cell, step=1, unit=0, units=None):
    problem, recipe = hand_problem("article", cell, units), hand_cell(cell)
    values = {name: each[step] for name, each in problem.work().items()}
    sums = gate_sums(recipe, weights_of(recipe, problem.parameters), problem.x[step], values, unit)
    return recipe, units_of(values, unit), {one.name: one for one in sums}


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_every_equation_ends_in_its_value(cell):
    recipe, values, sums = _step(cell)
    for node in recipe.nodes:
        text = equation(node, values, sums.get(node.name))
        assert text.endswith(rf"= {values[node.name]:.3f} \end{{aligned}}")
        assert text.count("{") == text.count("}")


def test_a_gate_is_written_out_term_by_term():
    recipe, values, sums = _step("lstm")
    assert r"\sigma(0.200 \cdot 2.000 + 0.100 + 0.100 \cdot 0.095) \\ &= \sigma(0.510) = 0.625" in equation(
        recipe.node("f"), values, sums["f"]
    )


def test_the_reset_gate_stands_before_the_bracket():
    recipe, values, sums = _step("gru")
    text = equation(recipe.node("n"), values, sums["n"])
    assert rf"\underbrace{{{values['r']:.3f}}}_{{r_t}} \cdot \underbrace{{{values['n_from_state']:.3f}}}" in text


def test_a_reset_gate_of_exactly_0_still_shows_what_it_keeps_out():
    recipe, values, sums = _step("gru")
    values = values | {"r": 0.0, "n_from_state": 0.9}
    shut = dataclasses.replace(sums["n"], factor=0.0, total=values["n_from_x"])
    assert r"\underbrace{0.000}_{r_t} \cdot \underbrace{0.900}_{W h_{t-1} + b}" in equation(recipe.node("n"), values, shut)


def test_many_terms_are_added_up_by_source():
    recipe, values, sums = _step("lstm", units=12)
    text = equation(recipe.node("f"), values, sums["f"])
    parts = {source: sum(term.product for term in sums["f"].terms if term.source == source) for source in ("x", "h", "bias")}
    assert len({tex(part) for part in parts.values()}) == 3
    for source, name in (("x", "W x_t"), ("h", "W h_{t-1}"), ("bias", "b")):
        assert rf"\underbrace{{{tex(parts[source])}}}_{{{name}}}" in text


def test_sentences_carry_the_true_numbers():
    recipe, values, _ = _step("lstm")
    assert stage_sentence(recipe.stages[1], values) == "The forget gate keeps 62 % of the old memory 0.17, so 0.10 stays."


def test_the_whole_step_leaves_parts_out_and_a_stage_does_not():
    recipe = hand_cell("lstm")
    assert [node.name for node in stage_nodes(recipe, None)] == ["i", "f", "g", "o", "c", "h"]
    assert [node.name for node in stage_nodes(recipe, recipe.stages[1])] == ["f", "kept"]


def test_no_minus_zero_and_no_bare_minus():
    assert tex(-0.0001) == "0.000"
    assert tex(-2.0) == "(-2.000)"
    assert tex(12345.0) == r"12\,345"


def test_one_pair_of_brackets_around_a_negative_number():
    recipe, values, sums = _step("lstm")
    values = values | {"o": 0.5, "c": -0.25, "h": -0.122}
    assert r"0.500 \cdot \tanh(-0.250) = -0.122" in equation(recipe.node("h"), values, sums.get("h"))
