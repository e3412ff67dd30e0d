"""A trained network beside the baselines and beside itself with other seeds, one piece of work at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from seqlab.baselines.table import BASELINES, baseline_entry, by_cost
from seqlab.config import CompareConfig
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.evaluation.forecast import forecast_baseline, forecast_fitted, plan_for
from seqlab.evaluation.origins import part_origins
from seqlab.evaluation.score import score_forecast
from seqlab.records import Forecast, Prediction, Score

if TYPE_CHECKING:
    from seqlab.evaluation.sequence_comparison import SequenceComparison
    from seqlab.training.fitted import Fitted

__all__ = ["NETWORK", "Comparison", "Piece", "compare", "train_again"]

NETWORK = "fitted"
"""Key of the network that is compared."""

QUICK = 2.0
"""Baselines whose ``cost`` is below this come before anything that takes long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing a comparison computes.

    Args:
        key: :data:`NETWORK`, a key of ``seqlab.BASELINES``, or ``seed:<seed>`` for the network trained again.
        part: ``test`` for the forecasts that are judged, ``validation`` for those that intervals are calibrated on.
        label: what is done, as a sentence.
    """

    key: str
    part: str
    label: str


def _say_nothing(sentence: str) -> None:
    del sentence


class Comparison:
    """The pieces of one comparison, and how to compute each.

    All models forecast from the same origins. A baseline is fitted once, to all rows before the part it forecasts, in the
    data's own units, and then follows the part's values; a network keeps its weights.

    Args:
        fitted: the network with its data.
        config: baselines, seeds and budgets.
        limit: at most so many origins; see :func:`seqlab.evaluation.origins.part_origins`.

    Raises:
        UnknownKeyError: there is no such baseline.

    Attributes:
        pieces: in the order in which they should be computed: what is quick first, intervals last.
        skipped: baseline → why it cannot be used on this data.
    """

    def __init__(self, fitted: "Fitted", config: CompareConfig, *, limit: int = 500) -> None:
        self._fitted = fitted
        self._config = config
        self._limit = limit
        asked = by_cost(config.baselines or BASELINES)
        targets = len(fitted.series.target_names)
        self.skipped = {key: reason for key in asked if (reason := baseline_entry(key).why_not(targets))}
        usable = [key for key in asked if key not in self.skipped]
        seed = fitted.spec.training.seed
        models = [NETWORK, *[key for key in usable if baseline_entry(key).cost < QUICK]]
        models += [f"seed:{seed + number}" for number in range(1, config.seeds)]
        models += [key for key in usable if baseline_entry(key).cost >= QUICK]
        self.pieces = tuple(Piece(key=key, part="test", label=self._label(key)) for key in models)
        if config.intervals:
            self.pieces += tuple(
                Piece(key=key, part="validation", label=f"{self.name(key)} forecasts the validation part, for its intervals.")
                for key in models
                if not key.startswith("seed:")
            )

    def name(self, key: str) -> str:
        """The name on the screen of a model."""
        if key == NETWORK:
            return self._fitted.name
        return f"{self._fitted.name}, seed {key[5:]}" if key.startswith("seed:") else baseline_entry(key).label

    def _label(self, key: str) -> str:
        if key == NETWORK:
            return f"{self._fitted.name} forecasts the test part."
        if key.startswith("seed:"):
            return f"{self._fitted.name} is trained again with seed {key[5:]}."
        return f"{baseline_entry(key).label} is fitted and forecasts the test part."

    def compute(self, piece: Piece, say: Callable[[str], None] = _say_nothing) -> Forecast:
        """The forecasts of one piece.

        Args:
            piece: one of :attr:`pieces`.
            say: told what is going on in between; called often.

        Raises:
            SeqlabError: it cannot be fitted or trained.
        """
        prepared = self._fitted.series
        origins = part_origins(prepared, piece.part, self._limit)
        if piece.key == NETWORK:
            return forecast_fitted(self._fitted, origins, piece.part)
        if piece.key.startswith("seed:"):
            again = train_again(self._fitted, int(piece.key[5:]), say)
            return replace(forecast_fitted(again, origins, piece.part), model=self.name(piece.key))
        plan = replace(plan_for(prepared, self._config.seconds), say=say)
        return forecast_baseline(piece.key, prepared, origins, piece.part, plan)

    def scores(self, said: Prediction) -> tuple[Score, ...]:
        """The scores of a forecast of the test part: the mean over the targets."""
        if not isinstance(said, Forecast):
            raise TypeError("a series is forecast")
        return score_forecast(said, self._fitted.series)


def train_again(fitted: "Fitted", seed: int, say: Callable[[str], None]) -> "Fitted":
    """The same network, trained on the same windows from another random start."""
    from seqlab.records import EpochRecord
    from seqlab.training.session import TrainingSession  # imports torch

    training = replace(fitted.spec.training, seed=seed)
    session = TrainingSession.start(fitted.spec.replace(training=training))
    for event in session.events():
        if isinstance(event, EpochRecord):
            say(f"Epoch {event.epoch} of {training.epochs}, validation loss {event.validation_loss:.4g}.")
    return session.fitted()


def compare(fitted: "Fitted", config: CompareConfig | None = None, *, limit: int = 500) -> pd.DataFrame:
    """Judge a network, its other seeds and the baselines on the test part.

    Args:
        fitted: the network with its data.
        config: baselines, seeds and budgets; ``None`` for all baselines and three seeds.
        limit: at most so many origins of forecasts.

    Returns:
        One row per model: ``model``, one column per metric of the task (of a forecast the mean over the targets; NaN where it is not
        computable), ``seconds`` of fitting and answering. ``attrs["notes"]`` lists what models want said,
        ``attrs["skipped"]`` which baselines cannot be used.

    Raises:
        UnknownKeyError: there is no such baseline.

    Example:
        >>> from seqlab import RunSpec, TrainConfig, fit
        >>> fitted = fit(RunSpec(dataset="airline_passengers", training=TrainConfig(epochs=1)))
        >>> compare(fitted, CompareConfig(baselines=("naive",), seeds=1))["model"].tolist()
        ['LSTM 32', 'Naive']
    """
    config = config if config is not None else CompareConfig()
    prepared = fitted.prepared
    comparison: Comparison | SequenceComparison
    if isinstance(prepared, PreparedSequences):
        from seqlab.evaluation import sequence_comparison  # it is made of pieces from here

        comparison = sequence_comparison.SequenceComparison(fitted, config)
    else:
        comparison = Comparison(fitted, config, limit=limit)
    rows, notes = [], []
    for piece in comparison.pieces:
        if piece.part == "test":
            said = comparison.compute(piece)
            scores = {one.metric: one.value for one in comparison.scores(said) if not one.target}
            rows.append({"model": said.model, **scores, "seconds": said.seconds})
            notes += [f"{said.model}: {note}" for note in said.notes]
    table = pd.DataFrame(rows)
    table.attrs["notes"] = notes
    table.attrs["skipped"] = list(comparison.skipped.values())
    return table
