"""How a choice is described, checked and written down: an option per field of a frozen dataclass.

A field's metadata (an :class:`Option`) drives the widget, the validation, the URL and the documentation, so none of
them can disagree. The choices themselves are in ``seqlab/config.py``.
"""

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, get_type_hints

from seqlab.errors import ConfigError

__all__ = ["Config", "Option", "choice_field", "number_field", "option_of", "options_of", "plain_field"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What a widget needs to know about one field.

    Args:
        label: name on the screen, sentence case, with its unit.
        help: one or two sentences for somebody who has read nothing.
        minimum, maximum: inclusive bounds of a number; ``None`` for other kinds.
        step: how far one click of the widget moves a number.
        choices: stored value → label, for a choice; ``None`` for other kinds.
        optional: whether ``None`` is allowed.
        none_label: what ``None`` means, in words.
        advanced: whether the widget belongs behind "More settings".
    """

    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: Mapping[str, str] | None = None
    optional: bool = False
    none_label: str = ""
    advanced: bool = False


def number_field(default: Any, label: str, help: str, minimum: float, maximum: float, step: float | None = None, **more: Any) -> Any:
    """A field that holds a number between two inclusive bounds."""
    option = Option(label=label, help=help, minimum=minimum, maximum=maximum, step=step, **more)
    return field(default=default, metadata={"option": option})


def choice_field(default: str, label: str, help: str, choices: Mapping[str, str], **more: Any) -> Any:
    """A field that holds one of a few words; ``choices`` maps each to its label."""
    option = Option(label=label, help=help, choices=types.MappingProxyType(dict(choices)), **more)
    return field(default=default, metadata={"option": option})


def plain_field(default: Any, label: str, help: str, **more: Any) -> Any:
    """A field whose type says everything: a switch, or a list of column names."""
    return field(default=default, metadata={"option": Option(label=label, help=help, **more)})


def options_of(config: type[Any]) -> dict[str, Option]:
    """The option of every field of a config class, in order."""
    return {f.name: f.metadata["option"] for f in fields(config) if "option" in f.metadata}


def option_of(config: type[Any], name: str) -> Option:
    """The option of one field of a config class."""
    return options_of(config)[name]


def _span(option: Option, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    text = f"{kind} from {option.minimum:g} to {option.maximum:g}"
    return f"{text}, or empty ({option.none_label})" if option.optional else text


def _checked(owner: str, name: str, value: Any, hint: Any, option: Option) -> Any:
    """``value`` in the field's own type, or a ConfigError that names field, value and bounds."""
    where = f"{owner}.{name}"
    if value is None:
        if option.optional:
            return None
        raise ConfigError(f"{where} ({option.label}) is empty. Give it a value.")
    if option.choices is not None:
        if value not in option.choices:
            raise ConfigError(f"{where} ({option.label}) is {value!r}. Choose one of: {', '.join(option.choices)}.")
        return value
    if option.minimum is not None and option.maximum is not None:
        whole = int in getattr(hint, "__args__", (hint,))
        span = _span(option, whole)
        if isinstance(value, bool) or not (isinstance(value, int | float) or hasattr(value, "__float__")):
            raise ConfigError(f"{where} ({option.label}) is {value!r}. It must be {span}.")
        number = float(value)
        if not math.isfinite(number) or not option.minimum <= number <= option.maximum or (whole and number != int(number)):
            raise ConfigError(f"{where} ({option.label}) is {value!r}. It must be {span}.")
        return int(number) if whole else number
    if hint is bool and not isinstance(value, bool):
        raise ConfigError(f"{where} ({option.label}) is {value!r}. It must be true or false.")
    if hint == tuple[str, ...]:
        if isinstance(value, str) or not all(isinstance(v, str) for v in value):
            raise ConfigError(f"{where} ({option.label}) is {value!r}. It must be a list of column names.")
        return tuple(value)
    return value


class Config:
    """What all configs share: checking on creation, and plain dictionaries both ways."""

    __slots__ = ()

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for name, option in options_of(type(self)).items():
            value = _checked(type(self).__name__, name, getattr(self, name), hints[name], option)
            object.__setattr__(self, name, value)

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        return {f.name: _plain_value(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The config those values describe.

        Raises:
            ConfigError: an unknown field, or a value out of its range.
        """
        if not isinstance(values, Mapping):
            raise ConfigError(f"{cls.__name__} is {values!r}. It must be an object with named fields.")
        hints = get_type_hints(cls)
        unknown = sorted(set(values) - set(hints))
        if unknown:
            raise ConfigError(f"{cls.__name__} has no field {', '.join(map(repr, unknown))}. Its fields are: {', '.join(hints)}.")
        made = {}
        for name, value in values.items():
            hint = hints[name]
            made[name] = hint.from_dict(value) if isinstance(hint, type) and issubclass(hint, Config) else value
        try:
            return cls(**made)
        except TypeError as error:
            raise ConfigError(f"{cls.__name__} is incomplete: {error}.") from error


def _plain_value(value: Any) -> Any:
    if isinstance(value, Config):
        return value.to_dict()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value
