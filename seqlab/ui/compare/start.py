"""What to compare with, and the button that starts it."""

import streamlit as st

from seqlab.baselines.table import BASELINES, by_cost
from seqlab.config import CompareConfig
from seqlab.errors import ConfigError
from seqlab.options import option_of
from seqlab.ui.compare.stand import Stand
from seqlab.ui.messages import attempt
from seqlab.ui.run_text import number
from seqlab.ui.side_job import GOING_ON, start_side

__all__ = ["draw_start"]


def draw_start(stand: Stand, status: str) -> None:
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
            "How good is this model really? Simple statistical methods forecast the same test part from the same starting points, "
            "and the network is trained again with other seeds. All of it happens in the background; rows appear as they are ready."
        )
    done = {model.key for model in (*stand.models, *stand.skipped)}
    left = [key for key in by_cost(BASELINES) if key not in done and not BASELINES[key].why_not(len(stand.targets))]
    complete = bool(status) and not left
    holder = st.expander("Compare again, with other settings", icon=":material/tune:") if complete else st.container()
    with holder:
        _draw_form(stand, done, left)


def _draw_form(stand: Stand, done: set[str], left: list[str]) -> None:
    run = stand.run
    key = f"compare.{run.run_id}"
    chosen = left
    if left:
        chosen = st.pills(
            "Baselines",
            left,
            selection_mode="multi",
            default=left,
            format_func=lambda name: BASELINES[name].label,
            key=f"{key}.baselines",
            help="The quick ones come first. Those that search are stopped at the budget, and say so.",
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        known = 1 + len(stand.seeds)
        seeds = _number("seeds", max(CompareConfig().seeds, known), key)
        seconds = _number("seconds", CompareConfig().seconds, key)
        calibrated = bool(stand.models) and all(stand.calibration(model) is not None for model in stand.models)
        st.button(
            "Compare",
            type="primary",
            icon=":material/leaderboard:",
            key="compare",
            disabled=not chosen and seeds == known and calibrated,
            on_click=attempt,
            args=(_start, run.run_id, _asked(stand, done, chosen), seeds, seconds),
        )
    own = run.result.seconds if run.result is not None else float("nan")
    more = max(int(seeds or 1) - known, 0)
    if more and own == own:
        st.caption(f"{more} more training{'s' if more > 1 else ''} of about {number(own, 2)} s each are part of it.")


def _asked(stand: Stand, done: set[str], chosen: list[str]) -> tuple[str, ...]:
    """What was compared before, what is chosen now, and what cannot be used, so that it is said why."""
    return tuple(key for key in by_cost(BASELINES) if key in done or key in chosen or BASELINES[key].why_not(len(stand.targets)))


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
    config = CompareConfig(baselines=baselines, seeds=int(seeds), seconds=seconds)
    start_side(run_id, "compare", config.to_dict())
