"""Which model's answers are looked at; no menu while there is one only."""

import streamlit as st

from seqlab.ui.judge.stand import JudgedModel, JudgeStand

__all__ = ["choose_model"]


def choose_model(stand: JudgeStand) -> JudgedModel:
    """The network, or one of the baselines that was chosen instead; kept in the address."""
    names = {model.name: model for model in stand.models}
    if len(names) < 2:
        return stand.network
    chosen = st.selectbox("Answers of", list(names), key="model", bind="query-params", width=280)
    return names.get(chosen, stand.network)
