"""One step of a cell in words and formulas: the numbers of this step put into sentences and into LaTeX."""

import re
from collections.abc import Mapping

from seqlab.gates.one_step import GateSum
from seqlab.gates.recipe import Node, Recipe, Stage, fill_in, short

__all__ = ["equation", "stage_nodes", "stage_sentence", "tex"]

MOST_TERMS = 6
_NESTED = re.compile(r"\(\((-[^()]*)\)\)")
"""A negative number alone in two pairs of brackets, of which one is enough."""
_FUNCTIONS = {"sigmoid": r"\sigma", "tanh": r"\tanh"}


def tex(number: float, *, bracket: bool = True) -> str:
    r"""A number in LaTeX; a negative one in brackets, so that it can follow any sign.

    Example:
        >>> tex(0.87123), tex(-0.5), tex(-0.5, bracket=False)
        ('0.871', '(-0.500)', '-0.500')
    """
    text = f"{number:.3f}" if abs(number) < 999.5 else f"{number:,.0f}".replace(",", r"\,")
    text = "0.000" if text == "-0.000" else text
    return f"({text})" if bracket and text.startswith("-") else text


def equation(node: Node, values: Mapping[str, float], gate: GateSum | None = None) -> str:
    """The equation of a node, in symbols and below them with its numbers.

    Args:
        node: the node.
        values: name → number of one unit.
        gate: its sum, if it has weights.
    """
    lines = []
    symbols, equals, right = node.symbols.rpartition("=")
    if equals:  # a part's symbols are its own name: there is nothing to write above its numbers
        lines.append(right.strip())
    result = tex(values[node.name], bracket=False)
    if gate is None:
        numbers = fill_in(node.numbers, values, tex)
        lines += [numbers, result] if "+" in node.numbers else [f"{numbers} = {result}"]  # a sum is too long for a phone
    else:
        function = _FUNCTIONS[gate.activation]
        lines += [f"{function}({_summed(gate, values)})", f"{function}({tex(gate.total, bracket=False)}) = {result}"]
    written = _NESTED.sub(r"(\1)", r" \\ &= ".join(lines))
    return rf"\begin{{aligned}} {symbols.strip() or node.letter} &= {written} \end{{aligned}}"


def _summed(gate: GateSum, values: Mapping[str, float]) -> str:
    """The sum of a gate: every product that is not 0 where there are few, else what input, state and biases add."""
    if len(gate.terms) <= MOST_TERMS and not gate.factor_name:
        some = [_term(term.weight, term.value, plain=term.source == "bias") for term in gate.terms if term.weight]
        return " + ".join(some) or "0"
    if not gate.factor_name:
        parts = [("x", r"W x_t"), ("h", r"W h_{t-1}"), ("bias", "b")]
        return " + ".join(rf"\underbrace{{{tex(gate.subtotal(source))}}}_{{{name}}}" for source, name in parts)
    # with the reset gate before the bracket
    from_x, inside = values[f"{gate.name}_from_x"], values[f"{gate.name}_from_state"]
    return (
        rf"\underbrace{{{tex(from_x)}}}_{{W x_t + b}} + \underbrace{{{tex(gate.factor)}}}_{{{gate.factor_name}_t}} \cdot "
        rf"\underbrace{{{tex(inside)}}}_{{W h_{{t-1}} + b}}"
    )


def _term(weight: float, value: float, *, plain: bool) -> str:
    return tex(weight) if plain else rf"{tex(weight)} \cdot {tex(value)}"


def stage_nodes(recipe: Recipe, stage: Stage | None) -> list[Node]:
    """The nodes whose equations belong to a stage; of the whole step all but the parts of others."""
    if stage is None:
        return [node for node in recipe.nodes if node.kind != "part"]
    return [node for node in recipe.nodes if node.name in stage.nodes]


def stage_sentence(stage: Stage, values: Mapping[str, float]) -> str:
    """What happens at a stage, with its numbers."""
    return fill_in(stage.sentence, values, short)
