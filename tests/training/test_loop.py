"""The loop: it repeats bit for bit, resumes bit for bit, stops early, and says when it diverges."""

import dataclasses
import functools
import itertools
import math
from pathlib import Path

import pytest
import torch

from seqlab.config import DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.errors import CheckpointError, ConfigError, DataError, MemoryLimitError
from seqlab.records import BatchProgress, EpochRecord
from seqlab.training.fit import fit, load, train
from seqlab.training.session import TrainingSession


def spec(**changes: object) -> RunSpec:
    training = {"epochs": 3, "batch_size": 16, "learning_rate": 3e-3, "patience": 0, "device": "cpu"} | changes.pop("training", {})
    model = {"hidden_size": 4, "head_size": 4} | changes.pop("model", {})
    return RunSpec(
        dataset="airline_passengers",
        window=WindowConfig(context_length=24, horizon=6),
        model=ModelConfig(**model),
        training=TrainConfig(**training),
        **changes,
    )


@functools.cache
def uninterrupted(optimizer: str) -> TrainingSession:
    session = TrainingSession.start(spec(model={"dropout": 0.3}, training={"optimizer": optimizer, "schedule": "cosine"}))
    for _ in session.events():
        pass
    return session


def curve(records: object) -> list[tuple[float, ...]]:
    return [(r.epoch, r.step, r.train_loss, r.validation_loss, r.learning_rate, r.gradient_norm) for r in records]


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_same_spec_and_seed_give_the_same_losses_to_the_last_bit(cell: str) -> None:
    wanted = spec(model={"cell": cell, "num_layers": 2, "dropout": 0.2})
    first, second = curve(train(wanted)), curve(train(wanted))
    assert first == second
    assert first != curve(train(spec(model={"cell": cell, "num_layers": 2, "dropout": 0.2}, training={"seed": 1})))


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
@pytest.mark.parametrize("stop_after", [0, 1, 5, 6, 7])
def test_a_run_left_after_any_batch_goes_on_bit_for_bit(tmp_path: Path, optimizer: str, stop_after: int) -> None:
    whole = uninterrupted(optimizer)
    left = TrainingSession.start(whole.spec)
    for _ in itertools.islice(left.events(), stop_after):
        pass
    left.save_checkpoint(tmp_path / "checkpoint.safetensors")
    resumed = TrainingSession.resume(left.spec, tmp_path / "checkpoint.safetensors")
    for _ in resumed.events():
        pass
    assert curve(resumed.history) == curve(whole.history)
    for name, value in whole.state.network.state_dict().items():
        assert torch.equal(value, resumed.state.network.state_dict()[name]), name
    for name, value in whole.state.best_weights.items():
        assert torch.equal(value, resumed.state.best_weights[name]), name


def test_progress_comes_after_every_batch_and_the_first_one_has_a_loss() -> None:
    events = list(TrainingSession.start(spec(training={"epochs": 1})).events())
    progress = [e for e in events if isinstance(e, BatchProgress)]
    assert [p.batch for p in progress] == list(range(1, progress[0].batches + 1))
    assert math.isfinite(progress[0].train_loss)
    assert isinstance(events[-1], EpochRecord)


def test_early_stopping_keeps_the_best_weights() -> None:
    fitted = fit(spec(training={"epochs": 300, "patience": 2, "learning_rate": 0.1}))
    assert fitted.outcome == "early_stopped"
    losses = [r.validation_loss for r in fitted.history]
    best = losses.index(min(losses))
    assert fitted.history[best].best
    assert len(losses) == best + 1 + 2
    assert f"epoch {best + 1}" in fitted.message


