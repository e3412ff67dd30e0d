"""Is the network any better than the baselines? A card with the answer, and how likely it is luck."""

import math
from dataclasses import dataclass

import streamlit as st

from seqlab.evaluation.fewer_errors import PairOfModels, compare_errors
from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.tasks import task_entry
from seqlab.ui.judge.stand import JudgedModel, JudgeStand
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

__all__ = ["Said", "draw_verdict", "is_share", "shown_value", "verdict_of"]

SURE = 0.05
_ICON = {"better": ":material/thumb_up:", "worse": ":material/thumb_down:", "open": ":material/balance:"}
_NO_SHARES = {"mse", "mae", "r2", "log_loss", "brier", "bleu", "chrf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The answer: ``tone`` is ``better``, ``worse`` or ``open``."""

    tone: str
    headline: str
    sentence: str


def is_share(metric: str) -> bool:
    """Whether a metric lies between 0 and 1 and is shown in per cent."""
    return metric not in _NO_SHARES


def shown_value(metric: str, value: float) -> str:
    """A metric's value as people read it.

    Example:
        >>> shown_value("accuracy", 0.7134), shown_value("mse", 0.0123), shown_value("accuracy", float("nan"))
        ('71.3 %', '0.0123', '–')
    """
    return number(value) if not is_share(metric) or not math.isfinite(value) else f"{100 * value:.1f} %"


def verdict_of(metric: str, network: JudgedModel, rival: JudgedModel, pair: PairOfModels, unit: str = "sequences") -> Said:
    """The network beside the best baseline.

    Args:
        metric: key of the score that sums up the task.
        network, rival: the two.
        pair: how they differ, sequence by sequence.
        unit: what the test part holds.
    """
    entry = TASK_METRICS[metric]
    own, other = network.score(metric), rival.score(metric)
    ahead = own > other if entry.higher_is_better else own < other
    values = f"{entry.label} {shown_value(metric, own)} against {shown_value(metric, other)} of {rival.name}, the best baseline"
    if own == other:
        return Said(tone="open", headline="No better and no worse than the best baseline.", sentence=f"{values}.")
    if not math.isfinite(pair.p_value):
        why = pair.reason
    else:
        chance = "less than 0.1 %" if pair.p_value < 0.001 else f"{100 * pair.p_value:.2g} %"
        why = (
            f"The network errs less in {pair.better:,} of {pair.sequences:,} {unit} and more in {pair.worse:,}; equally good models would "
            f"differ so much in {chance} of cases."
        )
    sure = pair.p_value < SURE
    # Two ways of counting may disagree: many small errors in few sequences. Then nothing is settled.
    agree = (pair.better > pair.worse) == ahead
    if not sure or not agree:
        headline = f"{'Ahead of' if ahead else 'Behind'} the best baseline, but it may be luck."
        return Said(tone="open", headline=headline, sentence=f"{values}. {why}")
    headline = "Better than every baseline." if ahead else f"The network loses to {rival.name}."
    return Said(tone="better" if ahead else "worse", headline=headline, sentence=f"{values}. {why}")


def draw_verdict(stand: JudgeStand) -> None:
    """The card; nothing before a baseline is there to compare with."""
    metric = task_entry(stand.task).metric
    entry = TASK_METRICS[metric]
    rivals = [model for model in stand.models[1:] if math.isfinite(model.score(metric))]
    if not rivals or not math.isfinite(stand.network.score(metric)):
        return
    best = max(rivals, key=lambda model: model.score(metric) * (1 if entry.higher_is_better else -1))
    own, other = stand.prediction(stand.network), stand.prediction(best)
    if own is None or other is None:
        return
    said = verdict_of(metric, stand.network, best, compare_errors(own, other))
    with st.container(border=True):
        st.markdown(f"{_ICON[said.tone]} **{escape(said.headline)}** {escape(said.sentence)}")
