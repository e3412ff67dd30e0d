"""The networks of a backtest: whether they can take part, what they forecast together, and under which keys they stand."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seqlab.config import BacktestConfig
from seqlab.data.series import SeriesDataset
from seqlab.errors import ConfigError, DataError
from seqlab.evaluation.comparison import NETWORK
from seqlab.evaluation.recursive import check_recursive
from seqlab.records import SplitBounds

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["check_model", "common_bounds", "common_targets", "networks_of"]


def networks_of(models: "Sequence[Fitted]", config: BacktestConfig) -> "dict[str, tuple[str, Fitted, int, BacktestConfig]]":
    """Key → name on the screen, network, seed, and the config with one strategy."""
    made: dict[str, tuple[str, Fitted, int, BacktestConfig]] = {}
    strategies = ("direct", "recursive") if config.strategy == "both" else (config.strategy,)
    seeds = config.seeds if config.networks == "train" else 1
    for number, model in enumerate(models):
        which = f":{number + 1}" if number else ""
        before = sum(other.name == model.name for other in models[:number])
        name = f"{model.name} ({before + 1})" if before else model.name
        for more in range(seeds):
            seed = model.spec.training.seed + more
            key = f"seed:{seed}{which}" if more else f"{NETWORK}{which}"
            for strategy in strategies:
                how, said = (":recursive", ", recursive") if (config.strategy, strategy) == ("both", "recursive") else ("", "")
                label = f"{name}, seed {seed}{said}" if more else f"{name}{said}"
                made[f"{key}{how}"] = (label, model, seed, dataclasses.replace(config, strategy=strategy))
    return made


def common_bounds(models: "Sequence[Fitted]") -> SplitBounds | None:
    """The rows that are test part for every network."""
    if not models:
        return None
    every = [model.series.bounds for model in models]
    return SplitBounds(
        train_end=max(one.train_end for one in every),
        validation_end=max(one.validation_end for one in every),
        end=min(one.end for one in every),
    )


def check_model(model: "Fitted", dataset: SeriesDataset, horizon: int, config: BacktestConfig) -> None:
    """Makes sure that a network can take part.

    Raises:
        DataError: it was trained on other data.
        ConfigError: it cannot forecast so many steps in the way that is asked for.
    """
    if model.series.dataset.fingerprint != dataset.fingerprint:
        raise DataError(
            f"The model {model.name!r} was trained on {model.series.dataset.label!r}, not on this data ({dataset.label!r}): "
            "the fingerprints differ. Give the data set it was trained on, or train it on this one."
        )
    trained = model.spec.window.horizon
    if config.strategy != "direct":
        check_recursive(model, config.block)
    if config.networks == "keep" and trained != horizon and (config.strategy != "recursive" or trained > horizon):
        recursive = ", or the recursive strategy" if trained < horizon else ""
        raise ConfigError(
            f"The model {model.name!r} forecasts {trained} steps, but the backtest asks for {horizon}. "
            f"Use horizon={trained}{recursive}, or train a model with that horizon."
        )


def common_targets(dataset: SeriesDataset, models: "Sequence[Fitted]") -> tuple[str, ...]:
    """The columns that all networks forecast; without a network those of the data set.

    Raises:
        ConfigError: two networks forecast different ones.
    """
    if not models:
        return dataset.targets
    targets = models[0].prepared.target_names
    for model in models:
        if model.series.target_names != targets:
            raise ConfigError(
                f"The models forecast different targets: {models[0].name!r} {', '.join(targets)}; {model.name!r} "
                f"{', '.join(model.series.target_names)}. Backtest them one at a time."
            )
    return targets
