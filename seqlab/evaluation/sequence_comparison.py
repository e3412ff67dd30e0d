"""What a network for sequences is compared with, piece by piece: baselines of its task, and the same network from other seeds."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from seqlab.baselines.sequence_table import SEQUENCE_BASELINES, baselines_for, sequence_baseline_entry
from seqlab.config import CompareConfig
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.evaluation.comparison import NETWORK, Piece, train_again
from seqlab.evaluation.judge import judge, score_said
from seqlab.records import Prediction, Score

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["SequenceComparison"]


def _say_nothing(sentence: str) -> None:
    del sentence


class SequenceComparison:
    """The pieces of a comparison; the same sequences of the test part are asked of every model.

    Baselines learn from the training part only, as the network's weights do.

    Args:
        fitted: the network with its data.
        config: baselines (keys of :data:`~seqlab.baselines.sequence_table.SEQUENCE_BASELINES`), seeds and budgets.

    Attributes:
        pieces: in the order in which they should be computed: what is quick first.
        skipped: baseline → why it cannot be used on this data.
    """

    def __init__(self, fitted: "Fitted", config: CompareConfig) -> None:
        if not isinstance(fitted.prepared, PreparedSequences):
            raise TypeError("This comparison is for sequences; a series has its own.")
        self._fitted, self._config = fitted, config
        self._prepared = fitted.prepared
        dataset = self._prepared.dataset
        asked = [sequence_baseline_entry(key) for key in config.baselines] or list(baselines_for(dataset))
        self.skipped = {entry.key: reason for entry in asked if (reason := entry.why_not(dataset))}
        usable = [entry.key for entry in sorted(asked, key=lambda entry: entry.cost) if entry.key not in self.skipped]
        seed = fitted.spec.training.seed
        models = [NETWORK, *usable, *[f"seed:{seed + number}" for number in range(1, config.seeds)]]
        self.pieces = tuple(Piece(key=key, part="test", label=self._label(key)) for key in models)

    def name(self, key: str) -> str:
        """The name on the screen of a model."""
        if key == NETWORK:
            return self._fitted.name
        return f"{self._fitted.name}, seed {key[5:]}" if key.startswith("seed:") else SEQUENCE_BASELINES[key].label

    def _label(self, key: str) -> str:
        if key == NETWORK:
            return f"{self._fitted.name} answers the test part."
        if key.startswith("seed:"):
            return f"{self._fitted.name} is trained again with seed {key[5:]}."
        return f"{SEQUENCE_BASELINES[key].label} is fitted and answers the test part."

    def compute(self, piece: Piece, say: Callable[[str], None] = _say_nothing) -> Prediction:
        """What one model says of the test part.

        Args:
            piece: one of :attr:`pieces`.
            say: told what is going on in between; called often.

        Raises:
            SeqlabError: it cannot be fitted or trained.
        """
        if piece.key == NETWORK:
            return judge(self._fitted)[0]
        if piece.key.startswith("seed:"):
            return replace(judge(train_again(self._fitted, int(piece.key[5:]), say))[0], model=self.name(piece.key))
        return SEQUENCE_BASELINES[piece.key].fit_predict(self._prepared, piece.part, seconds=self._config.seconds, say=say)

    def scores(self, said: Prediction) -> tuple[Score, ...]:
        """The scores of an answer, the one that sums it up first."""
        return score_said(said, self._prepared)
