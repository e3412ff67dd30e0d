"""The settings of a backtest: widgets from the config, where the folds will lie, how long it will take, and the button."""

import math
from collections.abc import Mapping
from dataclasses import fields

import streamlit as st

from seqlab.baselines.table import BASELINES, by_cost
from seqlab.config import BacktestConfig
from seqlab.errors import SeqlabError
from seqlab.evaluation.folds import FoldPlan, plan_folds
from seqlab.records import SplitBounds
from seqlab.runs.backtest_log import backtest_request
from seqlab.ui.compare.stand import Stand
from seqlab.ui.messages import attempt, escape
from seqlab.ui.side_job import start_side
from seqlab.ui.when import when
from seqlab.ui.widgets import Group, read

__all__ = ["baseline_seconds", "draw_form", "training_seconds"]

COLUMNS = (("folds", "horizon", "spacing"), ("window", "window_length", "fitting"), ("networks", "strategy"))
MORE = ("block", "seeds", "seconds")
COST_ROWS = 15_000  # what ``BaselineEntry.cost`` was measured on
LEAST = 0.1  # of that cost: even on few rows a search tries all its candidates


def draw_form(stand: Stand, current: BacktestConfig) -> None:
    """Settings, the folds they make, the time they take, and Start.

    Args:
        stand: the run.
        current: settings to start from.
    """
    key = f"backtest.{stand.run.run_id}"
    choices = _settings(current, key)
    models = st.pills(
        "Models beside the network",
        list(by_cost(BASELINES)),
        selection_mode="multi",
        default=[name for name in by_cost(BASELINES) if not BASELINES[name].why_not(len(stand.targets))],
        format_func=lambda name: BASELINES[name].label,
        key=f"{key}.models",
    )
    config = plan = None
    try:
        config = BacktestConfig.from_dict(choices)
        plan = plan_folds(stand.dataset, config, config.horizon or stand.horizon, stand.bounds)
    except SeqlabError as error:
        st.warning(escape(error), icon=":material/warning:")
    if config is not None and plan is not None:
        st.markdown(f"{escape(_where(stand, plan))} {escape(_how_long(stand, config, plan, tuple(models)))}")
    request = None if config is None else backtest_request(config, tuple(models))
    st.button(
        "Start backtest",
        type="primary",
        icon=":material/play_arrow:",
        key="backtest_start",
        disabled=plan is None,
        on_click=attempt,
        args=(start_side, stand.run.run_id, "backtest", request),
    )


def _settings(current: BacktestConfig, key: str) -> dict[str, object]:
    """The widgets; what they hold, unchecked."""
    held = read(BacktestConfig, current, key)
    hidden = {
        "window_length": held["window"] != "sliding",
        "block": held["strategy"] == "direct",
        "seeds": held["networks"] != "train",
    }
    every = [one.name for one in fields(BacktestConfig)]

    def group(names: tuple[str, ...]) -> Group:
        left = [name for name in every if name not in names or hidden.get(name, False)]
        return Group(config_class=BacktestConfig, current=current, key=key, leave_out=left, live=True)

    for column, names in zip(st.columns(len(COLUMNS)), COLUMNS, strict=True):
        with column:
            group(names).draw(advanced=False)
    with st.expander("More settings", icon=":material/tune:"):
        group(MORE).draw(advanced=True)
    return read(BacktestConfig, current, key)


def _where(stand: Stand, plan: FoldPlan) -> str:
    first, last = plan.folds[0], plan.folds[-1]
    many = f"{len(plan.folds)} folds" if len(plan.folds) > 1 else "One fold"
    steps = f"{first.horizon:,} step{'s' if first.horizon > 1 else ''}"
    until = when(stand.index, last.end - 1)
    text = f"{many} of {steps}: the first begins with {when(stand.index, first.origin)}, the last ends with {until}."
    return " ".join([text, *plan.notes])


def _how_long(stand: Stand, config: BacktestConfig, plan: FoldPlan, models: tuple[str, ...]) -> str:
    measured = {model.key: model.seconds for model in stand.models}
    each = [
        baseline_seconds(key, config, plan, measured, len(stand.targets))
        for key in models
        if not BASELINES[key].why_not(len(stand.targets))
    ]
    said = f"Time: roughly {_duration(sum(each))} for the {len(each)} baselines" if each else "Time: a few seconds"
    if config.networks == "train":
        own = stand.run.result.seconds if stand.run.result is not None else math.nan
        trainings = config.seeds * len(plan.folds) * _strategies(config)
        total = training_seconds(own, config, plan, stand.bounds)
        length = f"about {_duration(total)}" if math.isfinite(total) else "an unknown time"
        said += f", and {length} for {trainings} whole training{'s' if trainings > 1 else ''} of the network, one in each fold"
        said += ", for each seed" if config.seeds > 1 else ""
        said += ", for each strategy" if _strategies(config) > 1 else ""
        said += ", judged by how long this run took"
    return f"{said}. It goes on in the background and can be stopped; what is done is kept."


def training_seconds(own: float, config: BacktestConfig, plan: FoldPlan, bounds: SplitBounds) -> float:
    """What the trainings of all folds may take: the run's own seconds, in proportion to the rows of each fold.

    Args:
        own: training seconds of the run.
        config, plan: the backtest.
        bounds: the parts of the run.
    """
    return own * config.seeds * _strategies(config) * sum((fold.origin - fold.first) / bounds.validation_end for fold in plan.folds)


def _strategies(config: BacktestConfig) -> int:
    return 2 if config.strategy == "both" else 1


def baseline_seconds(key: str, config: BacktestConfig, plan: FoldPlan, measured: Mapping[str, float], targets: int = 1) -> float:
    """What a baseline may take: as long as in the comparison, for each of its fits, and at most its budget.

    Args:
        key: of the baseline.
        config, plan: the backtest.
        measured: seconds of the models of the run's comparison; of others the table's cost is taken, in proportion to the rows.
        targets: columns to be fitted.
    """
    rows = sum(fold.origin - fold.first for fold in plan.folds) / len(plan.folds)
    known = measured.get(key, math.nan)
    one = known if math.isfinite(known) else targets * BASELINES[key].cost * max(rows / COST_ROWS, LEAST)
    return min(config.seconds, one * (len(plan.folds) if config.fitting == "refit" else 1))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds)):d} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
