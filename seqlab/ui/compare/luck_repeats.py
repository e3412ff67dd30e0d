"""What repeating says: the same network with other seeds, and the same models on many columns."""

import numpy as np
import streamlit as st

from seqlab.evaluation.metric_table import METRICS
from seqlab.figures.ranks import plot_mean_ranks
from seqlab.figures.seeds import plot_seeds
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare import luck_numbers as numbers
from seqlab.ui.compare.luck_numbers import LuckChoice
from seqlab.ui.compare.scores import score_of
from seqlab.ui.compare.stand import NETWORK, SEED, Stand
from seqlab.ui.compare.verdict import reference_model
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number

__all__ = ["draw_columns", "draw_seeds"]

FEWEST_COLUMNS = 5


def draw_seeds(stand: Stand, other: ComparedModel, choice: LuckChoice) -> None:
    """Mean and spread over the seeds beside the error of ``other``, or of the forecast to beat if that is a network itself."""
    from seqlab.evaluation.seeds import seed_spread

    st.subheader("Is it the luck of a seed?", anchor=False)
    network = stand.network
    if network is None or not stand.seeds:
        st.markdown(
            "A network starts from random weights. Trained again with another seed it comes out a little different, and a lead smaller "
            "than that says nothing about the method. There is only one seed here: compare again with more seeds."
        )
        return
    own = (network, *stand.seeds)
    beaten = other if other.key != NETWORK and not other.key.startswith(SEED) else reference_model(stand.models, stand.season_length)
    several = choice.target is None  # columns of different units have no common mean absolute error
    squared = choice.loss == "squared"
    metric = ("rmsse" if squared else "mase") if several else ("rmse" if squared else "mae")
    label = METRICS[metric].label
    target = stand.targets[choice.target] if choice.target is not None and len(stand.targets) > 1 else ""
    values = [score_of(model, metric, target) for model in own]
    reference = score_of(beaten, metric, target) if beaten is not None else float("nan")
    spread = seed_spread(values, reference)
    name = beaten.model if beaten is not None else "the forecast to beat"
    if spread.reason:
        st.markdown(escape(spread.reason))
    else:
        st.markdown(
            escape(
                f"{spread.sentence.replace('the reference', name)} {len(values):,} trainings of {network.model}: {label} "
                f"{number(spread.mean)} on average, standard deviation {number(spread.deviation, 2)}, from {number(min(values))} to "
                f"{number(max(values))}; the mean of many seeds lies between {number(spread.low)} and {number(spread.high)} (95 %, "
                f"t distribution). {name}: {number(reference)}."
            )
        )
    show_figure(
        plot_seeds(
            ["this run", *(f"seed {model.key.removeprefix(SEED)}" for model in stand.seeds)],
            np.array(values),
            reference=reference,
            reference_name=name,
            label=f"{label}{f' of {target}' if target else ''}, all steps{', mean over all columns' if several else ''}",
        ),
        key="luck_seeds",
        alt=f"The {label} of every seed beside that of {name}",
    )


def draw_columns(stand: Stand, models: list[ComparedModel], choice: LuckChoice) -> None:
    """Mean ranks over the target columns, where there are enough of both."""
    st.subheader("Does it hold on many series?", anchor=False)
    if len(stand.targets) < FEWEST_COLUMNS:
        columns = f"{len(stand.targets):,} target column{'s' if len(stand.targets) > 1 else ''}"
        st.markdown(
            f"A model that is better on many series is hardly lucky. This run forecasts {columns}; ranks over series (Friedman, Nemenyi) "
            f"say something from {FEWEST_COLUMNS} on."
        )
        return
    found = numbers.ranks(stand, models, choice)
    if found.reason:
        st.markdown(escape(found.reason))
        return
    best = models[int(np.argmin(found.mean_ranks))].model
    chance = "less than 0.01 %" if found.p_value < 1e-4 else f"{100 * found.p_value:.2g} %"
    st.markdown(
        escape(
            f"On each of {found.series:,} columns the models are ranked by their loss. {best} has the best mean rank, "
            f"{number(float(found.mean_ranks.min()), 3)} of {len(models):,}. Equally good models would differ so much in {chance} of cases "
            f"(Friedman test, χ² = {number(found.statistic, 3)}). Two mean ranks must differ by {found.critical_difference:.2f} to be told "
            "apart at 5 % (Nemenyi). The test takes the columns for independent; columns that move together count for fewer."
        )
    )
    show_figure(
        plot_mean_ranks([model.model for model in models], found.mean_ranks, found.critical_difference),
        key="luck_ranks",
        alt="Mean rank of every model over the columns, with the critical difference",
    )