def test_a_loss_that_is_no_number_ends_the_run_as_diverged_with_the_last_good_weights() -> None:
    session = TrainingSession.start(spec(training={"epochs": 50, "optimizer": "sgd", "learning_rate": 0.01}))
    events = session.events()
    while not isinstance(next(events), EpochRecord):
        pass
    good = {name: value.clone() for name, value in session.state.best_weights.items()}
    with torch.no_grad():
        session.state.network.head.direct.bias.fill_(float("inf"))
    list(events)
    assert session.outcome == "diverged"
    assert "step 6 (epoch 2, batch 1 of 5)" in session.message
    assert "weights of epoch 1 are kept" in session.message
    for name, value in session.fitted().model.state_dict().items():
        assert torch.equal(value, good[name])


def test_a_model_stopped_in_its_first_epoch_has_the_weights_of_that_moment() -> None:
    session = TrainingSession.start(spec())
    next(session.events())
    for name, value in session.fitted().model.state_dict().items():
        assert torch.equal(value, session.state.network.state_dict()[name])


def test_the_best_weights_are_what_is_returned_stored_and_opened(tmp_path: Path) -> None:
    fitted = fit(spec())
    fitted.save(tmp_path / "model.safetensors")
    opened = load(tmp_path / "model.safetensors", fitted.spec)
    x, _, _ = fitted.prepared.windows("validation").gather([0, 1])
    assert (fitted.predict(x) == opened.predict(x)).all()
    assert opened.history == fitted.history
    assert fitted.predict(x).shape == (2, 6, 1)
    assert 50 < fitted.predict(x).mean() < 1000, "forecasts come in passengers, not in scaled units"


def test_a_checkpoint_of_another_spec_or_a_broken_one_is_refused(tmp_path: Path) -> None:
    session = TrainingSession.start(spec())
    session.save_checkpoint(tmp_path / "c.safetensors")
    with pytest.raises(CheckpointError, match="another run"):
        TrainingSession.resume(spec(training={"seed": 5}), tmp_path / "c.safetensors")
    (tmp_path / "broken.safetensors").write_bytes((tmp_path / "c.safetensors").read_bytes()[:50])
    with pytest.raises(CheckpointError, match="cannot be read"):
        TrainingSession.resume(session.spec, tmp_path / "broken.safetensors")
    with pytest.raises(CheckpointError, match="cannot be read"):
        TrainingSession.resume(session.spec, tmp_path / "missing.safetensors")
    with pytest.raises(CheckpointError, match="seqlab model 1 is wanted"):
        load(tmp_path / "c.safetensors", session.spec)


def test_data_that_changed_since_is_refused() -> None:
    with pytest.raises(DataError, match="has changed since"):
        TrainingSession.start(spec(fingerprint="0" * 64))


def test_a_run_that_cannot_fit_into_memory_is_refused_with_the_numbers() -> None:
    huge = dataclasses.replace(
        spec(training={"batch_size": 65_536}),
        dataset="metro_traffic",
        window=WindowConfig(context_length=8_000, horizon=24),
        model=ModelConfig(hidden_size=512, num_layers=4, bidirectional=True),
    )
    with pytest.raises(MemoryLimitError, match=r"would need about \S+ [GT]B .* free on the CPU"):
        TrainingSession.start(huge)


def test_a_device_this_machine_lacks_is_refused() -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(ConfigError, match="no device 'cuda'"):
        TrainingSession.start(spec(training={"device": "cuda"}))


def test_missing_targets_are_neither_trained_on_nor_counted() -> None:
    gappy = RunSpec(
        dataset="co2_weekly",
        data=DataConfig(missing="previous"),
        window=WindowConfig(context_length=8, horizon=4),
        model=ModelConfig(hidden_size=2),
        training=TrainConfig(epochs=1, batch_size=512, device="cpu"),
    )
    fitted = fit(gappy)
    assert math.isfinite(fitted.history[0].train_loss)
    assert math.isfinite(fitted.history[0].validation_loss)


def test_preview_forecasts_the_validation_part_in_the_datas_own_units() -> None:
    preview = TrainingSession.start(spec()).preview()
    assert preview.y_pred.shape[1:] == (6, 1)
    assert 100 < preview.y_pred.mean() < 1000
