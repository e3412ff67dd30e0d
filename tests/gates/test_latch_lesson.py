"""The known picture of the latch task, three seeds: a unit that writes at the cue, then shuts its input gate and keeps what it has."""

import dataclasses

import numpy as np
import pytest

import seqlab
from seqlab.data.catalog import load_dataset
from seqlab.gates.memory import memory_steps
from seqlab.gates.trace import trace_gates
from seqlab.presets import PRESETS
from seqlab.runs.bias_sweep import measure_start, trials
from seqlab.runs.examples import SHIPPED
from seqlab.training.fit import load_run

CUE = 1


def assert_latched(model, prepared):
    windows = prepared.windows("test")
    assert len(windows) * windows.x.shape[2] >= 1000, "samples enough to say something"
    trace = trace_gates(model, windows.gather(np.arange(len(windows)))[0])
    keep, write = (trace.values(gate) for gate in "fi")
    kept, shut, at_cue = keep[:, CUE:].mean(axis=(0, 1)), write[:, CUE:].mean(axis=(0, 1)), write[:, :CUE].mean(axis=(0, 1))
    latched = (kept > 0.9) & (shut < 0.1)
    assert latched.any(), (kept, shut)
    # More than where it started from: training has taught such a unit to open at the cue.
    assert (at_cue[latched] > 3 * shut[latched]).any(), (at_cue, shut)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_unit_latches(seed):
    spec = PRESETS["latch"].build(load_dataset("latch"))
    fitted = seqlab.fit(spec.replace(training=dataclasses.replace(spec.training, seed=seed, device="cpu")))
    assert seqlab.score(fitted)["mae"] < 0.06, "always forecasting 0 has 0.545; half the distance of two values is 0.1"
    assert_latched(fitted.model, fitted.prepared)


def test_a_unit_of_the_shipped_example_latches():
    fitted = load_run(SHIPPED / "latch_lstm")
    made = PRESETS["latch"].build(load_dataset("latch"))
    assert fitted.spec.replace(fingerprint="", training=made.training) == made, "the third seed: trained as the two above"
    assert fitted.spec.training.seed == 0
    assert seqlab.score(fitted)["mae"] < 0.06
    assert_latched(fitted.model, fitted.prepared)
    steps = memory_steps(trace_gates(fitted.model, fitted.prepared.windows("test").gather([0])[0]), 0, "forward")
    assert steps is not None
    assert steps.max() > 31, "it remembers for longer than the lag"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_fresh_forget_bias_of_one_remembers_for_as_long_as_it_promises(seed):
    one = next(trial for trial in trials(30, seed=seed) if trial.bias == 1)
    assert one.predicted[0] == pytest.approx(3.19, abs=0.005)
    assert measure_start(one.spec).median == pytest.approx(3.19, rel=0.1)


def test_the_trials_differ_in_nothing_but_the_bias():
    made = trials(20, seed=4)
    assert [trial.bias for trial in made] == [-2, -1, 0, 1, 2, 3, 4, 5, 6, None]
    plain = [trial.spec.replace(model=dataclasses.replace(trial.spec.model, forget_bias=None, chrono_length=None)) for trial in made]
    assert len({spec.to_json() for spec in plain}) == 1
    assert made[0].lag == 21
    low, high = made[-1].predicted
    assert low == pytest.approx(1 / np.log(2))
    assert high == pytest.approx(20.5, rel=0.01), "b = log(T - 1) gives f = (T - 1) / T, which keeps for about T steps"
