import platform

import numpy as np
import pytest

from seqlab.config import RunSpec, TrainConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.errors import DataError
from seqlab.evaluation.stamp import stamp_of
from seqlab.records import Forecast
from seqlab.version import __version__

SPEC = RunSpec(dataset="electricity_taylor", window=WindowConfig(context_length=96, horizon=48, stride=5), training=TrainConfig(seed=7))


def test_a_stamp_holds_all_that_a_repetition_needs():
    data = load_dataset("electricity_taylor")
    prepared = prepare(data, SPEC)
    origins = prepared.windows("test").origins[:3]
    nothing = np.zeros((3, 48, 1))
    forecast = Forecast(model="it", targets=data.targets, origins=origins, y_pred=nothing, y_true=nothing)
    stamp = stamp_of(
        SPEC,
        data,
        prepared.bounds,
        forecast=forecast,
        formulas={"MAE": r"\frac1n"},
        seeds=[8, 9, 7],
        environment={"device": "cuda", "torch": "1.0", "python": platform.python_version()},
    )
    assert stamp.seeds == (7, 8, 9)
    assert stamp.fingerprint == data.fingerprint
    assert stamp.origins == 3
    assert {part.name: part.windows for part in stamp.parts} == prepared.window_counts
    assert stamp.trained_with == {"torch": "1.0"}
    assert stamp.versions["seqlab"] == __version__
    assert "statsmodels" in stamp.versions
    text = "\n".join(stamp.lines())
    for wanted in (data.fingerprint, "Horizon 48", "96 steps of context", "7, 8, 9", "on cuda", r"MAE = \frac1n", "3 starting points"):
        assert wanted in text
    assert all("\n" not in line for line in stamp.lines())
    assert not any("frac" in line for line in stamp.lines(formulas=False))


def test_a_stamp_of_other_data_is_refused():
    data = load_dataset("airline_passengers")
    prepared = prepare(data, RunSpec(dataset=data.key))
    with pytest.raises(DataError, match="other data"):
        stamp_of(RunSpec(dataset=data.key, fingerprint="0" * 64), data, prepared.bounds)
