"""Presets for single sequences and texts: by task, by what a step is, and by length."""

import dataclasses
from typing import Protocol

from seqlab.config import ModelConfig, RunSpec, SequenceConfig, SplitConfig, TrainConfig
from seqlab.presets.preset import Preset

__all__ = ["ENTRIES", "SequenceFacts"]

OPTIMIZER_STEPS = 2_500  # what "Good" plans for


class SequenceFacts(Protocol):
    """What a preset needs to know of sequences; ``SequenceDataset`` and ``TokenDataset`` have it."""

    @property
    def key(self) -> str:
        """Key of the data set."""

    @property
    def task(self) -> str:
        """Key of ``seqlab.tasks.TASKS``."""

    @property
    def lengths(self) -> tuple[int, ...]:
        """(sequence,) steps of each."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Published part of each sequence; empty if there are none."""

    @property
    def fresh(self) -> object | None:
        """What makes new sequences, for teaching tasks."""


def _is_text(data: SequenceFacts) -> bool:
    return hasattr(data, "unit")


def _unit(data: SequenceFacts) -> str:
    return str(getattr(data, "unit", "word"))


def _split(data: SequenceFacts) -> SplitConfig:
    return SplitConfig(method="published" if data.parts else "size")


def _sequence(data: SequenceFacts) -> SequenceConfig:
    return SequenceConfig(unit=_unit(data), lowercase=data.task == "classify" and _unit(data) == "word")


def _epochs(data: SequenceFacts, batch: int, least: int, most: int) -> int:
    steps = max(1, int(0.7 * len(data.lengths)) // batch)
    return max(least, min(most, OPTIMIZER_STEPS // steps))


def _small(data: SequenceFacts) -> RunSpec:
    """One small LSTM: its gates are few enough to be looked at one by one."""
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        sequence=_sequence(data),
        model=ModelConfig(cell="lstm", hidden_size=32, embedding_size=16),
        training=TrainConfig(epochs=_epochs(data, 32, 10, 60), batch_size=32, learning_rate=5e-3, patience=15),
    )


def _good_measured(data: SequenceFacts) -> RunSpec:
    long = max(data.lengths) > 60
    few = int(0.7 * len(data.lengths)) < 200
    batch = 16 if few else 32
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        model=ModelConfig(
            network="cnn_rnn" if long else "recurrent",
            cell="gru",
            hidden_size=32 if long else 64,
            bidirectional=True,
            dropout=0.3,
            channels=32,
            kernel_size=5,
            conv_layers=2,
            pool_length=4 if long else 1,
            pooling="mean" if long else "max",
        ),
        training=TrainConfig(
            epochs=_epochs(data, batch, 30, 100),
            batch_size=batch,
            learning_rate=5e-3,
            schedule="cosine",
            patience=0,
            weight_decay=1e-4,
            optimizer="adamw",
        ),
    )


def _good_text(data: SequenceFacts) -> RunSpec:
    words = _unit(data) == "word"
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        sequence=SequenceConfig(unit=_unit(data), lowercase=words, minimum_count=2 if words else 1, longest=80 if words else 200),
        model=ModelConfig(
            network="recurrent" if words else "cnn_rnn",
            cell="gru",
            hidden_size=32 if words else 64,
            bidirectional=True,
            dropout=0.5 if words else 0.4,
            embedding_size=64 if words else 48,
            channels=96,
            kernel_size=4,
            conv_layers=1,
            pool_length=2 if max(data.lengths) > 40 else 1,
            pooling="max",
            spelling="cnn" if words else "none",
        ),
        training=TrainConfig(epochs=8 if words else 20, batch_size=32, learning_rate=2e-3, schedule="cosine", patience=4),
    )


def _good_tags(data: SequenceFacts) -> RunSpec:
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        sequence=SequenceConfig(unit="word", lowercase=True, minimum_count=2),
        model=ModelConfig(
            cell="lstm",
            hidden_size=64,
            bidirectional=True,
            dropout=0.4,
            embedding_size=64,
            spelling="cnn",
            word_shape=True,
            output="crf" if getattr(data, "scheme", "") else "softmax",
        ),
        training=TrainConfig(epochs=15, batch_size=32, learning_rate=4e-3, schedule="cosine", patience=5),
    )


