"""The settings of a run on the page: groups of widgets, the spec they describe, and its short form for the address."""

from collections.abc import Mapping
from typing import Any

import orjson
import streamlit as st

from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, TrainConfig, WindowConfig
from seqlab.data.catalog import DATASETS
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError
from seqlab.models.table import CELLS
from seqlab.ui import widgets

__all__ = ["apply_differences", "differences", "draw_settings", "options_in", "read_spec"]

# Title, icon, and the spec's fields drawn in the group.
_GROUPS = (
    ("Data", ":material/table_chart:", ("data",)),
    ("Window and split", ":material/width_normal:", ("window", "split")),
    ("Model", ":material/memory:", ("model",)),
    ("Training", ":material/fitness_center:", ("training",)),
)
_CLASSES: dict[str, type[Any]] = {
    "data": DataConfig,
    "split": SplitConfig,
    "window": WindowConfig,
    "model": ModelConfig,
    "training": TrainConfig,
}


def draw_settings(dataset: SeriesDataset, spec: RunSpec, key: str) -> None:
    """All hyperparameter widgets, four groups beside each other.

    Args:
        dataset: gives the names of the columns.
        spec: the values to start from.
        key: see :func:`seqlab.ui.widgets.draw`.
    """
    options = _generator(dataset)
    cells = {name: entry.label for name, entry in CELLS.items()}
    for place, (title, icon, parts) in zip(st.columns(len(_GROUPS), gap="medium"), _GROUPS, strict=True):
        groups = [
            widgets.Group(
                config_class=_CLASSES[part],
                current=getattr(spec, part),
                key=f"{key}.{part}",
                choices={"cell": cells},
                columns=dataset.columns,
                when_empty={"targets": ", ".join(dataset.targets)},
                leave_out=_not_asked(dataset, part),
            )
            for part in parts
        ]
        if title == "Data" and options is not None:
            made = options.from_dict(dict(spec.dataset_options))
            groups.insert(0, widgets.Group(config_class=options, current=made, key=f"{key}.generator"))
        with place:
            st.markdown(f"{icon} **{title}**")
            widgets.draw_groups(groups)


def read_spec(dataset: SeriesDataset, spec: RunSpec, key: str) -> RunSpec:
    """The spec that the widgets describe now. Every value is checked here, whatever the browser allowed.

    Raises:
        ConfigError: a value is out of its range, or two contradict each other.
    """
    options = _generator(dataset)
    generator = dict(spec.dataset_options)
    if options is not None:
        start = options.from_dict(generator)
        generator = options.from_dict(widgets.read(options, start, f"{key}.generator")).to_dict()
    made = {part: config.from_dict(widgets.read(config, getattr(spec, part), f"{key}.{part}")) for part, config in _CLASSES.items()}
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


def _generator(dataset: SeriesDataset) -> type[Any] | None:
    return DATASETS[dataset.key].options if dataset.key in DATASETS else None


def _not_asked(dataset: SeriesDataset, part: str) -> tuple[str, ...]:
    """Questions that this data set leaves no choice in."""
    gone: list[str] = []
    if part == "data" and len(dataset.columns) == 1:
        gone += ["targets", "past_covariates", "known_covariates"]
    if part == "split" and dataset.published_test_start is None:
        gone.append("method")
    if part == "model" and len(dataset.columns) == 1:
        gone.append("many_targets")
    return tuple(gone)
