"""Every data set of sequences or texts trains with the preset meant to be good, and its gates open; so does every network."""

import dataclasses

import numpy as np
import pytest

from seqlab.config import ModelConfig, RunSpec, SplitConfig, TrainConfig
from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.errors import TraceError
from seqlab.gates.trace import trace_gates
from seqlab.presets import presets_for
from seqlab.training.session import TrainingSession


@pytest.mark.parametrize("key", [key for key, entry in DATASETS.items() if entry.task != "forecast"])
def test_one_step_of_training_and_every_gate(key: str) -> None:
    dataset = load_dataset(key)
    spec = list(presets_for(dataset).values())[-1].build(dataset)
    session = TrainingSession.start(spec.replace(training=dataclasses.replace(spec.training, batch_size=8, epochs=1)), threads=1)
    assert min(session.prepared.window_counts.values()) >= 5
    assert np.isfinite(next(iter(session.events())).train_loss)
    x, _, _ = session.prepared.windows("test").gather([0, 1])
    trace = trace_gates(session.state.network, x)
    assert trace.max_error < 1e-5
    assert np.isfinite(trace.values("h")[:, 0]).all()


@pytest.mark.parametrize(
    ("network", "pooling"),
    [("recurrent", "last"), ("recurrent", "mean"), ("cnn", "max"), ("cnn_rnn", "last"), ("rnn_cnn", "attention"), ("rnn_cnn", "last")],
)
def test_every_network_learns_something_and_opens(network: str, pooling: str) -> None:
    spec = RunSpec(
        dataset="five_steps",
        split=SplitConfig(method="published"),
        model=ModelConfig(network=network, pooling=pooling, hidden_size=8, channels=8, conv_layers=1),
        training=TrainConfig(epochs=2, batch_size=64, learning_rate=1e-2, patience=0),
    )
    session = TrainingSession.start(spec, threads=1)
    for _ in session.events():
        pass
    assert session.history[-1].validation_loss < session.history[0].validation_loss
    assert session.history[-1].validation_accuracy is not None
    fitted = session.fitted()
    x, _, _ = fitted.prepared.windows("test").gather([0, 1, 2])
    assert np.allclose(np.asarray(fitted.predict(x)).sum(axis=-1), 1)
    if network == "cnn":
        with pytest.raises(TraceError, match="convolutions only"):
            trace_gates(fitted.model, x)
    else:
        assert trace_gates(fitted.model, x).max_error < 1e-5
