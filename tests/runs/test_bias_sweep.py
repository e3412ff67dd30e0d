"""What becomes of a run of the forget-bias experiment: its verdict, and its numbers against the same counted here."""

import dataclasses

import numpy as np
import pytest

import seqlab
from seqlab.gates.memory import memory_steps
from seqlab.gates.trace import trace_gates
from seqlab.runs.bias_sweep import MemoryTimes, Outcome, measure_outcome, measure_start, trials


def _outcome(error: float, trivial: float = 0.5) -> Outcome:
    return Outcome(times=MemoryTimes(median=1.0, longest=2.0), error=error, trivial=trivial)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.0, "solved"), (0.19, "solved"), (0.21, "partly"), (0.5, "partly"), (0.79, "partly"), (0.81, "not learned"), (3.0, "not learned")],
)
def test_the_verdict_compares_the_error_with_that_of_forecasting_0(share: float, verdict: str) -> None:
    for trivial in (0.5, 2.0):
        assert _outcome(share * trivial, trivial).verdict == verdict


def test_without_an_error_or_anything_to_compare_it_with_there_is_no_verdict() -> None:
    for outcome in (_outcome(np.nan), _outcome(0.1, np.nan), _outcome(0.1, 0.0)):
        assert outcome.verdict == ""
    assert _outcome(np.inf).verdict == "not learned"


@pytest.fixture(scope="module")
def fitted():
    spec = trials(2, seed=1)[5].spec
    return seqlab.fit(spec.replace(training=dataclasses.replace(spec.training, epochs=1)))


def _steps(model, windows) -> np.ndarray:
    chosen = np.unique(np.linspace(0, len(windows) - 1, 64).astype(int))
    return memory_steps(trace_gates(model, windows.gather(chosen)[0]), 0, "forward")


def test_an_outcome_is_measured_on_the_test_part(fitted) -> None:
    windows = fitted.prepared.windows("test")
    assert len(windows) >= 64
    found, steps = measure_outcome(fitted), _steps(fitted.model, windows)
    y = windows.gather(np.arange(len(windows)))[2]
    assert found.trivial == pytest.approx(sum(abs(float(value)) for value in y.ravel()) / y.size)
    assert found.error == seqlab.score(fitted)["mae"]
    assert found.times == MemoryTimes(median=float(np.median(steps)), longest=max(steps.tolist()))
    assert found.times.median < found.times.longest


def test_a_start_is_measured_before_any_step_of_training(fitted) -> None:
    spec = trials(2, seed=1)[5].spec
    start, trained = measure_start(spec), measure_outcome(fitted).times
    assert start.median == pytest.approx(20.6, rel=0.2), "a bias of 3"
    assert start != trained