# Tried for each task; adding with 64 units, batches of 64, Adam at 3e-3, gradient clipped at 1. Epochs are of fresh sequences.
_KNOWN: dict[str, tuple[ModelConfig, TrainConfig]] = {
    "five_steps": (ModelConfig(cell="lstm", hidden_size=16), TrainConfig(epochs=20, batch_size=32, learning_rate=1e-2)),
    "adding": (ModelConfig(cell="gru", hidden_size=64), TrainConfig(epochs=60, batch_size=64, learning_rate=3e-3)),
    "copy_memory": (ModelConfig(cell="lstm", hidden_size=64), TrainConfig(epochs=20, batch_size=32, learning_rate=5e-3)),
    "counting_ab": (ModelConfig(cell="lstm", hidden_size=10), TrainConfig(epochs=25, batch_size=16, learning_rate=3e-2, schedule="cosine")),
    "counting_abc": (
        ModelConfig(cell="lstm", hidden_size=16),
        TrainConfig(epochs=40, batch_size=16, learning_rate=3e-2, schedule="cosine"),
    ),
    "temporal_order": (
        ModelConfig(cell="lstm", hidden_size=32, chrono_length=100),
        TrainConfig(epochs=15, batch_size=32, learning_rate=1e-2),
    ),
    "reber": (ModelConfig(cell="lstm", hidden_size=16), TrainConfig(epochs=15, batch_size=32, learning_rate=1e-2)),
    "flip_flop": (ModelConfig(cell="gru", hidden_size=32), TrainConfig(epochs=15, batch_size=32, learning_rate=5e-3)),
    "parity": (ModelConfig(cell="lstm", hidden_size=16), TrainConfig(epochs=15, batch_size=64, learning_rate=1e-2)),
    "moving_square": (ModelConfig(cell="lstm", hidden_size=32), TrainConfig(epochs=15, batch_size=32, learning_rate=5e-3)),
}


def _known(data: SequenceFacts) -> RunSpec:
    model, training = _KNOWN.get(data.key, (ModelConfig(), TrainConfig(batch_size=64, learning_rate=3e-3)))
    return RunSpec(dataset=data.key, split=_split(data), model=model, training=dataclasses.replace(training, patience=0, clip_norm=1.0))


def _article(data: SequenceFacts) -> RunSpec:
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        model=ModelConfig(cell="lstm", hidden_size=32, pooling="last"),
        training=TrainConfig(epochs=10, batch_size=32, learning_rate=1e-3, optimizer="adam", patience=0, clip_norm=0.0),
    )


def _writer(data: SequenceFacts) -> RunSpec:
    return RunSpec(
        dataset=data.key,
        split=_split(data),
        sequence=SequenceConfig(unit=_unit(data), lowercase=True, minimum_count=1 if _unit(data) == "character" else 2),
        model=ModelConfig(cell="gru", hidden_size=96, bidirectional=True, embedding_size=48, dropout=0.2, attention=True),
        training=TrainConfig(epochs=15, batch_size=64, learning_rate=3e-3, schedule="cosine", patience=5),
    )


def _measured_classes(data: SequenceFacts) -> bool:
    return data.task == "classify" and not _is_text(data) and data.fresh is None


def _text_classes(data: SequenceFacts) -> bool:
    return data.task == "classify" and _is_text(data)


def _text_tags(data: SequenceFacts) -> bool:
    return data.task == "tag" and _is_text(data)


def _teaching(data: SequenceFacts) -> bool:
    return data.task not in {"forecast", "translate"} and data.fresh is not None


def _small_suits(data: SequenceFacts) -> bool:
    return data.task in {"classify", "tag"} and getattr(data, "fresh", None) is None


ENTRIES = (
    Preset(
        key="small",
        label="Small and clear",
        sentence="One small LSTM that reads every step: few enough gates to look at one by one.",
        build=_small,
        suits=_small_suits,
    ),
    Preset(
        key="good_sequences",
        label="Good classifier",
        sentence="Reads both ways and averages all states; long sequences go through convolutions first.",
        build=_good_measured,
        suits=_measured_classes,
    ),
    Preset(
        key="good_text",
        label="Good text classifier",
        sentence="Learned embeddings, read both ways; the strongest state of every unit decides. Much dropout, as there are few texts.",
        build=_good_text,
        suits=_text_classes,
    ),
    Preset(
        key="good_tags",
        label="Good tagger",
        sentence="Reads both ways, with the spelling and the shape of every word; tags of entities are chosen together (CRF).",
        build=_good_tags,
        suits=_text_tags,
    ),
    Preset(
        key="known",
        label="Known to work",
        sentence="Settings with which the task is known to be solved, or to fail: change the cell and see which.",
        build=_known,
        suits=_teaching,
    ),
    Preset(
        key="article",
        label="The article's classifier",
        sentence="An LSTM of 32 units, one sigmoid, Adam, 10 epochs in batches of 32: as an introductory article sets it up.",
        build=_article,
        suits=lambda data: data.key == "five_steps",
    ),
    Preset(
        key="writer",
        label="Encoder and decoder",
        sentence="One GRU reads, another writes, with attention: it looks back at every symbol it has read.",
        build=_writer,
        suits=lambda data: data.task == "translate",
    ),
)
