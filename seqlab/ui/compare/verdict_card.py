"""The verdict on the page: a card with the answer, and the numbers behind it."""

import streamlit as st

from seqlab.data.catalog import DATASETS
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.verdict import reference_model, verdict
from seqlab.ui.messages import escape

__all__ = ["draw_verdict"]

_ICON = {"better": ":material/thumb_up:", "worse": ":material/thumb_down:", "open": ":material/balance:"}


def draw_verdict(stand: Stand) -> None:
    """The card; nothing before the network and the simple forecast to beat are both there."""
    network, reference = stand.network, reference_model(stand.models, stand.season_length)
    if network is None or reference is None:
        return
    entry = DATASETS.get(stand.dataset.key)
    said = verdict(network, stand.seeds, reference, stand.models, caution=entry.caution if entry is not None else "")
    with st.container(border=True):
        st.markdown(f"{_ICON[said.tone]} **{escape(said.headline)}** {escape(' '.join(said.sentences))}")
