"""What a sweep has found so far."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from seqlab.runs.search_space import SearchField
from seqlab.runs.sweep import SweepTrial
from seqlab.runs.sweep_report import influence, sweep_table

SPACE = (
    SearchField(path="model.dropout", low=0.0, high=0.5),
    SearchField(path="model.hidden_size", low=2, high=64),
    SearchField(path="model.cell", choices=("gru", "lstm", "rnn")),
)


def trials(count: int) -> list[SweepTrial]:
    rng = np.random.default_rng(1)
    made = []
    for number in range(count):
        values = {
            "model.dropout": float(rng.uniform(0, 0.5)),
            "model.hidden_size": int(rng.integers(2, 12)),
            "model.cell": ("gru", "lstm", "rnn")[number % 3],
        }
        loss = 1.0 / values["model.hidden_size"] + 0.01 * rng.normal() + (0.2 if values["model.cell"] == "rnn" else 0.0)
        made.append(SweepTrial(number=number, values=values, state="complete", loss=loss))
    return [*made, SweepTrial(number=count, values=made[0].values, state="failed", reason="diverged")]


def test_influence_equals_spearman_and_finds_the_bad_cell() -> None:
    made = trials(30)
    found = {each.path: each for each in influence(made, SPACE)}
    for path in ("model.dropout", "model.hidden_size"):
        rho = spearmanr([t.values[path] for t in made[:-1]], [t.loss for t in made[:-1]]).statistic
        assert found[path].strength == pytest.approx(abs(rho), abs=1e-12)
    assert found["model.hidden_size"].direction == "larger is better"
    assert found["model.cell"].strength > 0.5
    assert [each.strength for each in influence(made, SPACE)] == sorted((each.strength for each in found.values()), reverse=True)


def test_a_word_without_influence_is_near_zero_on_average() -> None:
    rng = np.random.default_rng(0)
    strengths = []
    for _ in range(200):
        made = [
            SweepTrial(number=n, values={"model.cell": ["gru", "lstm", "rnn"][n % 3]}, state="complete", loss=x)
            for n, x in enumerate(rng.normal(size=12))
        ]
        strengths.append(influence(made, SPACE[2:])[0].strength ** 2)
    assert np.mean(strengths) < 0.09  # cut at 0, so not quite 0; uncorrected it would be 2/11 = 0.18


def test_too_few_and_too_equal_are_said() -> None:
    assert "too few" in influence(trials(4), SPACE)[0].reason
    same = [SweepTrial(number=n, values={"model.cell": "gru"}, state="complete", loss=n) for n in range(9)]
    assert "the same" in influence(same, SPACE[2:])[0].reason
    assert all(math.isnan(each.strength) for each in influence([], SPACE))


def test_the_table_in_names_and_in_words() -> None:
    plain = sweep_table(trials(3), SPACE)
    assert list(plain.columns) == ["trial", "state", "validation_loss", "model.dropout", "model.hidden_size", "model.cell", "run", "note"]
    assert list(plain["trial"]) == [1, 2, 3, 4]
    assert plain["note"].iloc[-1] == "diverged"
    assert list(sweep_table(trials(3), SPACE, words=True)["Cell"])[:2] == ["GRU", "LSTM"]
    assert list(sweep_table([], SPACE).columns) == list(plain.columns)
