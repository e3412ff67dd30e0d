"""The settings of a run on the page: groups of widgets, the spec they describe, and its short form for the address."""

from collections.abc import Mapping
from typing import Any

import orjson
import streamlit as st

from seqlab.config import DataConfig, ModelConfig, RunSpec, SequenceConfig, SplitConfig, TrainConfig, WindowConfig
from seqlab.data.catalog import DATASETS
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError
from seqlab.models.table import CELLS
from seqlab.ui import widgets
from seqlab.ui.datasets import Dataset
from seqlab.ui.fitting_settings import CHOSEN_FIRST, cells_for, not_asked, wording_for

__all__ = ["apply_differences", "differences", "draw_settings", "options_in", "read_spec"]

# Title, icon, and the spec's fields drawn in the group.
_GROUPS = (
    ("Data", ":material/table_chart:", ("data",)),
    ("Window and split", ":material/width_normal:", ("window", "split")),
    ("Model", ":material/memory:", ("model",)),
    ("Training", ":material/fitness_center:", ("training",)),
)
_SEQUENCE_GROUPS = (("Data and split", ":material/table_chart:", ("data", "sequence", "split")), *_GROUPS[2:])
_CLASSES: dict[str, type[Any]] = {
    "data": DataConfig,
    "split": SplitConfig,
    "window": WindowConfig,
    "sequence": SequenceConfig,
    "model": ModelConfig,
    "training": TrainConfig,
}


def draw_settings(dataset: Dataset, spec: RunSpec, key: str) -> None:
    """The hyperparameter widgets that fit the data and the chosen network, in groups beside each other.

    Args:
        dataset: decides the task, and gives the names of the columns of a series.
        spec: the values to start from.
        key: see :func:`seqlab.ui.widgets.draw`.
    """
    layout = _GROUPS if isinstance(dataset, SeriesDataset) else _SEQUENCE_GROUPS
    drawn = [(title, icon, made) for title, icon, parts in layout if any(map(_asks, made := _groups(dataset, spec, key, parts)))]
    for place, (title, icon, made) in zip(st.columns(len(drawn), gap="medium"), drawn, strict=True):
        with place:
            st.markdown(f"{icon} **{title}**")
            widgets.draw_groups(made)


def _groups(dataset: Dataset, spec: RunSpec, key: str, parts: tuple[str, ...]) -> list[widgets.Group]:
    chosen = _chosen(spec, key)
    groups = [
        widgets.Group(
            config_class=_CLASSES[part],
            current=getattr(spec, part),
            key=f"{key}.{part}",
            choices={"cell": {name: CELLS[name].label for name in cells_for(dataset)}},
            columns=dataset.columns if isinstance(dataset, SeriesDataset) else (),
            when_empty={"targets": ", ".join(dataset.targets)} if isinstance(dataset, SeriesDataset) else {},
            wording=wording_for(dataset),
            leave_out=not_asked(dataset, part, chosen),
            live_fields=CHOSEN_FIRST.get(part, ()),
        )
        for part in parts
    ]
    options = _generator(dataset)
    if "data" in parts and options is not None:
        made = options.from_dict(dict(spec.dataset_options))
        groups.insert(0, widgets.Group(config_class=options, current=made, key=f"{key}.generator"))
    return groups


def _asks(group: widgets.Group) -> bool:
    return bool(group.options(advanced=False) or group.options(advanced=True))


def _chosen(spec: RunSpec, key: str) -> dict[str, Any]:
    """The settings on which others depend, as the form has them now."""
    return {
        name: st.session_state.get(f"{key}.{part}.{name}", getattr(getattr(spec, part), name))
        for part, names in CHOSEN_FIRST.items()
        for name in names
    }


def read_spec(dataset: Dataset, spec: RunSpec, key: str) -> RunSpec:
    """The spec that the widgets describe now. Every value is checked here, whatever the browser allowed.

    Raises:
        ConfigError: a value is out of its range, or two contradict each other.
    """
    options = _generator(dataset)
    generator = dict(spec.dataset_options)
    if options is not None:
        start = options.from_dict(generator)
        generator = options.from_dict(widgets.read(options, start, f"{key}.generator")).to_dict()
    chosen = _chosen(spec, key)
    made = {
        part: config.from_dict(widgets.read(config, getattr(spec, part), f"{key}.{part}", leave_out=not_asked(dataset, part, chosen)))
        for part, config in _CLASSES.items()
    }
    return spec.replace(dataset_options=generator, **made)


def differences(base: RunSpec, spec: RunSpec) -> str:
    """What ``spec`` changes in ``base``, as one short line of JSON; empty if nothing.

    Example:
        >>> base = RunSpec(dataset="sunspots")
        >>> differences(base, base.replace(model=ModelConfig(cell="gru")))
        '{"cell":"gru"}'
    """
    before, after = base.to_dict(), spec.to_dict()
    changed = {name: value for part in _CLASSES for name, value in after[part].items() if value != before[part][name]}
    if after["dataset_options"] != before["dataset_options"]:
        changed["dataset_options"] = after["dataset_options"]
    return orjson.dumps(changed).decode() if changed else ""


def apply_differences(base: RunSpec, text: str) -> RunSpec:
    """``base`` changed as :func:`differences` wrote it.

    Raises:
        ConfigError: the text is not what :func:`differences` writes, or a value is out of its range.

    Example:
        >>> apply_differences(RunSpec(dataset="sunspots"), '{"cell":"gru"}').model.cell
        'gru'
    """
    if not text:
        return base
    try:
        changed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ConfigError(f'The changed settings in the address are not readable: {error}. They look like {{"hidden_size":64}}.') from error
    if not isinstance(changed, dict):
        raise ConfigError('The changed settings in the address are not readable. They look like {"hidden_size":64}.')
    values: dict[str, Any] = {}
    for part, config in _CLASSES.items():
        mine = getattr(base, part).to_dict()
        mine.update({name: changed.pop(name) for name in list(mine) if name in changed})
        values[part] = config.from_dict(mine)
    generator = changed.pop("dataset_options", dict(base.dataset_options))
    if changed or not isinstance(generator, Mapping):
        raise ConfigError(f"The address changes settings that do not exist: {', '.join(map(repr, changed))}. Leave them out.")
    return base.replace(dataset_options=dict(generator), **values)


def options_in(text: str) -> dict[str, Any]:
    """The options of a generated data set among changed settings; empty where there are none, or the text is not readable.

    Example:
        >>> options_in('{"cell":"gru","dataset_options":{"period":12}}'), options_in("?")
        ({'period': 12}, {})
    """
    try:
        changed = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    found = changed.get("dataset_options") if isinstance(changed, dict) else None
    return found if isinstance(found, dict) else {}


def _generator(dataset: Dataset) -> type[Any] | None:
    return DATASETS[dataset.key].options if dataset.key in DATASETS else None
