"""Small cells against plain Python loops written from the equations, against torch's cells, and against the article's numbers."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.errors import ConfigError, UnknownKeyError
from seqlab.gates.hand_cell import parameter_shapes, value_table, weights_of, work_by_hand
from seqlab.gates.hand_lesson import hand_problem
from seqlab.gates.hand_table import HAND_CELLS, hand_cell
from seqlab.gates.recipe import BEFORE, fill_in, names_by_stage
from seqlab.models.table import CELLS

Parameters = dict[str, np.ndarray]
States = dict[str, list[float]]


def _sigmoid(a: float) -> float:
    return 1.0 / (1.0 + math.exp(-a)) if a >= 0 else math.exp(a) / (1.0 + math.exp(a))


def _standard(p: Parameters, gate: str, x: list[float], h: list[float], unit: int) -> tuple[float, float]:
    """What one gate reads from the input and from the last outputs: torch's two halves."""
    from_x = sum(p[f"W_i{gate}"][unit, j] * x[j] for j in range(len(x))) + p[f"b_i{gate}"][unit]
    from_h = sum(p[f"W_h{gate}"][unit, k] * h[k] for k in range(len(h))) + p[f"b_h{gate}"][unit]
    return float(from_x), float(from_h)


def _article(p: Parameters, gate: str, x: list[float], state: list[float], unit: int) -> float:
    """Each unit sees its own previous state (column 0) and the input."""
    row = p[f"W_{gate}"][unit]
    if len(row) == 1 + len(x):
        return float(row[0] * state[unit] + sum(row[1 + j] * x[j] for j in range(len(x))) + p[f"b_{gate}"][unit])
    both = [*state, *x]
    return float(sum(row[j] * both[j] for j in range(len(both))) + p[f"b_{gate}"][unit])


def _rnn(p: Parameters, x: list[float], s: States) -> States:
    return {"h": [math.tanh(sum(_standard(p, "h", x, s["h"], u))) for u in range(len(s["h"]))]}


def _lstm(p: Parameters, x: list[float], s: States) -> States:
    made: States = {name: [] for name in "ifgoch"}
    for u in range(len(s["h"])):
        i, f, o = (_sigmoid(sum(_standard(p, name, x, s["h"], u))) for name in "ifo")
        g = math.tanh(sum(_standard(p, "g", x, s["h"], u)))
        c = f * s["c"][u] + i * g
        for name, value in zip("ifgoch", (i, f, g, o, c, o * math.tanh(c)), strict=True):
            made[name].append(value)
    return made


def _gru(p: Parameters, x: list[float], s: States) -> States:
    made: States = {name: [] for name in "rznh"}
    for u in range(len(s["h"])):
        r, z = (_sigmoid(sum(_standard(p, name, x, s["h"], u))) for name in "rz")
        from_x, from_h = _standard(p, "n", x, s["h"], u)
        n = math.tanh(from_x + r * from_h)
        for name, value in zip("rznh", (r, z, n, (1 - z) * n + z * s["h"][u]), strict=True):
            made[name].append(value)
    return made


def _article_lstm(p: Parameters, x: list[float], s: States) -> States:
    made: States = {name: [] for name in "ifochy"}
    for u in range(len(s["h"])):
        i, f, o = (_sigmoid(_article(p, name, x, s["h"], u)) for name in "ifo")
        c = math.tanh(_article(p, "c", x, s["h"], u))
        h = f * s["h"][u] + i * c
        for name, value in zip("ifochy", (i, f, o, c, h, o * math.tanh(h)), strict=True):
            made[name].append(value)
    return made


def _article_gru(p: Parameters, x: list[float], s: States) -> States:
    made: States = {name: [] for name in "rznch"}
    for u in range(len(s["h"])):
        r, z = (_sigmoid(_article(p, name, x, s["h"], u)) for name in "rz")
        n = math.tanh(_article(p, "c", x, s["h"], u))
        c = z * s["c"][u] + (1 - z) * n
        for name, value in zip("rznch", (r, z, n, c, r * s["h"][u] + (1 - r) * c), strict=True):
            made[name].append(value)
    return made


