"""What a network for sequences is compared with, and the button that starts it in the worker."""

import streamlit as st

from seqlab.baselines.sequence_table import SEQUENCE_BASELINES, baselines_for
from seqlab.config import CompareConfig
from seqlab.errors import ConfigError
from seqlab.options import option_of
from seqlab.ui.judge.stand import JudgeStand
from seqlab.ui.messages import attempt
from seqlab.ui.run_text import number
from seqlab.ui.side_job import GOING_ON, start_side

__all__ = ["draw_start"]


def draw_start(stand: JudgeStand, status: str) -> None:
    """The button and its settings, while there is something left to compare."""
    run = stand.run
    if run.read_only:
        if not status:
            st.info("This example comes without a comparison. Train a run of your own to compare it.", icon=":material/info:")
        return
    if status in GOING_ON:
        return
    if not status:
        st.markdown(
            "How good is this model really? Simple methods learn from the same training part and answer the same test part, and the "
            "network is trained again with other seeds. All of it happens in the background; rows appear as they are ready."
        )
    done = {model.key for model in (*stand.models, *stand.skipped)}
    left = [entry.key for entry in baselines_for(stand.dataset) if entry.key not in done]
    with st.expander("Compare again, with other settings", icon=":material/tune:") if status and not left else st.container():
        _draw_form(stand, done, left)


def _draw_form(stand: JudgeStand, done: set[str], left: list[str]) -> None:
    run = stand.run
    key = f"judge.{run.run_id}"
    chosen = left
    if left:
        chosen = st.pills(
            "Baselines",
            left,
            selection_mode="multi",
            default=left,
            format_func=lambda name: SEQUENCE_BASELINES[name].label,
            key=f"{key}.baselines",
            help="The quick ones come first. One that would take longer than the budget stops, and says what it did instead.",
        )
    known = 1 + len(stand.seeds)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        seeds = _number("seeds", max(CompareConfig().seeds, known), key)
        seconds = _number("seconds", CompareConfig().seconds, key)
        st.button(
            "Compare",
            type="primary",
            icon=":material/leaderboard:",
            key="compare",
            disabled=not chosen and seeds == known,
            on_click=attempt,
            args=(_start, run.run_id, tuple(name for name in SEQUENCE_BASELINES if name in done or name in chosen), seeds, seconds),
        )
    own = run.result.seconds if run.result is not None else float("nan")
    more = max(int(seeds or 1) - known, 0)
    if more and own > 0:
        st.caption(
            f"{more} more training{'s' if more > 1 else ''} of about {number(own, 2)} s each {'are' if more > 1 else 'is'} part of it."
        )


def _number(name: str, value: float, key: str) -> float | None:
    option = option_of(CompareConfig, name)
    whole = isinstance(value, int)
    return st.number_input(
        option.label,
        value=value,
        step=int(option.step or 1) if whole else option.step,
        format=None if whole else "%g",
        help=option.help,
        key=f"{key}.{name}",
        width=220,
    )


def _start(run_id: str, baselines: tuple[str, ...], seeds: float | None, seconds: float | None) -> None:
    if seeds is None or seconds is None:
        raise ConfigError("The number of seeds or the budget is empty. Give each a number.")
    if not baselines:
        raise ConfigError("No baseline is chosen. Choose at least one: a network alone says little.")
    start_side(run_id, "compare", CompareConfig(baselines=baselines, seeds=int(seeds), seconds=seconds).to_dict())
