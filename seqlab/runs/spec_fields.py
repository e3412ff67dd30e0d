"""The settings of a run one by one: their names, labels and values in words, taken from the config classes."""

from collections.abc import Sequence
from typing import Any

from seqlab.config import DataConfig, ModelConfig, RunSpec, SequenceConfig, SplitConfig, TrainConfig, WindowConfig
from seqlab.models.table import CELLS
from seqlab.options import Option, options_of

__all__ = ["SEED", "change_fields", "differing", "field_label", "field_option", "short_label", "short_value", "spec_values", "value_text"]

SEED = "training.seed"

_PARTS: dict[str, type[Any]] = {
    "data": DataConfig,
    "split": SplitConfig,
    "window": WindowConfig,
    "sequence": SequenceConfig,
    "model": ModelConfig,
    "training": TrainConfig,
}


def spec_values(spec: RunSpec) -> dict[str, Any]:
    """Every setting of a run by its path, such as ``model.hidden_size``; the fingerprint, which is no choice, is left out.

    Example:
        >>> spec_values(RunSpec(dataset="sunspots"))["model.hidden_size"]
        32
    """
    values: dict[str, Any] = {"dataset": spec.dataset}
    values |= {f"dataset_options.{name}": value for name, value in spec.dataset_options.items()}
    for part, config in _PARTS.items():
        chosen = getattr(spec, part)
        values |= {f"{part}.{name}": getattr(chosen, name) for name in options_of(config)}
    return values


def differing(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    """Paths of the settings that are not the same in all specs, in the order of the config classes.

    Example:
        >>> one = RunSpec(dataset="sunspots")
        >>> differing([one, change_fields(one, {"model.cell": "gru"})])
        ('model.cell',)
    """
    flat = [spec_values(spec) for spec in specs]
    paths = dict.fromkeys(path for values in flat for path in values)
    return tuple(path for path in paths if any(values.get(path) != flat[0].get(path) for values in flat))


def change_fields(spec: RunSpec, changes: dict[str, Any]) -> RunSpec:
    """A copy of a spec with some settings, named by their paths, changed.

    Raises:
        ConfigError: a value out of its range, or two that contradict each other.
    """
    parts: dict[str, dict[str, Any]] = {}
    for path, value in changes.items():
        part, _, name = path.partition(".")
        parts.setdefault(part, getattr(spec, part).to_dict())[name] = value
    return spec.replace(**{part: _PARTS[part].from_dict(values) for part, values in parts.items()})


def field_option(path: str) -> Option | None:
    """What the config class says about a setting; ``None`` for the data set and its own options."""
    part, _, name = path.partition(".")
    return options_of(_PARTS[part]).get(name) if part in _PARTS else None


def field_label(path: str) -> str:
    """The name of a setting on the screen.

    Example:
        >>> field_label("training.learning_rate"), field_label("dataset_options.gap")
        ('Learning rate', 'Data set: gap')
    """
    option = field_option(path)
    if option is not None:
        return option.label
    return "Data set" if path == "dataset" else f"Data set: {path.partition('.')[2].replace('_', ' ')}"


def short_label(path: str) -> str:
    """The name of a setting where there is little room: without its unit.

    Example:
        >>> short_label("model.hidden_size"), short_label("model.reference")
        ('Hidden size', 'Reference')
    """
    return "Reference" if path == "model.reference" else field_label(path).partition(" (")[0]


def short_value(path: str, value: Any) -> str:
    """A value where there is little room: words as the library calls them.

    Example:
        >>> short_value("model.reference", "last"), short_value("model.bidirectional", True)
        ('last', 'yes')
    """
    return value if isinstance(value, str) else value_text(path, value)


def value_text(path: str, value: Any) -> str:
    """A value in words.

    Example:
        >>> value_text("model.cell", "gru"), value_text("training.learning_rate", 0.00123456), value_text("model.bidirectional", True)
        ('GRU', '0.001235', 'yes')
    """
    option = field_option(path)
    if value is None:
        return option.none_label if option is not None and option.none_label else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if path == "model.cell" and value in CELLS:
        return CELLS[value].label
    if option is not None and option.choices is not None:
        return option.choices.get(value, str(value))
    if isinstance(value, tuple):
        return ", ".join(value) or "the data set's own"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
