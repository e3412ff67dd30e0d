"""Teaching tasks: each definition by hand on tiny cases, each trivial loss against a computed one, parts and endless batches."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from seqlab.data import copy_memory, counting, five_steps, flip_flop, moving_square, parity, reber, temporal_order
from seqlab.data.adding import draw_adding
from seqlab.data.catalog import DATASETS, load_dataset

SMALL = {
    "adding": {"length": 10},
    "copy_memory": {"length": 10},
    "counting_ab": {},
    "counting_abc": {},
    "temporal_order": {"length": 20},
    "reber": {},
    "flip_flop": {"length": 10},
    "parity": {"length": 5},
    "five_steps": {},
    "moving_square": {},
}


@pytest.fixture(scope="module", params=list(SMALL))
def task(request):
    return load_dataset(request.param, sequences=60, **SMALL[request.param])


def same(one, other):
    return (
        len(one) == len(other)
        and all(np.array_equal(a, b) for a, b in zip(one.sequences, other.sequences, strict=True))
        and all(np.array_equal(a, b) for a, b in zip(one.labels, other.labels, strict=True))
    )


def test_every_task_has_parts_endless_batches_and_known_losses(task):
    entry = DATASETS[task.key]
    assert (task.task, task.target_names, entry.kind) == (entry.task, entry.targets, "sequences")
    assert task.parts == tuple(sorted(task.parts, key=["train", "validation", "test"].index))
    assert Counter(task.parts)["train"] == 60
    assert 0.0 < task.solved < task.trivial
    first, again, other = (task.fresh(np.random.default_rng(seed), 5) for seed in (1, 1, 2))
    assert same(first, again)
    assert not same(first, other)
    assert first.fresh is None
    assert (first.feature_names, first.target_names, first.parts) == (task.feature_names, task.target_names, ())
    assert set(first.classes) <= set(task.classes)
    for length, longer in task.tests_at.items():
        assert int(length) > 0
        assert set(longer.classes) <= set(task.classes)


def test_the_seed_repeats_and_more_training_leaves_the_other_parts_alone(task):
    more = load_dataset(task.key, sequences=70, **SMALL[task.key])
    held = len(task) - 60
    assert task.parts[-held:] == more.parts[-held:]
    assert all(np.array_equal(a, b) for a, b in zip(task.sequences[-held:], more.sequences[-held:], strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(task.labels[-held:], more.labels[-held:], strict=True))


def test_another_seed_gives_other_sequences():
    one, again, other = (load_dataset("parity", sequences=60, seed=seed).fingerprint for seed in (0, 0, 1))
    assert one == again != other


def test_default_sizes_are_what_the_table_says():
    for key in ("counting_ab", "moving_square"):
        assert len(load_dataset(key)) == DATASETS[key].rows


def test_adding_marks_one_step_of_each_half_and_asks_for_the_sum():
    drawn = draw_adding(np.random.default_rng(0), 4_000, 7)
    marks = drawn.sequences[:, :, 1]
    assert (marks[:, :3].sum(axis=1) == 1).all()
    assert (marks[:, 3:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(marks.mean(axis=0), [1 / 3] * 3 + [1 / 4] * 4, atol=0.03)
    sums = np.concatenate(drawn.labels)
    np.testing.assert_allclose(sums, (drawn.sequences[:, :, 0] * marks).sum(axis=1), rtol=1e-6)
    assert ((sums - 1.0) ** 2).mean() == pytest.approx(1 / 6, rel=0.05)


def test_copy_shows_ten_symbols_and_asks_for_them_in_the_last_ten_steps():
    drawn = copy_memory.draw_copy(np.random.default_rng(0), 300, 4)
    shown = drawn.sequences.argmax(axis=2)
    said = np.array([[copy_memory.NAMES.index(name) for name in row] for row in drawn.labels])
    assert (drawn.sequences.sum(axis=2) == 1).all()
    assert shown.shape == said.shape == (300, 24)
    np.testing.assert_array_equal(shown[:, :10], said[:, 14:])
    assert (shown[:, 10:] == [8, 8, 8, 9, *[8] * 10]).all()
    assert (said[:, :14] == 8).all()
    assert len(np.unique(shown[:, :10])) == 8


@pytest.mark.parametrize(("length", "loss"), [(50, 0.2971), (100, 0.1733), (200, 0.0945), (1000, 0.02039)])
def test_the_memoryless_loss_of_copy_is_the_known_one(length, loss):
    assert copy_memory.memoryless_loss(length) == pytest.approx(loss, abs=5e-5)


def test_counting_says_all_that_may_come_next():
    x, said = counting.counting_string(1, "abc")
    assert (x.argmax(axis=1).tolist(), said) == ([0, 1, 2, 3], ("a", "a or b", "c", "end"))
    x, said = counting.counting_string(2, "abc")
    assert (x.argmax(axis=1).tolist(), said) == ([0, 1, 1, 2, 2, 3, 3], ("a", "a or b", "a or b", "b", "c", "c", "end"))


@pytest.mark.parametrize("symbols", ["ab", "abc"])
def test_the_memoryless_loss_of_counting_is_that_of_the_best_guess_from_one_symbol(symbols):
    data = load_dataset(f"counting_{symbols}", length=30, sequences=10)
    held = [(x, said) for x, said, part in zip(data.sequences, data.labels, data.parts, strict=True) if part == "validation"]
    pairs = Counter((int(symbol), name) for x, said in held for symbol, name in zip(x.argmax(axis=1), said, strict=True))
    totals = Counter()
    for (symbol, _), count in pairs.items():
        totals[symbol] += count
    loss = -sum(count * math.log(count / totals[symbol]) for (symbol, _), count in pairs.items()) / totals.total()
    assert data.trivial == pytest.approx(loss, rel=1e-9)


def test_counting_keeps_its_validation_and_test_lengths_from_training():
    data = load_dataset("counting_ab", length=50)
    lengths = {part: {len(x) // 2 for x, p in zip(data.sequences, data.parts, strict=True) if p == part} for part in set(data.parts)}
    assert lengths["validation"] == {3, 13, 23, 33, 43}
    assert lengths["test"] == {7, 17, 27, 37, 47}
    assert lengths["train"] == set(range(1, 51)) - lengths["validation"] - lengths["test"]
    assert {int(n): len(test.sequences[0]) for n, test in data.tests_at.items()} == {n: 2 * n + 1 for n in (50, 75, 100, 150, 200)}
    drawn = data.fresh(np.random.default_rng(3), 300)
    assert {len(x) // 2 for x in drawn.sequences} <= lengths["train"]


def test_temporal_order_is_told_by_the_two_symbols():
    drawn = temporal_order.draw_temporal_order(np.random.default_rng(0), 200, 100)
    for x, name in zip(drawn.sequences, drawn.labels, strict=True):
        text = "".join(temporal_order.SYMBOLS[symbol] for symbol in x.argmax(axis=1))
        assert 100 <= len(text) <= 110
        assert (text[0], text[-1]) == ("E", "B")
        (first, one), (second, other) = [(step, symbol) for step, symbol in enumerate(text) if symbol in "XY"]
        assert 10 <= first <= 20
        assert 50 <= second <= 60
        assert name == f"{one} then {other}"
        assert set(text[1:-1]) <= set("abcdXY")
    assert len(set(drawn.labels)) == 4


def test_reber_strings_follow_the_grammar():
    random = np.random.default_rng(0)
    texts = [reber.reber_string(random) for _ in range(1_000)]
    for text in texts[:100]:
        assert text[1] == text[-2]
        assert all(after in legal for after, legal in zip(text[1:], reber.legal_next(text), strict=False))
        assert reber.legal_next(text)[-1] == "B"
    symbols, choices = reber.expected_counts()
    assert np.mean([len(text) for text in texts]) == pytest.approx(symbols, rel=0.03)
    assert np.mean([sum(len(legal) == 2 for legal in reber.legal_next(text)) for text in texts]) == pytest.approx(choices, rel=0.03)
    assert min(map(len, texts)) == 9
    # the shortest strings of each inner branch: B T X S E (probability 1/8) and B P V V E (1/8)
    assert np.mean([text[2:-2] == "BTXSE" for text in texts]) == pytest.approx(1 / 8, abs=0.025)


def test_reber_strings_of_one_length_keep_their_odds():
    random = np.random.default_rng(0)
    free = Counter(text[2:-2] for text in (reber.reber_string(random) for _ in range(4_000)) if len(text) == 10)
    bound = Counter(reber.reber_string(random, 10)[2:-2] for _ in range(600))
    assert set(bound) == set(free)
    for text, count in bound.items():
        assert count / 600 == pytest.approx(free[text] / free.total(), abs=0.1)


@pytest.mark.parametrize("strings", [1, 3])
def test_the_losses_of_reber_are_those_of_who_knows_the_grammar(strings):
    drawn = reber.draw_reber(np.random.default_rng(0), 800, strings)
    knowing = forgetful = steps = 0.0
    for x, said in zip(drawn.sequences, drawn.labels, strict=True):
        text = "".join(reber.SYMBOLS[symbol] for symbol in x.argmax(axis=1))
        assert text[1:] == "".join(said[:-1])
        legal = reber.legal_next(text)
        assert all(one in may for one, may in zip(said, legal, strict=True))
        knowing += sum(math.log(len(may)) for may in legal)
        forgetful += strings * math.log(2)
        steps += len(said)
    assert knowing / steps == pytest.approx(reber.floor_loss(strings), rel=0.03)
    assert (knowing + forgetful) / steps == pytest.approx(reber.forgetful_loss(strings), rel=0.02)


def test_flip_flop_holds_the_latest_pulse():
    drawn = flip_flop.draw_flip_flop(np.random.default_rng(0), 2_000, 10, 0.2)
    held = np.zeros((2_000, 3))
    loss = 0.0
    for step in range(10):
        pulse = drawn.sequences[:, step]
        held = np.where(pulse != 0, pulse, held)
        np.testing.assert_array_equal(np.stack(drawn.labels)[:, step], held)
        loss += ((held - pulse) ** 2).mean() / 10
    assert loss == pytest.approx(flip_flop.memoryless_loss(10, 0.2), rel=0.02)
    assert (np.abs(drawn.sequences[:, 0]) == 1).all()


def test_parity_is_the_running_exclusive_or():
    drawn = parity.draw_parity(np.random.default_rng(0), 50, 6)
    odd = np.array(drawn.labels) == "odd"
    np.testing.assert_array_equal(odd, np.logical_xor.accumulate(drawn.sequences[:, :, 0] == 1, axis=1))


def test_the_best_accuracy_and_loss_of_five_steps_are_those_of_the_true_odds():
    slope, noise = 0.3, 0.5
    drawn = five_steps.draw_five_steps(np.random.default_rng(0), 40_000, slope, noise)
    x = drawn.sequences[:, :, 0].astype(float)
    # both classes are normal with the same variance: log-odds = (‖x + m‖² - ‖x - m‖²) / 2σ²
    mean = slope * np.arange(-2, 3)
    odds = (((x + mean) ** 2).sum(axis=1) - ((x - mean) ** 2).sum(axis=1)) / (2 * noise**2)
    signed = np.where(np.array(drawn.labels) == "rises", odds, -odds)
    assert (signed > 0).mean() == pytest.approx(five_steps.best_accuracy(slope, noise), abs=0.003)
    assert np.logaddexp(0, -signed).mean() == pytest.approx(five_steps.best_loss(slope, noise), abs=0.003)


def test_the_square_moves_by_one_point_and_its_sum_hides_left_from_right():
    drawn = moving_square.draw_moving_square(np.random.default_rng(0), 200, 8, 2, 0.0)
    films = drawn.sequences.reshape(200, 8, 8, 8)
    assert (films.sum(axis=(2, 3)) == 4).all()
    for film, name in zip(films, drawn.labels, strict=True):
        for before, after in itertools.pairwise(film):
            np.testing.assert_array_equal(np.roll(before, moving_square.DIRECTIONS[name], axis=(0, 1)), after)
    sums = {
        name: {film.sum(axis=0).tobytes() for film, n in zip(films, drawn.labels, strict=True) if n == name} for name in set(drawn.labels)
    }
    assert sums["left"] == sums["right"]
    assert sums["left"].isdisjoint(sums["up"])
