"""Which settings are asked for: those that fit the data, its task, and what has been chosen so far."""

from collections.abc import Mapping
from typing import Any

from seqlab.config import DataConfig, ModelConfig, SequenceConfig, SplitConfig, TrainConfig, WindowConfig
from seqlab.data.sequence_reading import as_given
from seqlab.data.sequences import SequenceDataset
from seqlab.data.series import SeriesDataset
from seqlab.data.tokens import TokenDataset
from seqlab.models.table import CELLS
from seqlab.options import options_of
from seqlab.tasks import task_entry
from seqlab.ui.datasets import Dataset

__all__ = ["CHOSEN_FIRST", "cells_for", "not_asked", "task_of", "wording_for"]

CHOSEN_FIRST = {"model": ("network",), "split": ("method",), "sequence": ("unit",)}
"""Settings on which it depends what else is asked: part → fields. The form is drawn again when one of them changes."""

_WORDS = ("embedding_size", "spelling", "word_shape")
_CONVOLUTION = ("channels", "kernel_size", "conv_layers", "causal", "pool_length")
_RECURRENT = ("cell", "hidden_size", "num_layers", "bidirectional", "forget_bias", "chrono_length", "segment_length")
_FORECAST = ("reference", "segment_length", "head_size", "many_targets")
_SIZES = ("train_size", "validation_size", "test_size")
_WRITERS = ("lstm", "gru", "rnn")  # a decoder is run whole, which only torch's own modules can
# Where the words of the config classes are those of a series: field → label and help.
_WORDING = {
    "scaling": ("Scaling", "Of each measured feature, fitted on the training part only."),
    "train_size": ("Training part", "Below 1 a share of all sequences, from 1 on a number of them."),
    "validation_size": (
        "Validation part",
        "Decides when to stop. Below 1 a share, from 1 on a number; taken out of the training part where the split was published.",
    ),
    "test_size": ("Test part", "0 takes all that is left; else a share or a number of sequences."),
    "method": ("Split", "As it was published, or by size: shuffled, with all classes in every part and every group in one part only."),
    "bidirectional": ("Bidirectional", "A second stack reads the sequence from its end, so every step also knows what follows."),
    "epochs": ("Epochs", "Passes over the training part, at most."),
    "batch_size": ("Batch size (sequences)", "Sequences per optimizer step."),
    "minimum_count": (
        "Rarest word kept (times)",
        "Words, or characters, that the training part holds less often are all read as one: the unknown one.",
    ),
    "dropout": ("Dropout", "Share of values zeroed in training: of what is read, between layers and before the answer."),
}


def cells_for(dataset: Dataset) -> tuple[str, ...]:
    """Keys of the cells that can do the task."""
    return tuple(cell for cell in CELLS if cell in _WRITERS) if task_of(dataset) == "translate" else tuple(CELLS)


def wording_for(dataset: Dataset) -> Mapping[str, tuple[str, str]]:
    """Field → label and help, where those of the config class speak of a series and this is none."""
    return {} if isinstance(dataset, SeriesDataset) else _WORDING


def task_of(dataset: Dataset) -> str:
    """Key of the task: a series is forecast."""
    return "forecast" if isinstance(dataset, SeriesDataset) else dataset.task


def not_asked(dataset: Dataset, part: str, chosen: Mapping[str, Any]) -> frozenset[str]:
    """Fields of one part of the spec that get no widget, as they would change nothing.

    Args:
        dataset: decides the task.
        part: name of a part of the spec.
        chosen: what :data:`CHOSEN_FIRST` names, as it stands in the form: ``network``, ``method`` and ``unit``.

    Example:
        >>> from seqlab.data.catalog import load_dataset
        >>> sorted(not_asked(load_dataset("gunpoint"), "sequence", {}))
        ['lowercase', 'minimum_count', 'unit']
    """
    find = {
        "data": _data,
        "split": _split,
        "window": _window,
        "sequence": _sequence,
        "model": _model,
        "training": _training,
    }[part]
    return frozenset(find(dataset, chosen))


def _data(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    if isinstance(dataset, SeriesDataset):
        return ["targets", "past_covariates", "known_covariates"] if len(dataset.columns) == 1 else []
    scaled = isinstance(dataset, SequenceDataset) and dataset.fresh is None
    return [name for name in options_of(DataConfig) if name != "scaling" or not scaled]


def _split(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:
    if isinstance(dataset, SeriesDataset):
        return ["method"] if dataset.published_test_start is None else []
    if not dataset.parts:
        return ["method"]
    if chosen.get("method") != "published":
        return []
    # What was published stays as it is; only a validation part that nobody published has a size.
    return [name for name in options_of(SplitConfig) if name in _SIZES and (name != "validation_size" or "validation" in dataset.parts)]


def _window(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    return [] if isinstance(dataset, SeriesDataset) else list(options_of(WindowConfig))


def _sequence(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    if isinstance(dataset, SeriesDataset):
        return list(options_of(SequenceConfig))
    if not isinstance(dataset, TokenDataset):
        return ["unit", "lowercase", "minimum_count", *(["longest"] if dataset.fresh is not None else [])]
    gone = [] if len({dataset.reads_by(unit) for unit in ("word", "character")}) == 2 else ["unit"]
    if as_given(dataset):
        gone += ["lowercase", "minimum_count"]
    if dataset.fresh is not None:
        gone.append("longest")
    return gone


def _model(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:
    task = task_of(dataset)
    gone: list[str] = []
    if task != "forecast":
        gone += _FORECAST
    elif isinstance(dataset, SeriesDataset) and len(dataset.columns) == 1:
        gone.append("many_targets")
    if not isinstance(dataset, TokenDataset):
        gone += _WORDS
    elif as_given(dataset) or dataset.reads_by(str(chosen.get("unit", "word"))) == "character":
        gone += ["spelling", "word_shape"]
    if task != "tag":
        gone.append("output")
    if task != "translate":
        gone.append("attention")
    if task == "translate" or task_entry(task).per_step:
        gone += ["pooling", "pool_length"]
    return gone + _of_network("recurrent" if task == "translate" else str(chosen.get("network", "recurrent")), task)


def _of_network(network: str, task: str) -> list[str]:
    gone = ["network"] if task == "translate" else []
    if network == "recurrent":
        gone += _CONVOLUTION
    if network == "cnn":
        gone += [name for name in options_of(ModelConfig) if name in _RECURRENT]
    return gone


def _training(dataset: Dataset, chosen: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    task = task_of(dataset)
    gone = ["loss"] if task_entry(task).classes else ["class_weights"]
    if task == "translate":
        gone.append("class_weights")
    else:
        gone.append("teacher_forcing")
    return [name for name in options_of(TrainConfig) if name in gone]
