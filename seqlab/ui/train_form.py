"""The form of the Train page: data set, preset, settings, and the click that starts a run."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.catalog import DATASETS
from seqlab.data.prepare import prepare
from seqlab.data.series import SeriesDataset
from seqlab.data.tokens import TokenDataset
from seqlab.errors import SeqlabError, UnknownKeyError
from seqlab.models.table import check_chrono
from seqlab.presets import PRESETS, presets_for
from seqlab.tasks import task_entry
from seqlab.ui import selection
from seqlab.ui.datasets import Dataset, draw_kinds, open_dataset, pick_dataset_key
from seqlab.ui.fitting_settings import task_of
from seqlab.ui.messages import attempt, escape, show_error
from seqlab.ui.prepared import prepared_sequences
from seqlab.ui.settings import apply_differences, differences, draw_settings, options_in, read_spec
from seqlab.ui.supervision import submit

__all__ = ["Start", "draw_head", "facts", "use_settings"]

_FORMS = "forms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the settings start from.

    Args:
        dataset: the chosen data set.
        base: the preset's spec.
        spec: the same with the changes that the address carries.
        choice: data set and preset.
        key: keeps the widgets of one form apart from those of another.
    """

    dataset: Dataset
    base: RunSpec
    spec: RunSpec
    choice: str
    key: str

    def draw_settings(self) -> None:
        """The hyperparameter widgets."""
        draw_settings(self.dataset, self.spec, self.key)

    def warm(self) -> None:
        """Makes sequences ready for the click that may come: it checks them before it hands the run over."""
        if not isinstance(self.dataset, SeriesDataset):
            with contextlib.suppress(SeqlabError):  # the click says what is wrong
                prepared_sequences(self.spec)


def draw_head() -> Start | None:
    """Data set, preset and the Train button.

    Returns:
        where the settings start from; ``None`` if the address asks for something that does not exist, which
        is then said.
    """
    choices = draw_kinds()
    data, preset, button = st.columns([3, 4, 1.4], vertical_alignment="bottom", gap="medium")
    try:
        with data:
            dataset = open_dataset(pick_dataset_key(choices))
        presets = presets_for(dataset)
        default = next(iter(presets))
        with preset:
            labels = {key: entry.label for key, entry in presets.items()}
            chosen = selection.pick("preset", "Start from", labels, default=default, buttons=True)
        if chosen in PRESETS and chosen not in presets:  # of the data set chosen before
            st.caption(f"The preset {PRESETS[chosen].label} does not suit this data set; the settings start from {labels[default]}.")
            chosen = default
        if chosen not in presets:
            raise UnknownKeyError.of("preset", chosen, list(presets))
        dataset = open_dataset(dataset.key, options_in(selection.settings_text()))
        base = presets[chosen].build(dataset)
        choice = f"{dataset.key}.{chosen}"
        spec = apply_differences(base, selection.settings_text())
        start = Start(dataset=dataset, base=base, spec=spec, choice=choice, key=_form_key(choice))
    except SeqlabError as error:
        show_error(error)
        return None
    with button:
        st.button(
            "Train", type="primary", icon=":material/play_arrow:", width="stretch", key="train", on_click=attempt, args=(_train, start)
        )
    st.caption(f"**{presets[chosen].label}.** {presets[chosen].sentence} {facts(dataset)}")
    return start


def _form_key(choice: str) -> str:
    """Other settings in the address are another form, so that its widgets show them; unless they came from this form."""
    text = selection.settings_text()
    return str(st.session_state.get(_FORMS, {}).get((choice, text), f"{choice}.{text}"))


def facts(dataset: Dataset) -> str:
    """What is known of a data set in a line of Markdown: its size, its task, and what must be minded."""
    entry = DATASETS.get(dataset.key)
    caution = f" **Mind:** {escape(entry.caution)}" if entry is not None and entry.caution else ""
    if isinstance(dataset, SeriesDataset):
        season = f"a season of {dataset.season_length} steps" if dataset.season_length > 1 else "no season"
        return f"{escape(dataset.label)} has {len(dataset.frame):,} rows and {season}.{caution}"
    text = isinstance(dataset, TokenDataset)
    what = "texts" if text else "sequences"
    task = task_entry(task_of(dataset))
    size = f"{len(dataset):,} {what}" + (f", {dataset.parts.count('test'):,} of them kept for the test" if dataset.parts else "")
    several = f"{len(dataset.classes):,} {'tags' if task.per_step else 'classes'}, " if task.classes and task.key != "translate" else ""
    shortest, longest = min(dataset.lengths), max(dataset.lengths)
    span = f"{longest:,}" if shortest == longest else f"{shortest:,} to {longest:,}"
    unit = f"{dataset.unit}s" if isinstance(dataset, TokenDataset) else "steps"
    fresh = " New ones are made for every epoch." if dataset.fresh is not None else ""
    return f"**{task.label}**, {escape(dataset.label)}: {size}, {several}{span} {unit} long.{fresh}{caution}"


def use_settings(spec: RunSpec) -> None:
    """Puts the settings of a run into the form. Call it from a widget's callback.

    Raises:
        SeqlabError: the run's data is gone.
    """
    dataset = open_dataset(spec.dataset, spec.dataset_options)
    changed = differences(next(iter(presets_for(dataset).values())).build(dataset), spec)
    selection.select_dataset(spec.dataset)
    selection.select("preset", "")
    selection.select("settings", changed)


def _train(start: Start) -> None:
    """Checks everything, then hands the run over. Pressing twice gives the same run, see ``RunStore.submit``."""
    spec = read_spec(start.dataset, start.spec, start.key)
    check_chrono(spec.model.cell, spec.model.chrono_length)
    if isinstance(start.dataset, SeriesDataset):
        prepare(open_dataset(spec.dataset, spec.dataset_options), spec)
    else:
        prepared_sequences(spec)
    selection.select_run(submit(spec))
    text = differences(start.base, spec)
    selection.select("settings", text)
    # The browser keeps its widgets: drawing forty new ones would delay the first loss.
    st.session_state[_FORMS] = {(start.choice, text): start.key}
