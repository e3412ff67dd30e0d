"""What the tests of runs share: a home folder of their own, a store, small specs."""

import os
from pathlib import Path

import pytest

from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.runs.store import RunStore


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home folder; workers that are started inherit it, and use one thread."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SEQLAB_HOME", str(folder))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert os.environ["SEQLAB_HOME"] == str(folder)
    return folder


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home)


@pytest.fixture
def spec() -> RunSpec:
    """Trains in a few hundredths of a second."""
    return small_spec(epochs=3)


@pytest.fixture
def long_spec() -> RunSpec:
    """Trains for some seconds, so that there is time to interfere."""
    return small_spec(epochs=80, seed=1)


@pytest.fixture
def endless_spec() -> RunSpec:
    """Does not end while a test runs."""
    return small_spec(epochs=10_000, seed=2)


def small_spec(*, epochs: int, seed: int = 0, learning_rate: float = 1e-3) -> RunSpec:
    return RunSpec(
        dataset="airline_passengers",
        window=WindowConfig(context_length=24, horizon=6),
        model=ModelConfig(hidden_size=8, head_size=8, dropout=0.1),
        training=TrainConfig(epochs=epochs, patience=0, seed=seed, learning_rate=learning_rate, schedule="cosine", device="cpu"),
    )
