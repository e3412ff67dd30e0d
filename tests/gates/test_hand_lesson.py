"""What the lessons say is true: asserted on the numbers that their weights make."""

import numpy as np
import pytest

from seqlab.errors import UnknownKeyError
from seqlab.gates.hand_lesson import HAND_LESSONS, hand_problem
from seqlab.gates.hand_table import HAND_CELLS

# The state in which a lesson can be seen, and the gates that keep and write it.
MEMORY = {"rnn": "h", "lstm": "c", "gru": "h", "article_lstm": "h", "article_gru": "h"}
CUE = 2  # step of the latch's cue, from 0


def _memory(lesson: str, cell: str) -> np.ndarray:
    return hand_problem(lesson, cell).work()[MEMORY[cell]]


@pytest.mark.parametrize("cell", HAND_CELLS)
@pytest.mark.parametrize("lesson", HAND_LESSONS)
def test_every_lesson_has_every_cell_and_any_number_of_units_and_steps(lesson: str, cell: str) -> None:
    for units, steps in ((1, 3), (3, 20)):
        problem = hand_problem(lesson, cell, units, steps)
        assert problem.units == units
        assert all(each.shape == (steps, units) for each in problem.work().values())
    setting = HAND_LESSONS[lesson].settings[cell]
    assert setting.said.endswith(".")
    assert setting.can in {"yes", "nearly", "no"}


@pytest.mark.parametrize("cell", ["lstm", "gru", "article_lstm", "article_gru"])
def test_remember_holds_the_start_value_whatever_comes_in(cell: str) -> None:
    np.testing.assert_allclose(_memory("remember", cell), 0.8, atol=0.001)


def test_an_rnn_cannot_hold_a_number() -> None:
    h = _memory("remember", "rnn")[:, 0]
    np.testing.assert_allclose(h[:2], [0.664, 0.581], atol=0.001)
    assert (np.diff(h) < 0).all()
    assert h[-1] < 0.5 * 0.8
    problem = hand_problem("remember", "rnn", steps=200)
    for start in (0.1, 0.8, -0.3):
        h = work(problem, weight=1.5, start=start)
        assert abs(abs(h[-1]) - 0.8586) < 1e-3, "a weight above 1 draws every start to one of two resting points"


def work(problem, *, weight: float, start: float) -> np.ndarray:
    from seqlab.gates.hand_cell import work_by_hand

    parameters = dict(problem.parameters) | {"W_hh": np.array([[weight]])}
    return work_by_hand("rnn", parameters, problem.x, {"h": [start]})["h"][:, 0]


@pytest.mark.parametrize("cell", ["lstm", "gru", "article_lstm", "article_gru"])
def test_forget_has_the_half_lives_it_says(cell: str) -> None:
    state = _memory("forget", cell)
    for unit, half_life in enumerate((1.0, 2.21, 14.3)):
        rate = np.log(state[0, unit] / state[-1, unit]) / (len(state) - 1)
        assert np.log(2) / rate == pytest.approx(half_life, rel=0.01)


def test_forget_in_an_rnn_is_at_least_as_quick_as_its_weight() -> None:
    h = np.concatenate([np.full((1, 3), 0.8), _memory("forget", "rnn")])
    assert (h[1:] <= h[:-1] * [0.5, 0.7, 0.9] + 1e-12).all()
    np.testing.assert_allclose(h[-1] / h[-2], [0.5, 0.7, 0.9], atol=0.02)


@pytest.mark.parametrize("cell", HAND_CELLS)
def test_overwrite_leaves_nothing_of_the_past(cell: str) -> None:
    np.testing.assert_allclose(_memory("overwrite", cell)[:, 0], np.tanh(hand_problem("overwrite", cell).x[:, 0]), atol=0.001)


@pytest.mark.parametrize("cell", ["lstm", "article_lstm"])
def test_an_lstm_counts(cell: str) -> None:
    ticks = np.cumsum(hand_problem("count", cell).x[:, 0])
    np.testing.assert_allclose(_memory("count", cell)[:, 0], ticks, atol=0.02)
    assert hand_problem("count", cell).work()[{"lstm": "h", "article_lstm": "y"}[cell]].max() < 1, "what it shows saturates"


@pytest.mark.parametrize("cell", ["gru", "article_gru"])
def test_a_gru_cannot_count(cell: str) -> None:
    problem = hand_problem("count", cell)
    gained = np.diff(np.concatenate([[0.0], _memory("count", cell)[:, 0]]))[problem.x[:, 0] == 1]
    assert (np.diff(gained) < 0).all(), "every tick counts less than the one before"
    np.testing.assert_allclose(gained, 0.1 * 0.9 ** np.arange(6), rtol=0.02)
    many = hand_problem("count", cell, steps=30)
    assert many.work()["h"].max() < 1


def test_an_rnn_cannot_count() -> None:
    problem = hand_problem("count", "rnn")
    h = np.concatenate([[0.0], _memory("count", "rnn")[:, 0]])
    ticks = problem.x[:, 0] == 1
    assert (np.diff(h)[ticks] < 0.2).all()
    assert (np.diff(h)[~ticks] < 0).all(), "between ticks it forgets"


@pytest.mark.parametrize(("cell", "keep", "write"), [("lstm", "f", "i"), ("article_lstm", "f", "i")])
def test_latch_opens_for_the_cue_alone(cell: str, keep: str, write: str) -> None:
    values = hand_problem("latch", cell).work()
    held = values[MEMORY[cell]][CUE:, 0]
    assert values[write][CUE, 0] > 0.99
    assert (values[write][CUE + 1 :] < 0.01).all()
    assert (values[keep] > 0.99).all()
    np.testing.assert_allclose(held, held[0], rtol=0.01)
    assert abs(values[MEMORY[cell]][CUE - 1, 0]) < 0.01
    assert held[0] > 0.9


@pytest.mark.parametrize(("cell", "keep"), [("gru", "z"), ("article_gru", "r")])
def test_latch_with_one_gate_for_both(cell: str, keep: str) -> None:
    values = hand_problem("latch", cell).work()
    assert values[keep][CUE, 0] < 0.01
    assert (np.delete(values[keep][:, 0], CUE) > 0.99).all()
    held = values["h"][CUE:, 0]
    np.testing.assert_allclose(held, held[0], rtol=0.01)
    assert held[0] > 0.9


def test_an_rnn_latches_a_bit_but_not_exactly() -> None:
    h = _memory("latch", "rnn")[:, 0]
    assert (h[:CUE] < -0.9).all()
    assert (h[CUE:] > 0.7).all()
    assert np.ptp(h[CUE + 1 :]) > 0.05, "noise shakes it"
    np.testing.assert_allclose(np.tanh(2 * 0.9575), 0.9575, atol=1e-4)


def test_unknown_lesson_or_cell_names_what_there_is() -> None:
    with pytest.raises(UnknownKeyError, match="latch"):
        hand_problem("juggle", "lstm")
    with pytest.raises(UnknownKeyError, match="article_lstm"):
        hand_problem("latch", "transformer")
