"""Other networks over the same windows, for gradient flow side by side: untrained siblings, trained runs, and training what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from seqlab.config import ModelConfig, RunSpec
from seqlab.figures.gradient_flow import cell_color
from seqlab.models.table import CELLS
from seqlab.runs.rows import same_request
from seqlab.runs.store import RunSummary
from seqlab.ui.lab.bench import Bench
from seqlab.ui.messages import attempt, escape
from seqlab.ui.opened import open_fitted
from seqlab.ui.run_text import STATUS
from seqlab.ui.supervision import store, submit

if TYPE_CHECKING:
    from torch import nn

    from seqlab.gates.siblings import Sibling
    from seqlab.models.network import NetworkSizes

__all__ = ["Rival", "draw_training", "fresh_rivals", "own_rival", "short_name", "trained_rivals"]

POLL = 2.0  # seconds between two looks at siblings that are being trained
MOST_RUNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A network whose gradient flow is drawn beside others.

    Args:
        name: on the legend, as the user may have written it.
        key: what its numbers are remembered by.
        cell: key of ``seqlab.CELLS``.
        dash: of its line: dashed untrained, solid trained.
        model: the network; never change it.
    """

    name: str
    key: str
    cell: str
    dash: str
    model: "nn.Module"

    @property
    def color(self) -> str:
        """Of its line."""
        return cell_color(self.cell)


def short_name(cell: str) -> str:
    """A cell's name in a legend.

    Example:
        >>> short_name("rnn")
        'RNN'
    """
    return CELLS[cell].label.split(" (")[0]


def own_rival(bench: Bench) -> Rival:
    """The network that the bench looks at."""
    return Rival(
        name=f"{bench.fitted.name}, trained (this run)",
        key=_stamped(bench.run),
        cell=bench.fitted.spec.model.cell,
        dash="solid",
        model=bench.fitted.model,
    )


def _stamped(run: RunSummary) -> str:
    """A run with the time of its weights, which are written again when it is trained further."""
    return f"{run.run_id}.{run.folder.model_path.stat().st_mtime_ns}"


def fresh_rivals(bench: Bench, match: str, forget_bias: float | None) -> list[Rival]:
    """An untrained network of every standard cell and of the run's own, from the run's own seed."""
    from seqlab.training.session import network_sizes  # imports torch

    spec = bench.fitted.spec
    siblings = _fresh(spec.model, network_sizes(bench.fitted.prepared), spec.training.seed, match, forget_bias)
    return [
        Rival(
            name=f"{short_name(cell)} {sibling.config.hidden_size}, untrained ({sibling.parameters:,} parameters)",
            key=f"untrained.{spec.training.seed}.{sibling.config}",
            cell=cell,
            dash="dash",
            model=sibling.model,
        )
        for cell, sibling in siblings.items()
    ]


@st.cache_resource(max_entries=8, show_spinner=False)
def _fresh(model: ModelConfig, sizes: "NetworkSizes", seed: int, match: str, forget_bias: float | None) -> "dict[str, Sibling]":
    from seqlab.gates.siblings import STANDARD, fresh_siblings  # imports torch

    cells = tuple(dict.fromkeys((*STANDARD, model.cell)))
    return fresh_siblings(model, sizes, seed=seed, match=match, forget_bias=forget_bias, cells=cells)


def _same_windows(mine: RunSpec, other: RunSpec) -> bool:
    """Whether both read and forecast the same windows, cut into the same steps."""
    return (
        (mine.dataset, dict(mine.dataset_options), mine.data, mine.split, mine.window, mine.sequence)
        == (other.dataset, dict(other.dataset_options), other.data, other.split, other.window, other.sequence)
        and mine.fingerprint == other.fingerprint
        and _cut(mine.model) == _cut(other.model)
        and other.model.network != "cnn"
        and (mine.model.spelling, mine.model.word_shape) == (other.model.spelling, other.model.word_shape)
    )


def _cut(model: ModelConfig) -> tuple[object, ...]:
    """How the data is cut into the steps of a network's recurrent layers."""
    return model.segment_length, model.many_targets, model.pool_length if model.network == "cnn_rnn" else 1


def trained_rivals(bench: Bench) -> list[Rival]:
    """Trained runs over the same windows; those with another cell are there without being asked for."""
    mine = bench.fitted.spec
    usable = {
        run.run_id: run
        for run in store().list()
        if run.run_id != bench.run.run_id
        and run.result is not None
        and run.folder.has_model
        and _same_windows(mine, run.folder.spec)
        and run.spec.model.num_layers > bench.layer
        and (bench.direction == "forward" or run.spec.model.bidirectional)
    }
    if not usable:
        return []
    state: Any = st.session_state
    seen = state.setdefault("gradients_seen", {}).setdefault(bench.run.run_id, set())
    newest: dict[str, str] = {}
    for run in usable.values():
        newest.setdefault(run.spec.model.cell, run.run_id)
    new = [run_id for cell, run_id in newest.items() if cell != mine.model.cell and run_id not in seen]
    chosen = [run_id for run_id in state.get("gradients_runs", []) if run_id in usable]
    state["gradients_runs"] = [*chosen, *(run_id for run_id in new if run_id not in chosen)][:MOST_RUNS]
    seen.update(usable)
    names = _unique({run_id: run.name for run_id, run in usable.items()})
    picked = st.multiselect(
        "Trained runs beside it",
        list(usable),
        format_func=names.__getitem__,
        key="gradients_runs",
        bind="query-params",
        max_selections=MOST_RUNS,
        help=f"Runs on the same {bench.noun}s of the same data.",
        placeholder="None chosen",
    )
    return [
        Rival(
            name=f"{names[run_id]}, trained",
            key=_stamped(usable[run_id]),
            cell=usable[run_id].spec.model.cell,
            dash="solid",
            model=open_fitted(usable[run_id].folder).model,
        )
        for run_id in picked
        if run_id in usable
    ]


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """The address holds a run by its name, so equal names are told apart by the end of their id."""
    counts = Counter(names.values())
    return {run_id: name if counts[name] == 1 else f"{name} ({run_id[-6:]})" for run_id, name in names.items()}


def draw_training(bench: Bench, match: str) -> None:
    """A button per other standard cell that trains the same run with it, and what became of those that were pressed."""
    from seqlab.gates.siblings import sibling_config  # imports torch
    from seqlab.training.session import network_sizes

    mine, sizes = bench.fitted.spec, network_sizes(bench.fitted.prepared)
    # a run that failed is left out, so that it can be tried again
    runs = [run for run in store().list() if run.result is None or run.folder.has_model]
    known = {same_request(run.spec): run for run in reversed(runs)}
    waiting = []
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for cell in (key for key, entry in CELLS.items() if entry.fused):
            if cell == mine.model.cell:
                continue
            spec = mine.replace(model=sibling_config(mine.model, sizes, cell, match=match))
            run = known.get(same_request(spec))
            if run is None:
                name = f"Train the same with {short_name(cell)} {spec.model.hidden_size}"
                st.button(name, icon=":material/play_arrow:", key=f"gradients_train.{cell}", on_click=attempt, args=(submit, spec))
            elif run.result is None:
                waiting.append(run.run_id)
    if waiting:
        _watch(waiting)


@st.fragment(run_every=POLL)
def _watch(run_ids: Sequence[str]) -> None:
    """Siblings on their way; the page is drawn again when one has ended."""
    for run_id in run_ids:
        run = store().get(run_id)
        if run.result is not None:
            st.rerun()
        status = STATUS[run.status]
        st.caption(f"{status.icon} {escape(run.name)}: {status.label.lower()}. It joins the picture when it has ended.")
