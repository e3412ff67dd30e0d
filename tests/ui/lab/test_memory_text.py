"""How long units remember, where a gate never closes and where weights are no numbers: no nonsense about 37 % after that."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from seqlab.ui.lab import memory_times, pair_view, trace_view, training_view

NOWHERE = {np.inf: "never forgets in these windows: all of what was stored is left", np.nan: "is unknown, as the weights are no numbers"}


def keeping(bench, value):
    """The bench with a forget gate that has this value throughout."""
    gates = {key: np.full_like(values, value) if key[2] == "f" else values for key, values in bench.trace.gates.items()}
    return dataclasses.replace(bench, opened=dataclasses.replace(bench.opened, trace=dataclasses.replace(bench.trace, gates=gates)))


@pytest.mark.parametrize("steps", NOWHERE)
def test_the_trace_says_it(example, monkeypatch, steps):
    monkeypatch.setattr(trace_view, "memory_steps", lambda *_: np.full(16, steps))
    said = " ".join(trace_view._reading(example, shown=16))
    assert f"nit 0 {'remembers ' if np.isnan(steps) else ''}{NOWHERE[steps]} (τ" in said
    assert "37 %" not in said


def memory_of(steps):
    times = np.full(16, steps)
    return SimpleNamespace(timescale=times, half_life=times, horizon=times, predicted=None, samples=9)


@pytest.mark.parametrize("steps", NOWHERE)
def test_the_memory_view_says_it(example, steps):
    said = memory_times._memory_reading(example, memory_of(steps), memory_of(steps), {"season": 12.0})
    assert NOWHERE[steps] in said[0]
    assert "37 %" not in " ".join(said)
    if np.isnan(steps):
        assert said[1:] == ["16 of 16 units cannot be measured: the weights are no numbers."]
    else:
        assert "16 units still have 5 % or more left after one season" in said[1]
        assert said[-1].startswith("16 never forget in these windows")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (np.inf, "Unit 0 remembers longest: without end (before training: 2.0 steps); the middle unit: without end."),
        (np.nan, "How long its units remember is unknown, as the weights are no numbers."),
        (1.0, "Unit 0 remembers longest: 1.0 step (before training: 2.0 steps); the middle unit: 1.0 step."),
    ],
)
def test_the_story_of_the_training_says_it(example, steps, said):
    times = np.stack([np.full(16, 2.0), np.full(16, steps)])
    story = SimpleNamespace(steps=np.array([0, 9]), loss=np.ones(2), timescale=times, left_after=lambda lag: np.ones(2))
    assert said in training_view._reading(example, story, 1)


def test_the_table_of_two_models_says_it(example, monkeypatch):
    assert pair_view._numbers(keeping(example, 1.0))["Longest timescale"] == "without end"
    monkeypatch.setattr(pair_view, "memory_steps", lambda *_: np.array([1.0, np.nan]))
    assert pair_view._numbers(example)["Longest timescale"] == "unknown, as the weights are no numbers"
