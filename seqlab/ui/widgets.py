"""Hyperparameter widgets, drawn from the metadata of the config dataclasses.

The widgets do not rerun the page (``on_change="ignore"``): what they hold arrives with the next click on a
button. They carry no limits of their own either. A browser would silently keep the last allowed value of
a field whose text it refuses; so the number travels as typed, and the config class answers with a sentence.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

import streamlit as st

from seqlab.options import Option, options_of

__all__ = ["Group", "draw", "draw_groups", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The widgets of one config.

    Args:
        config_class: a dataclass of ``seqlab.config``.
        current: an instance with the values to start from.
        key: what keeps these widgets apart from others on the page; another key starts from ``current`` again.
        choices: field → (value → label), for choices that live in a table (the cells).
        columns: names offered where a field is a list of columns.
        when_empty: field → what an empty list of columns means.
        leave_out: fields that get no widget.
        live: whether a change reruns the page at once, where something on it depends on the values.
        live_fields: fields whose change does so, where the others' does not.
        wording: field → label and help where those of the config class speak of something else.
    """

    config_class: type[Any]
    current: Any
    key: str
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Sequence[str] = ()
    when_empty: Mapping[str, str] = field(default_factory=dict)
    leave_out: Collection[str] = ()
    live: bool = False
    live_fields: Collection[str] = ()
    wording: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def draw(self, *, advanced: bool) -> None:
        """One widget per field of that kind, in the fields' order."""
        hints = get_type_hints(self.config_class)
        for name, option in self.options(advanced=advanced).items():
            self._widget(name, option, hints[name], getattr(self.current, name))

    def _widget(self, name: str, option: Option, hint: Any, value: Any) -> None:
        label, told = self.wording.get(name, (option.label, option.help))
        # The value returns when the user comes back from another page.
        shared: dict[str, Any] = {
            "key": f"{self.key}.{name}",
            "help": _help(option, told),
            "persist_state": "session",
        }
        if not self.live and name not in self.live_fields:
            shared["on_change"] = "ignore"
        choices = self.choices.get(name) or option.choices
        if choices:
            keys = list(choices)
            at = keys.index(value) if value in keys else None
            st.selectbox(label, keys, at, format_func=lambda item: choices.get(item, item), **shared)
        elif hint == tuple[str, ...]:
            known = [column for column in value if column in self.columns]
            st.multiselect(label, list(self.columns), known, placeholder=self.when_empty.get(name, "None chosen"), **shared)
        elif hint is bool:
            st.toggle(label, value, **shared)
        elif int in getattr(hint, "__args__", (hint,)):
            st.number_input(label, value=value, step=int(option.step or 1), placeholder=option.none_label or None, **shared)
        else:
            st.number_input(label, value=value, step=option.step, format="%g", placeholder=option.none_label or None, **shared)

    def options(self, *, advanced: bool) -> dict[str, Option]:
        """The options that get a widget, of one kind."""
        options = options_of(self.config_class)
        return {name: option for name, option in options.items() if option.advanced == advanced and name not in self.leave_out}


def draw(config_class: type[Any], current: Any, key: str) -> None:
    """Draws a widget per field of one config; see :class:`Group`."""
    draw_groups([Group(config_class=config_class, current=current, key=key)])


def draw_groups(groups: Sequence[Group]) -> None:
    """Draws the plain widgets of all groups, then the advanced ones together behind "More settings"."""
    for group in groups:
        group.draw(advanced=False)
    if any(group.options(advanced=True) for group in groups):
        with st.expander("More settings", icon=":material/tune:"):
            for group in groups:
                group.draw(advanced=True)


def read(config_class: type[Any], current: Any, key: str, *, leave_out: Collection[str] = ()) -> dict[str, Any]:
    """What the widgets hold now, unchecked; fields without a widget keep their current value.

    Args:
        config_class, current, key: see :class:`Group`.
        leave_out: fields that have no widget now, whatever one held earlier.

    Returns:
        field → value, ready for ``config_class.from_dict``.
    """
    state = st.session_state
    return {
        f.name: getattr(current, f.name) if f.name in leave_out else state.get(f"{key}.{f.name}", getattr(current, f.name))
        for f in fields(config_class)
    }


def _help(option: Option, told: str) -> str:
    if option.minimum is None or option.maximum is None:
        return told
    high = "as many as you like" if option.maximum >= 1e9 else f"{option.maximum:g}"
    empty = f"; empty: {option.none_label}" if option.optional else ""
    return f"{told} From {option.minimum:g} to {high}{empty}."
