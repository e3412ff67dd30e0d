"""The tests of the view "Is it luck?", computed once per choice and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.records import Forecast
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.stand import Stand

if TYPE_CHECKING:
    from seqlab.evaluation.confidence_set import ConfidenceSet
    from seqlab.evaluation.ranks import RankTest
    from seqlab.evaluation.verdict import PairTest

__all__ = ["LuckChoice", "confidence_set", "every_pair", "pair", "pair_steps", "ranks", "table_of_pairs"]

MOST_STEPS = 24  # pictures of more steps say no more; each step has a null distribution of its own to simulate


@dataclass(frozen=True, slots=True, kw_only=True)
class LuckChoice:
    """What is tested.

    Args:
        loss: key of the loss.
        step: steps ahead, from 1; ``None`` for the mean over the whole horizon.
        target: number of the column, from 0; ``None`` for the mean over all.
    """

    loss: str
    step: int | None
    target: int | None


def pair(stand: Stand, first: ComparedModel, second: ComparedModel, choice: LuckChoice) -> "PairTest":
    """The chosen pair."""
    return _pairs(_stamp(stand, [first, second]), choice.loss, choice.step, choice.target, stand, [first, second])[0][1]


def every_pair(stand: Stand, models: Sequence[ComparedModel], choice: LuckChoice) -> "list[list[PairTest]]":
    """Row i, column j compares model i with model j."""
    return _pairs(_stamp(stand, models), choice.loss, choice.step, choice.target, stand, models)


def pair_steps(stand: Stand, first: ComparedModel, second: ComparedModel, choice: LuckChoice) -> "list[PairTest]":
    """The chosen pair at every step ahead, or at 24 of them spread over a longer horizon."""
    models = [first, second]
    steps = np.unique(np.rint(np.linspace(1, stand.horizon, min(stand.horizon, MOST_STEPS))).astype(int))
    return [_pairs(_stamp(stand, models), choice.loss, int(step), choice.target, stand, models)[0][1] for step in steps]


def confidence_set(stand: Stand, models: Sequence[ComparedModel], choice: LuckChoice) -> "ConfidenceSet":
    """Which of the models may be the best."""
    return _set(_stamp(stand, models), choice.loss, choice.step, choice.target, stand, models)


def ranks(stand: Stand, models: Sequence[ComparedModel], choice: LuckChoice) -> "RankTest":
    """The models ranked on every column of the data."""
    return _ranks(_stamp(stand, models), choice.loss, choice.step, stand, models)


def table_of_pairs(pairs: "Sequence[Sequence[PairTest]]") -> pd.DataFrame:
    """One row per pair, each once."""
    return pd.DataFrame(
        [
            {
                "first": one.first,
                "second": one.second,
                "loss": one.loss,
                "step": "all" if one.step is None else one.step,
                "difference": one.difference,
                "share": one.share,
                "statistic": one.statistic,
                "p_value": one.p_value,
                "hln_statistic": one.hln_statistic,
                "hln_p_value": one.hln_p_value,
                "origins": one.origins,
                "overlap": one.overlap,
                "reason": one.reason or one.hln_reason,
            }
            for row, line in enumerate(pairs)
            for one in line[row + 1 :]
        ]
    )


def _stamp(stand: Stand, models: Sequence[ComparedModel]) -> str:
    """Changes when the comparison was made again: names the stored forecasts."""
    return f"{stand.run.run_id} {[(model.key, model.number, model.seconds) for model in models]}"


def _forecasts(stand: Stand, models: Sequence[ComparedModel]) -> list[Forecast]:
    found = [stand.forecast(model) for model in models]
    return [forecast for forecast in found if forecast is not None]


@st.cache_data(max_entries=200, show_spinner=False)
def _pairs(
    stamp: str,  # noqa: ARG001 - the stamp tells old forecasts from new
    loss: str,
    step: int | None,
    target: int | None,
    _stand: Stand,
    _models: Sequence[ComparedModel],
) -> "list[list[PairTest]]":
    from seqlab.evaluation.verdict import pairs_of

    return pairs_of(_forecasts(_stand, _models), loss=loss, step=step, target=target)


@st.cache_data(max_entries=50, show_spinner="Throwing out models, one by one")
def _set(
    stamp: str,  # noqa: ARG001 - as above
    loss: str,
    step: int | None,
    target: int | None,
    _stand: Stand,
    _models: Sequence[ComparedModel],
) -> "ConfidenceSet":
    from seqlab.evaluation.confidence_set import confidence_set_of
    from seqlab.evaluation.losses import loss_table

    return confidence_set_of(loss_table(_forecasts(_stand, _models), loss=loss, step=step, target=target))


@st.cache_data(max_entries=50, show_spinner=False)
def _ranks(
    stamp: str,  # noqa: ARG001 - as above
    loss: str,
    step: int | None,
    _stand: Stand,
    _models: Sequence[ComparedModel],
) -> "RankTest":
    from seqlab.evaluation.losses import loss_table
    from seqlab.evaluation.ranks import rank_test

    forecasts = _forecasts(_stand, _models)
    columns = range(len(forecasts[0].targets))
    return rank_test(np.array([loss_table(forecasts, loss=loss, step=step, target=column).losses.mean(axis=0) for column in columns]))
