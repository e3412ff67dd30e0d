"""The form that starts a sweep: where it starts from, which settings change, how the next ones are chosen."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.prepare import prepare
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, SeqlabError, UnknownKeyError
from seqlab.presets import presets_for
from seqlab.runs.search_space import SearchField, grid, offered, suggested
from seqlab.runs.spec_fields import field_label, field_option, spec_values, value_text
from seqlab.runs.store import RunSummary
from seqlab.runs.summary import default_name
from seqlab.runs.sweep import MOST_TRIALS, SAMPLERS, SweepSpec
from seqlab.runs.sweep_store import start_sweep
from seqlab.ui import selection
from seqlab.ui.datasets import Dataset, open_dataset
from seqlab.ui.fitting_settings import cells_for, not_asked
from seqlab.ui.messages import attempt, escape, show_error
from seqlab.ui.run_task import task_of_spec
from seqlab.ui.settings import apply_differences, options_in
from seqlab.ui.several.address import SWEEP
from seqlab.ui.supervision import store, supervise

__all__ = ["draw_sweep_form", "parse_values"]

_FROM_TRAIN, _FROM_RUN = "The Train page's settings", "The selected run"
_DEFAULT = ("model.hidden_size", "training.learning_rate")


def draw_sweep_form(runs: Sequence[RunSummary]) -> None:
    """The whole form.

    Args:
        runs: all of them; the selected one may be the start.
    """
    st.markdown(
        "A sweep trains many networks that differ in the settings you choose, and looks for the smallest **validation** loss. The test "
        "part is never looked at: it has to stay a test."
    )
    try:
        base = _choose_base(runs)
        st.caption(f"Starts from: {escape(_base_text(base))}. All trials share everything that is not listed below.")
        space = _choose_space(base)
        spec = _choose_search(base, space)
    except SeqlabError as error:
        show_error(error)
        st.button("Start the sweep", type="primary", icon=":material/play_arrow:", disabled=True, key="sweep_start_disabled")
        return
    st.caption(_cost_text(spec))
    st.button("Start the sweep", type="primary", icon=":material/play_arrow:", on_click=attempt, args=(_start, spec), key="sweep_start")


def _choose_base(runs: Sequence[RunSummary]) -> RunSpec:
    chosen_run = next((run for run in runs if run.run_id == selection.run_id()), None)
    options = [_FROM_RUN, _FROM_TRAIN] if chosen_run is not None else [_FROM_TRAIN]
    default = _FROM_RUN if chosen_run is not None and not chosen_run.read_only else _FROM_TRAIN
    picked = st.segmented_control(
        "Start from",
        options,
        default=default,
        key="sweep_base",
        bind="query-params",
        required=True,
        help="The run selected in the sidebar, or the data set and the settings of the Train page as they stand in the address.",
    )
    if picked == _FROM_RUN and chosen_run is not None:
        return chosen_run.spec.replace(fingerprint="")
    dataset = open_dataset(selection.dataset_key(), options_in(selection.settings_text()))
    presets = presets_for(dataset)
    preset = selection.preset_key() or next(iter(presets))
    if preset not in presets:
        raise UnknownKeyError.of("preset", preset, list(presets))
    return apply_differences(presets[preset].build(dataset), selection.settings_text())


def _base_text(base: RunSpec) -> str:
    window, training = base.window, base.training
    series = f", context {window.context_length}, horizon {window.horizon}" if task_of_spec(base) == "forecast" else ""
    return f"{default_name(base)}{series}, at most {training.epochs} epochs, learning rate {training.learning_rate:g}, seed {training.seed}"


def _choose_space(base: RunSpec) -> tuple[SearchField, ...]:
    dataset = open_dataset(base.dataset, base.dataset_options)
    columns = len(base.data.targets or dataset.targets) if isinstance(dataset, SeriesDataset) else 1
    labels = {label: path for path, label in offered(columns).items() if _fits(path, dataset, base)}
    default = [field_label(path) for path in _DEFAULT]
    picked = st.multiselect(
        "Settings to search",
        list(labels),
        default,
        key="sweep_fields",
        bind="query-params",
        help="Two to four are plenty: every further one needs many more trials. Loss, scaling, split and horizon are not offered: with "
        "another one the validation loss would mean something else. Nor is the seed: the luckiest seed is no setting.",
    )
    paths = [labels[label] for label in picked if label in labels]
    if not paths:
        raise ConfigError("The sweep changes nothing. Choose at least one setting to search.")
    with st.grid(len(paths), min_column_width=280, border=True):
        fields = []
        for path in paths:
            with st.container():
                fields.append(_field(path, base))
    return tuple(fields)


def _fits(path: str, dataset: Dataset, base: RunSpec) -> bool:
    """Whether the setting changes anything for this data set and network."""
    part, _, name = path.partition(".")
    chosen = {"network": base.model.network, "method": base.split.method, "unit": base.sequence.unit}
    return name not in not_asked(dataset, part, chosen)


def _field(path: str, base: RunSpec) -> SearchField:
    """The widgets of one setting."""
    first, own = suggested(path, base), spec_values(base)[path]
    st.markdown(f"**{escape(field_label(path))}**", help=f"Now {value_text(path, own)}.")
    key = f"sweep.{path}.{own}"
    words = _words(path, base)
    if words is not None:
        if len(words) == 2:
            st.caption(" or ".join(escape(value_text(path, value)) for value in words))
            return SearchField(path=path, choices=words)
        return SearchField(path=path, choices=tuple(_choose_words(path, words, key)))
    kind = st.segmented_control(
        "Kind",
        ["Range", "Values"],
        default="Values" if first.choices else "Range",
        key=f"{key}.kind",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    if kind == "Values":
        texts = ", ".join(f"{value:g}" for value in first.points(4))
        given = st.text_input(
            "Values", texts, key=f"{key}.values", max_chars=300, persist_state="session", help="With commas between them."
        )
        return SearchField(path=path, choices=parse_values(given, path))
    return _range(path, first, key, own)


def _words(path: str, base: RunSpec) -> tuple[Any, ...] | None:
    option = field_option(path)
    if path == "model.cell":
        return cells_for(open_dataset(base.dataset, base.dataset_options))
    if option is not None and option.choices is not None:
        return tuple(option.choices)
    return None if option is not None and option.minimum is not None else (False, True)


def _choose_words(path: str, words: tuple[Any, ...], key: str) -> list[Any]:
    labels = {value_text(path, value): value for value in words}
    picked = st.multiselect("Values", list(labels), list(labels), key=f"{key}.words", persist_state="session", label_visibility="collapsed")
    chosen = [labels[label] for label in picked if label in labels]
    if len(chosen) < 2:
        raise ConfigError(f"{field_label(path)} has fewer than two values. Choose at least two, or take it out of the sweep.")
    return chosen


def _range(path: str, first: SearchField, key: str, own: float) -> SearchField:
    low, high, log = (first.low, first.high, first.log) if not first.choices else (min(first.choices), max(first.choices), False)
    shared: dict[str, Any] = {"format": "%d", "step": 1} if first.whole else {"format": "%g", "step": max(abs(float(own)), 1e-3) / 10}
    cast = int if first.whole else float
    left, right, scale = st.columns([2, 2, 2], vertical_alignment="bottom", gap="small")
    with left:
        low = st.number_input("From", value=cast(low), key=f"{key}.low", persist_state="session", **shared)
    with right:
        high = st.number_input("To", value=cast(high), key=f"{key}.high", persist_state="session", **shared)
    with scale:
        log = st.toggle(
            "Log",
            log,
            key=f"{key}.log",
            persist_state="session",
            help="Equal factors count as equal distances: 1 to 10 as far as 10 to 100.",
        )
    return SearchField(path=path, low=low, high=high, log=log)


def parse_values(text: str, path: str) -> tuple[int | float, ...]:
    """The numbers in a list.

    Raises:
        ConfigError: one is no number, or there are fewer than two.

    Example:
        >>> parse_values("8, 16,1e-3", "training.learning_rate")
        (8, 16, 0.001)
    """
    found: list[int | float] = []
    for each in (part.strip() for part in text.replace(";", ",").split(",")):
        if not each:
            continue
        try:
            value = float(each)
        except ValueError as error:
            raise ConfigError(
                f"{field_label(path)}: {each[:40]!r} is no number. Give numbers with commas between them: 8, 16, 32."
            ) from error
        found.append(int(value) if value.is_integer() else value)
    if len(set(found)) < 2:
        raise ConfigError(f"{field_label(path)} has fewer than two values. Give at least two, with commas between them: 8, 16, 32.")
    return tuple(found)


def _choose_search(base: RunSpec, space: tuple[SearchField, ...]) -> SweepSpec:
    labels = {entry.label: key for key, entry in SAMPLERS.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        picked = st.segmented_control(
            "Search", list(labels), default=next(iter(labels)), key="sweep_sampler", required=True, bind="query-params"
        )
        sampler = labels.get(picked or "", "tpe")
        trials = st.number_input(
            "Trials, at most", value=20, step=5, key="sweep_trials", width=150, persist_state="session", help=f"From 1 to {MOST_TRIALS}."
        )
        points = 4
        if sampler == "grid":
            points = st.number_input("Points of each range", value=4, step=1, key="sweep_points", width=170, persist_state="session")
        seed = st.number_input(
            "Seed of the search", value=0, step=1, key="sweep_seed", width=160, persist_state="session",
            help="The same seed tries the same settings again. The seed of the networks is a setting of the run it starts from.",
        )  # fmt: skip
    st.caption(SAMPLERS[sampler].sentence)
    if not 0 <= int(seed) < 2**32:
        raise ConfigError(f"The seed of the search is {seed}. Give a whole number from 0 to {2**32 - 1:,}.")
    return SweepSpec(base=base, space=space, sampler=sampler, trials=int(trials), seed=int(seed), points=int(points))


def _cost_text(spec: SweepSpec) -> str:
    said = f"{spec.planned} runs of at most {spec.base.training.epochs} epochs wait in the queue one after the other, like all runs."
    if spec.sampler != "grid":
        return f"{said} Settings that contradict each other are skipped and listed; settings that come twice are trained once."
    possible, impossible = grid(spec.space, spec.points, spec.base)
    left = f" {impossible} further combinations contradict themselves and are left out." if impossible else ""
    cut = f" The grid has {len(possible)} combinations: the others are not tried." if len(possible) > spec.planned else ""
    return f"{said}{left}{cut}"


def _start(spec: SweepSpec) -> None:
    """Check that the start itself can be trained, then hand the sweep over."""
    prepare(open_dataset(spec.base.dataset, spec.base.dataset_options), spec.base)
    supervise()
    st.session_state[SWEEP] = start_sweep(store(), spec)