REFERENCES: dict[str, Callable[[Parameters, list[float], States], States]] = {
    "rnn": _rnn, "lstm": _lstm, "gru": _gru, "article_lstm": _article_lstm, "article_gru": _article_gru,
}  # fmt: skip


def _random(cell: str, units: int, features: int, seed: int = 0) -> tuple[Parameters, np.ndarray, Parameters]:
    rng = np.random.default_rng(seed)
    recipe = hand_cell(cell)
    parameters = {name: rng.normal(size=shape) for name, shape in parameter_shapes(recipe, units, features).items()}
    return parameters, rng.normal(size=(12, features)), {state: rng.normal(size=units) for state in recipe.states}


def _by_loops(cell: str, parameters: Parameters, x: np.ndarray, initial: Parameters) -> list[States]:
    states: States = {name: [float(v) for v in values] for name, values in initial.items()}
    steps = []
    for row in x:
        states = REFERENCES[cell](parameters, [float(v) for v in row], states)
        steps.append(states)
    return steps


def test_every_cell_has_a_reference() -> None:
    assert set(REFERENCES) == set(HAND_CELLS)


@pytest.mark.parametrize("features", [1, 2])
@pytest.mark.parametrize("units", [1, 2, 3])
@pytest.mark.parametrize("cell", HAND_CELLS)
def test_every_value_of_every_step_equals_loops_written_from_the_equations(cell: str, units: int, features: int) -> None:
    parameters, x, initial = _random(cell, units, features)
    values = work_by_hand(cell, parameters, x, initial)
    for t, expected in enumerate(_by_loops(cell, parameters, x, initial)):
        for name, numbers in expected.items():
            np.testing.assert_allclose(values[name][t], numbers, rtol=0, atol=1e-12, err_msg=f"{name} at step {t}")


@pytest.mark.parametrize("cell", ["article_lstm", "article_gru"])
def test_an_articles_cell_takes_full_matrices_too(cell: str) -> None:
    parameters, x, initial = _random(cell, 3, 2)
    full = {name: np.random.default_rng(1).normal(size=(3, 5)) if name.startswith("W") else value for name, value in parameters.items()}
    values = work_by_hand(cell, full, x, initial)
    for t, expected in enumerate(_by_loops(cell, full, x, initial)):
        for name, numbers in expected.items():
            np.testing.assert_allclose(values[name][t], numbers, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("cell", "kind"), [("lstm", nn.LSTMCell), ("gru", nn.GRUCell), ("rnn", nn.RNNCell)])
def test_standard_cells_equal_torchs(cell: str, kind: type[nn.RNNCellBase]) -> None:
    parameters, x, initial = _random(cell, 3, 2)
    theirs = kind(2, 3).double()
    gates = [node.name for node in hand_cell(cell).weighted]
    with torch.no_grad():
        for ours, name in (("W_i", "weight_ih"), ("W_h", "weight_hh"), ("b_i", "bias_ih"), ("b_h", "bias_hh")):
            getattr(theirs, name).copy_(torch.from_numpy(np.concatenate([parameters[f"{ours}{gate}"] for gate in gates])))
        values = work_by_hand(cell, parameters, x, initial)
        h = torch.from_numpy(initial["h"])[None]
        c = torch.from_numpy(initial["c"])[None] if cell == "lstm" else None
        for t in range(len(x)):
            read = torch.from_numpy(x[t])[None]
            if c is None:
                h = theirs(read, h)
            else:
                h, c = theirs(read, (h, c))
                np.testing.assert_allclose(values["c"][t], c[0].numpy(), rtol=0, atol=1e-12)
            np.testing.assert_allclose(values["h"][t], h[0].numpy(), rtol=0, atol=1e-12)


def test_the_articles_worked_example() -> None:
    article, standard = hand_problem("article", "article_lstm").work(), hand_problem("article", "lstm").work()
    for gate in "ifo":
        np.testing.assert_allclose(article[gate][0], [0.574443, 0.645656, 0.710950], atol=5e-7)
    np.testing.assert_allclose(article["c"][0], [0.291313, 0.537050, 0.716298], atol=5e-7)
    np.testing.assert_allclose(article["h"][0], [0.167342, 0.346749, 0.509252], atol=5e-7)
    np.testing.assert_allclose(article["y"][0], [0.095241, 0.215320, 0.333693], atol=5e-7)
    for ours, theirs in (("i", "i"), ("f", "f"), ("o", "o"), ("g", "c"), ("c", "h"), ("h", "y")):
        np.testing.assert_allclose(standard[ours][0], article[theirs][0], rtol=0, atol=1e-15)
        assert np.abs(standard[ours][1] - article[theirs][1]).min() > 1e-3, "they part at step 2"


