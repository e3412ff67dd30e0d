"""Which runs are compared: kept in the address by their ids, chosen from a menu by their names."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from seqlab.runs.folder import RunFolder
from seqlab.runs.run_comparison import RunRow, incomparable, run_row, same_data
from seqlab.runs.store import RunSummary
from seqlab.ui.run_menu import local_time
from seqlab.ui.several.address import RUNS

__all__ = ["Chosen", "choose_runs", "newest"]

MOST = 100
_DEFAULT = 8
_TRIED = 20
_LONGEST = 40  # letters of a name; a trial's name lists its settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The runs that are compared.

    Args:
        rows: one per run, in the order in which they were chosen.
        labels: (run,) number and name, so that runs of the same name are told apart.
        folders: (run,) their files.
    """

    rows: tuple[RunRow, ...]
    labels: tuple[str, ...]
    folders: tuple[RunFolder, ...]


def choose_runs(runs: Sequence[RunSummary], asked: Sequence[str]) -> Chosen:
    """The menu of runs. A run that is not there (any more) is left out, and said.

    Args:
        runs: all of them, newest first.
        asked: ids in the address; none for the newest.
    """
    known = {run.run_id: run for run in runs}
    there = [run_id for run_id in asked if run_id in known]
    ids = there[:MOST] if asked else newest(runs)
    if len(there) < len(asked):
        st.caption(f"{len(asked) - len(there)} of the {len(asked)} runs in the address are not on this machine.")
    _menu(known, ids)
    chosen = [known[run_id] for run_id in ids]
    return Chosen(
        rows=tuple(run_row(run) for run in chosen),
        labels=tuple(f"{number} {_cut(run.name)}" for number, run in enumerate(chosen, 1)),
        folders=tuple(run.folder for run in chosen),
    )


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _menu(known: dict[str, RunSummary], ids: list[str]) -> None:
    # The key changes with the choice, so that the menu follows when a button changes it.
    key = f"runs_menu.{abs(hash(tuple(ids)))}"
    texts = {run_id: f"{local_time(run.created):%d %b %H:%M:%S} {_cut(run.name)}" for run_id, run in known.items()}
    menu, buttons = st.columns([5, 2], vertical_alignment="bottom", gap="medium")
    with menu:
        st.multiselect(
            "Runs",
            list(known),
            ids,
            format_func=lambda run_id: texts.get(run_id, run_id),
            key=key,
            on_change=_take,
            args=(key,),
            max_selections=MOST,
            placeholder="Choose runs",
        )
    with buttons, st.container(horizontal=True, gap="small"):
        st.button(f"Newest {_DEFAULT}", on_click=_write, args=([],), help="The newest runs on the same data as the last one.")
        st.button("All on this data", on_click=_write, args=(_all_like(known, ids),), help=f"Up to {MOST}.", disabled=not ids)


def _take(key: str) -> None:
    _write(list(st.session_state[key]))


def _write(ids: list[str]) -> None:
    st.session_state[RUNS] = ",".join(ids)


def newest(runs: Sequence[RunSummary], count: int = _DEFAULT) -> list[str]:
    """Ids of the newest runs with a result, at least two if possible, whose errors can be compared; examples last."""
    ended = [run for run in runs if run.result is not None and run.result.epochs]
    for first in ended[:_TRIED]:
        alike = [run.run_id for run in ended if not incomparable([first, run])]
        if len(alike) > 1:
            return alike[:count]
    return [run.run_id for run in ended[:1]]


def _all_like(known: dict[str, RunSummary], ids: list[str]) -> list[str]:
    if not ids:
        return []
    spec = known[ids[0]].spec
    return [run_id for run_id, run in known.items() if run.result is not None and not same_data(spec, run.spec)][:MOST]
