"""The verdict on the page: a card with the answer, and the numbers behind it."""

import math

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.verdict import Chance, best_model, reference_model, verdict
from seqlab.ui.messages import escape

__all__ = ["draw_verdict"]

_ICON = {"better": ":material/thumb_up:", "worse": ":material/thumb_down:", "open": ":material/balance:"}


def draw_verdict(stand: Stand) -> None:
    """The card; nothing before the network and the simple forecast to beat are both there."""
    network, reference = stand.network, reference_model(stand.models, stand.season_length)
    if network is None or reference is None:
        return
    best = best_model([model for model in stand.models if model.key != network.key])
    entry = DATASETS.get(stand.dataset.key)
    said = verdict(
        network,
        stand.seeds,
        reference,
        stand.models,
        _chance(stand, network, reference),
        best_chance=_chance(stand, network, best) if best is not None and best.key != reference.key else None,
        caution=entry.caution if entry is not None else "",
    )
    with st.container(border=True):
        st.markdown(f"{_ICON[said.tone]} **{escape(said.headline)}** {escape(' '.join(said.sentences))}")


def _chance(stand: Stand, one: ComparedModel, other: ComparedModel) -> Chance:
    from seqlab.evaluation.significance import compare_pair  # imports scipy

    first, second = stand.forecast(one), stand.forecast(other)
    if first is None or second is None:
        return Chance(p_value=math.nan, method="", reason="the forecasts are gone.")
    test = compare_pair(first, second, loss="absolute")
    return Chance(p_value=test.p_value, method=test.method, reason=test.reason)
