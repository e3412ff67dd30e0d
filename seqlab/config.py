"""Every choice a user can make, as frozen dataclasses.

A hyperparameter is one field; what its metadata is for stands in ``seqlab/options.py``.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seqlab.errors import ConfigError
from seqlab.options import Config, choice_field, number_field, plain_field

__all__ = [
    "BacktestConfig",
    "CompareConfig",
    "DataConfig",
    "ModelConfig",
    "RunSpec",
    "SequenceConfig",
    "SplitConfig",
    "TrainConfig",
    "WindowConfig",
]

SPEC_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConfig(Config):
    """Which columns are used, and how they are prepared."""

    targets: tuple[str, ...] = plain_field((), "Target columns", "What is forecast. Empty means the data set's own target.")
    past_covariates: tuple[str, ...] = plain_field(
        (), "Past covariates", "Columns the model reads up to the forecast's start, but whose future nobody knows."
    )
    known_covariates: tuple[str, ...] = plain_field(
        (), "Known-ahead covariates", "Columns whose future is known when the forecast is made: a holiday, a plan."
    )
    calendar: bool = plain_field(
        False, "Calendar features", "Phase of day, week and year, computed from the dates: known ahead for every step."
    )
    missing: str = choice_field(
        "previous",
        "Missing values",
        "How a gap in the inputs is filled. A missing target is never trained on and never scored.",
        {
            "previous": "Repeat the last value",
            "seasonal": "Repeat the value one season earlier",
            "interpolate": "Straight line across the gap (looks ahead)",
            "skip": "Leave out every window that touches a gap",
        },
    )
    transform: str = choice_field(
        "none",
        "Transform",
        "A logarithm turns growth in percent into growth in steps; it needs values above zero.",
        {"none": "None", "log": "Logarithm"},
    )
    scaling: str = choice_field(
        "standard",
        "Scaling",
        "Fitted on the training part only.",
        {"standard": "Mean 0, standard deviation 1", "minmax": "Smallest 0, largest 1", "none": "None"},
        advanced=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitConfig(Config):
    """Where train, validation and test part begin; always in time order."""

    method: str = choice_field(
        "size",
        "Split",
        "By size in time order, or by the data set's own published split where it has one.",
        {"size": "By size", "published": "The data set's published split"},
    )
    train_size: float = number_field(0.7, "Training part", "Below 1 a share of all rows, from 1 on a number of rows.", 0.05, 1e9, 0.05)
    validation_size: float = number_field(
        0.15,
        "Validation part",
        "Follows the training part; decides when to stop. Below 1 a share of all rows, from 1 on a number of rows.",
        0.01,
        1e9,
        0.05,
    )
    test_size: float = number_field(
        0.0,
        "Test part",
        "Follows the validation part. 0 takes all that is left; else a share or a number of rows.",
        0.0,
        1e9,
        0.05,
        advanced=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowConfig(Config):
    """What one training example looks like."""

    context_length: int = number_field(
        36, "Context length (steps)", "How many past steps the model reads before it forecasts.", 1, 100_000, 1
    )
    horizon: int = number_field(12, "Horizon (steps)", "How many steps ahead it forecasts, all at once.", 1, 10_000, 1)
    stride: int = number_field(1, "Stride (steps)", "Distance between the starts of two training windows.", 1, 10_000, 1, advanced=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceConfig(Config):
    """How single sequences and texts are read; a series has windows instead."""

    unit: str = choice_field(
        "word",
        "Read text by",
        "Words know meanings but not spellings; characters know endings such as -ova, and are never unknown.",
        {"word": "Word", "character": "Character"},
    )
    lowercase: bool = plain_field(True, "Lower case", "Reads Paris and paris as the same word. The shape of a word is kept beside it.")
    minimum_count: int = number_field(
        2, "Rarest word kept (times)", "Words that the training part holds less often are read as one: the unknown word.", 1, 1_000, 1
    )
    longest: int = number_field(
        400, "Longest sequence (steps)", "Longer ones are cut: their first steps are kept.", 1, 100_000, 10, advanced=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig(Config):
    """The network: what reads the input, a recurrent stack, and a head that answers."""

    network: str = choice_field(
        "recurrent",
        "Network",
        "Recurrent layers carry a memory from step to step. Convolutions look at a few neighbouring steps at once. Both can be combined.",
        {
            "recurrent": "Recurrent",
            "cnn": "Convolution only (no gates)",
            "cnn_rnn": "Convolution, then recurrent",
            "rnn_cnn": "Recurrent, then convolution",
        },
    )
    cell: str = plain_field("lstm", "Cell", "The kind of recurrent cell; a key of seqlab.CELLS.")
    hidden_size: int = number_field(32, "Hidden size (units)", "Units per layer: the width of the memory.", 1, 512, 8)
    num_layers: int = number_field(1, "Layers", "Recurrent layers stacked on each other.", 1, 4, 1)
    bidirectional: bool = plain_field(
        False, "Bidirectional", "A second stack reads the context backwards. The forecast's future stays unseen."
    )
    dropout: float = number_field(
        0.0, "Dropout", "Share of outputs zeroed in training, between layers and before the head.", 0.0, 0.9, 0.05
    )
    forget_bias: float | None = number_field(
        None,
        "Forget-gate bias",
        "Cells with a forget gate f only. A larger start value makes the cell keep its memory longer: 1 keeps 73 % per step, 3 keeps 95 %.",
        -10.0,
        10.0,
        0.5,
        optional=True,
        none_label="torch's random start, about 0",
        advanced=True,
    )
    chrono_length: int | None = number_field(
        None,
        "Chrono initialisation (longest lag, steps)",
        "Gates that keep start spread over memories from 1 step to this many, and gates that write start as far shut. "
        "Leave the forget-gate bias empty then.",
        3,
        1_000_000,
        1,
        optional=True,
        none_label="off",
        advanced=True,
    )
    reference: str = choice_field(
        "last",
        "Forecast as the difference from",
        "The network predicts what to add to this path. A good reference saves it from learning the obvious.",
        {
            "none": "Nothing (predict the level itself)",
            "last": "The last value",
            "seasonal": "The value one season earlier",
            "mean": "The mean of the context",
        },
    )
    segment_length: int = number_field(
        1,
        "Segment (steps per recurrent step)",
        "Feeds several time steps as one recurrent step: faster, and one gate column per day if a segment is a day.",
        1,
        10_000,
        1,
        advanced=True,
    )
    head_size: int = number_field(
        32, "Head size (units)", "Width of the layer that turns the last state into the forecast; 0 for none.", 0, 512, 8, advanced=True
    )
    channels: int = number_field(32, "Filters", "Width of a convolution: how many patterns each layer looks for.", 1, 512, 8)
    kernel_size: int = number_field(3, "Filter length (steps)", "How many neighbouring steps a filter sees at once.", 1, 64, 1)
    conv_layers: int = number_field(
        2, "Convolution layers", "Each layer looks twice as far as the one below it (dilation 1, 2, 4, …).", 1, 8, 1, advanced=True
    )
    causal: bool = plain_field(
        False, "Causal filters", "A filter sees its step and earlier ones only; else as many steps after it as before.", advanced=True
    )
    pool_length: int = number_field(
        1, "Pooling (steps)", "Keeps the largest of so many neighbouring steps; 1 keeps every step.", 1, 64, 1, advanced=True
    )
    pooling: str = choice_field(
        "last",
        "Read out",
        "What the head sees of a whole sequence: the state after its last step, or all states in one.",
        {"last": "The last state", "mean": "The mean of all states", "max": "The largest of all states", "attention": "Learned weights"},
    )
    embedding_size: int = number_field(32, "Embedding size", "How many numbers stand for a word or a character.", 1, 512, 8)
    spelling: str = choice_field(
        "none",
        "Spelling of a word",
        "A small network reads the characters of every word, so that an unknown word still says something.",
        {"none": "Not read", "cnn": "Convolution over characters", "lstm": "LSTM over characters"},
    )
    word_shape: bool = plain_field(False, "Shape of a word", "Tells the network of capitals, digits and punctuation in every word.")
    output: str = choice_field(
        "softmax",
        "Tags are chosen",
        "One by one, or together: a conditional random field (CRF) also learns which tag may follow which.",
        {"softmax": "Each by itself", "crf": "Together (CRF)"},
    )
    attention: bool = plain_field(
        True, "Attention", "The decoder looks back at all states of the encoder while it writes, not only at the last one."
    )
    many_targets: str = choice_field(
        "shared",
        "Several targets",
        "One set of weights that reads each column by itself, or one input with all columns side by side.",
        {"shared": "Shared weights, one column at a time", "joint": "One multivariate input"},
        advanced=True,
    )

    def __post_init__(self) -> None:
        super(ModelConfig, self).__post_init__()
        if self.forget_bias is not None and self.chrono_length is not None:
            raise ConfigError(
                f"ModelConfig.forget_bias is {self.forget_bias:g} and ModelConfig.chrono_length is {self.chrono_length}, but both set the "
                "start of the same biases. Give one of them, and leave the other empty."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig(Config):
    """How the network is trained."""

    epochs: int = number_field(50, "Epochs", "Passes over the training windows, at most.", 1, 10_000, 10)
    batch_size: int = number_field(32, "Batch size (windows)", "Windows per optimizer step.", 1, 65_536, 16)
    learning_rate: float = number_field(1e-3, "Learning rate", "Size of an optimizer step.", 1e-8, 10.0, 1e-4)
    optimizer: str = choice_field(
        "adam",
        "Optimizer",
        "The rule that turns gradients into steps.",
        {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"},
    )
    weight_decay: float = number_field(0.0, "Weight decay", "Pulls weights toward zero.", 0.0, 1.0, 1e-4, advanced=True)
    momentum: float = number_field(0.9, "Momentum", "SGD and RMSprop only.", 0.0, 0.999, 0.05, advanced=True)
    schedule: str = choice_field(
        "constant",
        "Learning-rate schedule",
        "How the learning rate changes over the epochs.",
        {"constant": "Constant", "cosine": "Cosine to zero", "step": "Halved in steps", "plateau": "Halved when validation stalls"},
    )
    loss: str = choice_field(
        "mse",
        "Loss",
        "What training makes small, on scaled values.",
        {"mse": "Mean squared error", "mae": "Mean absolute error", "huber": "Huber"},
    )
    class_weights: str = choice_field(
        "none",
        "Class weights",
        "Balanced: an error on a rare class costs as much more as the class is rarer.",
        {"none": "All sequences count the same", "balanced": "All classes count the same"},
    )
    teacher_forcing: float = number_field(
        1.0,
        "Teacher forcing (share)",
        "How often the decoder is told the right symbol before it writes the next one; else it reads its own.",
        0.0,
        1.0,
        0.1,
        advanced=True,
    )
    clip_norm: float = number_field(
        1.0, "Gradient clipping (norm)", "Longer gradients are shortened to this norm; 0 switches it off.", 0.0, 1e6, 0.5, advanced=True
    )
    patience: int = number_field(
        10, "Early stopping (epochs)", "Stops after this many epochs without a better validation loss; 0 never stops early.", 0, 10_000, 5
    )
    seed: int = number_field(0, "Seed", "The same seed and settings repeat a run exactly.", 0, 2**31 - 1, 1)
    device: str = choice_field(
        "auto",
        "Device",
        "Automatic takes CUDA, then MPS, then the CPU.",
        {"auto": "Automatic", "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"},
        advanced=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareConfig(Config):
    """What a trained network is compared with, and how much that may take."""

    baselines: tuple[str, ...] = plain_field((), "Baselines", "Keys of seqlab.BASELINES; empty means all of them.")
    seeds: int = number_field(
        3,
        "Seeds of the network",
        "The same network is trained again from other random starts: one lucky seed is no result. 1 trains none.",
        1,
        20,
        1,
    )
    seconds: float = number_field(
        60.0,
        "Budget per baseline (s)",
        "A baseline that searches stops then with the best it has found, and says so.",
        1.0,
        3600.0,
        10.0,
    )
    intervals: bool = plain_field(
        True,
        "Intervals",
        "Every model also forecasts the validation part; its errors there say how wide an honest interval must be.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestConfig(Config):
    """How a backtest is laid out: from which rows it forecasts, and what every model may learn from before each of them."""

    folds: int = number_field(
        5, "Folds", "How many starting points are forecast from. Five or more show whether a model is good by luck.", 1, 100, 1
    )
    horizon: int | None = number_field(
        None,
        "Horizon (steps)",
        "How many steps are forecast from every starting point.",
        1,
        10_000,
        1,
        optional=True,
        none_label="that of the run",
    )
    spacing: int | None = number_field(
        None,
        "Distance of starting points (steps)",
        "How far a starting point lies from the next.",
        1,
        1_000_000,
        1,
        optional=True,
        none_label="one horizon, or less where the data is too short for that",
    )
    window: str = choice_field(
        "expanding",
        "Rows to learn from",
        "Before every starting point: all rows there are, so that later folds know more, or always the same number of the newest ones.",
        {"expanding": "All before it (expanding)", "sliding": "The newest ones (sliding)"},
    )
    window_length: int | None = number_field(
        None,
        "Sliding window (rows)",
        "How many of the newest rows; only for a sliding window.",
        1,
        1_000_000_000,
        1,
        optional=True,
        none_label="as many as come before the first fold",
    )
    fitting: str = choice_field(
        "refit",
        "Baselines",
        "Fitted anew before every fold, or fitted once before the first fold and then only following the values.",
        {"refit": "Fitted again in each fold", "update": "Fitted once, then updated"},
    )
    networks: str = choice_field(
        "keep",
        "Network",
        "With its weights kept, all folds must lie in the run's test part. Trained again, folds may lie earlier, but each costs a whole "
        "training.",
        {"keep": "Keeps its weights", "train": "Trained again in each fold"},
    )
    strategy: str = choice_field(
        "direct",
        "Several steps ahead",
        "The network forecasts all steps at once; or a block of steps, and then reads its own forecast as if it had been observed.",
        {"direct": "All at once (direct)", "recursive": "Block by block (recursive)", "both": "Both ways, side by side"},
    )
    block: int = number_field(
        1, "Block (steps)", "Steps kept of each forecast before the next; only for the recursive strategy.", 1, 10_000, 1, advanced=True
    )
    seeds: int = number_field(
        1,
        "Seeds of the network",
        "Trained again only: so many networks from different random starts, each of them trained in every fold.",
        1,
        20,
        1,
        advanced=True,
    )
    seconds: float = number_field(
        60.0,
        "Budget per baseline (s)",
        "For all folds together. A baseline that searches stops then with the best it has found, and says so.",
        1.0,
        3600.0,
        10.0,
        advanced=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec(Config):
    """Everything needed to repeat a run. JSON both ways, never pickled.

    Args:
        dataset: key of ``seqlab.DATASETS``, or ``upload:<fingerprint>`` for a stored upload.
        dataset_options: parameters of a generated data set.
        fingerprint: SHA-256 of the data the run was made with; empty until it is first opened.

    Raises:
        ConfigError: a value out of its range, or two that contradict each other.

    Example:
        >>> spec = RunSpec(dataset="airline_passengers", window=WindowConfig(context_length=36, horizon=12))
        >>> RunSpec.from_json(spec.to_json()) == spec
        True
    """

    dataset: str
    dataset_options: Mapping[str, int | float | str] = field(default_factory=dict)
    fingerprint: str = ""
    data: DataConfig = field(default_factory=DataConfig)
    split: SplitConfig = field(default_factory=SplitConfig)
    window: WindowConfig = field(default_factory=WindowConfig)
    sequence: SequenceConfig = field(default_factory=SequenceConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        if not isinstance(self.dataset, str) or not self.dataset:
            raise ConfigError(f"RunSpec.dataset is {self.dataset!r}. Give the key of a data set, such as 'airline_passengers'.")
        if self.window.context_length % self.model.segment_length:
            raise ConfigError(
                f"The context of {self.window.context_length} steps cannot be cut into segments of {self.model.segment_length}. "
                "Choose a context that is a multiple of the segment."
            )

    def to_json(self) -> str:
        """One line of JSON; equal specs give equal text."""
        return json.dumps({"format": SPEC_FORMAT, **self.to_dict()}, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        """The spec written by :meth:`to_json`.

        Raises:
            ConfigError: not JSON, another format, an unknown field, or a value out of its range.
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise ConfigError(f"This run spec is not JSON: {error}. Give the text of a spec.json.") from error
        if not isinstance(values, dict) or values.pop("format", None) != SPEC_FORMAT:
            raise ConfigError(f"This run spec has another format. This seqlab reads format {SPEC_FORMAT}; train the run again to open it.")
        return cls.from_dict(values)

    def replace(self, **changes: Any) -> "RunSpec":
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)