def test_halves_and_parts_add_up() -> None:
    values = hand_problem("article", "gru").work()
    np.testing.assert_allclose(values["n_sum"], values["n_from_x"] + values["recalled"], atol=1e-15)
    np.testing.assert_allclose(values["h"], values["kept"] + values["written"], atol=1e-15)
    np.testing.assert_allclose(values["h_before"][1:], values["h"][:-1])


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_every_node_is_in_one_stage_and_every_sentence_can_be_filled(cell: str) -> None:
    recipe, values = hand_cell(cell), hand_problem("article", cell).work()
    staged = [name for stage in recipe.stages for name in stage.nodes]
    assert len(staged) == len(set(staged))
    assert {node.name for node in recipe.nodes} <= set(staged)
    known = {name: float(each[1, 0]) for name, each in values.items()}
    for stage, names in zip(recipe.stages, names_by_stage(recipe), strict=True):
        assert "{" not in fill_in(stage.sentence, known)
        assert all(name in values or name == "x" for name in names)
    for node in recipe.nodes:
        assert "{" not in fill_in(node.numbers, known)
        low, high = (-np.inf if node.low is None else node.low), (np.inf if node.high is None else node.high)
        assert ((values[node.name] >= low) & (values[node.name] <= high)).all()
    assert recipe.output in values
    assert all(state + BEFORE in values for state in recipe.states)


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_cells_stack_their_gates_as_they_are_trained(cell: str) -> None:
    assert tuple(node.name for node in hand_cell(cell).weighted) == tuple(CELLS[cell].load().BLOCKS)
    assert set(CELLS[cell].gate_names) <= {node.name for node in hand_cell(cell).nodes}


def test_large_numbers_do_not_overflow() -> None:
    parameters, x, _ = _random("lstm", 2, 1)
    values = work_by_hand("lstm", {name: 1e6 * value for name, value in parameters.items()}, x)
    assert all(np.isfinite(each).all() for each in values.values())


def test_the_table_has_a_row_per_step_and_unit() -> None:
    problem = hand_problem("article", "lstm")
    table = value_table(problem.x, problem.work())
    assert len(table) == 15
    row = table[(table["step"] == 2) & (table["unit"] == 1)].iloc[0]
    assert row["x"] == 2.0
    assert row["c"] == problem.work()["c"][1, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"W_if": np.zeros((2, 2))}, r"W_if has the shape \(2, 2\)"),
        ({"b_io": np.zeros(3)}, "b_io has the shape"),
        ({"W_hf": np.full((2, 2), np.nan)}, "not finite"),
    ],
)
def test_wrong_weights_are_refused_in_words(change: Parameters, words: str) -> None:
    parameters, x, _ = _random("lstm", 2, 1)
    with pytest.raises(ConfigError, match=words):
        work_by_hand("lstm", parameters | change, x)


def test_other_wrong_input_is_refused_in_words() -> None:
    parameters, x, _ = _random("lstm", 2, 1)
    with pytest.raises(ConfigError, match="W_ii is missing"):
        weights_of(hand_cell("lstm"), {name: value for name, value in parameters.items() if name != "W_ii"})
    with pytest.raises(ConfigError, match="at least one step"):
        work_by_hand("lstm", parameters, [])
    with pytest.raises(ConfigError, match="not finite"):
        work_by_hand("lstm", parameters, [1.0, np.inf])
    with pytest.raises(ConfigError, match="carries c and h"):
        work_by_hand("lstm", parameters, x, {"z": np.zeros(2)})
    with pytest.raises(UnknownKeyError, match="article_gru"):
        work_by_hand("transformer", parameters, x)
    with pytest.raises(ConfigError, match="has no 'q'"):
        hand_cell("gru").node("q")
