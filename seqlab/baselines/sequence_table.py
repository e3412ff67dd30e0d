"""SEQUENCE_BASELINES: the one table of baselines of sequences, words and tags. Describing one costs no heavy import."""

import dataclasses
import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from threadpoolctl import threadpool_limits

from seqlab.baselines.plan import SECONDS, Budget
from seqlab.baselines.sequence_parts import PreparedParts, data_kind
from seqlab.errors import DataError, UnknownKeyError
from seqlab.records import Prediction

__all__ = ["SEQUENCE_BASELINES", "SequenceBaselineEntry", "baselines_for", "sequence_baseline_entry"]

PredictSequences = Callable[[PreparedParts, str, Budget], Prediction]


def _say_nothing(sentence: str) -> None:
    del sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceBaselineEntry:
    """One baseline of sequences.

    Args:
        key: key in :data:`SEQUENCE_BASELINES`.
        label: name on the screen.
        sentence: what it does, for somebody who has read nothing.
        tasks: keys of :data:`seqlab.tasks.TASKS` that it answers.
        kinds: data that it reads: ``"numeric"`` sequences, ``"text"``, or both.
        reference: paper or book; empty if there is nothing to read.
        cost: seconds on one core for the data set of the catalog that it takes longest for; cheaper ones are shown first.
        implementation: ``module:function`` of what predicts, imported when used.
    """

    key: str
    label: str
    sentence: str
    tasks: tuple[str, ...]
    kinds: tuple[str, ...]
    reference: str
    cost: float
    implementation: str

    def why_not(self, dataset: object) -> str:
        """Why it cannot be used on a data set, as a sentence; empty if it can."""
        task, kind = getattr(dataset, "task", ""), data_kind(dataset)
        if task in self.tasks and kind in self.kinds:
            return ""
        return (
            f"{self.label} answers {' and '.join(self.tasks)} on {' and '.join(self.kinds)} data; this is {task} on {kind or 'a series'}."
        )

    def load(self) -> PredictSequences:
        """The function that predicts; imports scikit-learn where that does the work."""
        module, name = self.implementation.split(":")
        return cast("PredictSequences", getattr(importlib.import_module(module), name))

    def fit_predict(
        self, prepared: PreparedParts, part: str = "test", *, seconds: float = SECONDS, say: Callable[[str], None] = _say_nothing
    ) -> Prediction:
        """Learn from the training part, and answer another part.

        Args:
            prepared: a data set made ready for a run; see :class:`seqlab.baselines.sequence_parts.PreparedParts`.
            part: ``"test"``, ``"validation"`` or ``"train"``.
            seconds: how long it may take; a method that would take longer stops and says in its notes what it did instead.
            say: told what is going on, in a sentence; called often.

        Returns:
            The record of the task: :class:`~seqlab.records.ClassPrediction` for classify and tag,
            :class:`~seqlab.records.WrittenPrediction` for translate, :class:`~seqlab.records.Forecast` for numbers.

        Raises:
            DataError: it does not fit this task or this data.
        """
        reason = self.why_not(prepared.dataset)
        if reason:
            raise DataError(f"{reason} Choose another baseline.")
        predict, started = self.load(), time.perf_counter()
        # As for the baselines of series: BLAS threads only wait for each other, and for the network that trains beside.
        with threadpool_limits(1, user_api="blas"):
            made = predict(prepared, part, Budget(seconds, say))
        return dataclasses.replace(made, model=self.label, seconds=time.perf_counter() - started)


_ENTRIES = (
    SequenceBaselineEntry(
        key="majority",
        label="Most common class",
        sentence="Always says the class that is most common in the training part. What cannot beat this has learnt nothing.",
        tasks=("classify", "tag"),
        kinds=("numeric", "text"),
        reference="",
        cost=0.02,
        implementation="seqlab.baselines.trivial:predict_majority",
    ),
    SequenceBaselineEntry(
        key="mean",
        label="Mean answer",
        sentence="Always says the mean of the training part's answers. What cannot beat this has learnt nothing.",
        tasks=("regress", "regress_steps"),
        kinds=("numeric",),
        reference="",
        cost=0.03,
        implementation="seqlab.baselines.trivial:predict_mean",
    ),
    SequenceBaselineEntry(
        key="copy_source",
        label="Copy of the source",
        sentence="Writes down what it reads. Not useless where names, numbers and dates stay as they are.",
        tasks=("translate",),
        kinds=("text",),
        reference="",
        cost=0.03,
        implementation="seqlab.baselines.writers:predict_copy_source",
    ),
    SequenceBaselineEntry(
        key="most_frequent_tag",
        label="Usual tag of the word",
        sentence="Gives each word the tag it has most often in the training part, and an unknown word the most common tag of all.",
        tasks=("tag",),
        kinds=("text",),
        reference="Jurafsky & Martin, Speech and Language Processing, 3rd ed., section 17.2",
        cost=0.15,
        implementation="seqlab.baselines.taggers:predict_most_frequent_tag",
    ),
    SequenceBaselineEntry(
        key="nearest_euclidean",
        label="Nearest sequence",
        sentence="Says the class of the training sequence that is closest step by step; lengths are made equal by stretching.",
        tasks=("classify",),
        kinds=("numeric",),
        reference="Bagnall et al. (2017), Data Mining and Knowledge Discovery 31",
        cost=0.3,
        implementation="seqlab.baselines.neighbours:predict_nearest_euclidean",
    ),
    SequenceBaselineEntry(
        key="hmm_viterbi",
        label="Hidden Markov model",
        sentence="Counts which tag follows which and which word has which tag, and finds the most probable tags of the whole sentence.",
        tasks=("tag",),
        kinds=("text",),
        reference="Brants (2000), TnT: a statistical part-of-speech tagger",
        cost=0.4,
        implementation="seqlab.baselines.taggers:predict_hmm_viterbi",
    ),
    SequenceBaselineEntry(
        key="pooled_logistic",
        label="Logistic regression of statistics",
        sentence="Sees only mean, spread, smallest, largest, first and last value of each feature: what was measured, not in which order.",
        tasks=("classify",),
        kinds=("numeric",),
        reference="Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 4.4",
        cost=0.6,
        implementation="seqlab.baselines.logistic:predict_pooled_logistic",
    ),
    SequenceBaselineEntry(
        key="nearest_source",
        label="Answer of the nearest source",
        sentence="Looks up the training pair whose source is spelled most alike, and writes its answer.",
        tasks=("translate",),
        kinds=("text",),
        reference="Myers (1999), Journal of the ACM 46(3)",
        cost=3.0,
        implementation="seqlab.baselines.writers:predict_nearest_source",
    ),
    SequenceBaselineEntry(
        key="tfidf_logistic",
        label="TF-IDF + logistic regression",
        sentence="Weighs which words and pairs of words, or which runs of characters, a text holds; their order beyond that is lost.",
        tasks=("classify",),
        kinds=("text",),
        reference="Manning, Raghavan & Schütze (2008), Introduction to Information Retrieval, chapters 6 and 13",
        cost=6.0,
        implementation="seqlab.baselines.logistic:predict_tfidf_logistic",
    ),
    SequenceBaselineEntry(
        key="nearest_dtw",
        label="Nearest sequence, time warped",
        sentence="Says the class of the training sequence that is closest when each may wait for the other: the same gesture, done slower.",
        tasks=("classify",),
        kinds=("numeric",),
        reference="Sakoe & Chiba (1978); Bagnall et al. (2017), Data Mining and Knowledge Discovery 31",
        cost=40.0,
        implementation="seqlab.baselines.neighbours:predict_nearest_dtw",
    ),
)

SEQUENCE_BASELINES: Mapping[str, SequenceBaselineEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def sequence_baseline_entry(key: str) -> SequenceBaselineEntry:
    """The entry of one baseline.

    Raises:
        UnknownKeyError: there is no such baseline.

    Example:
        >>> sequence_baseline_entry("majority").tasks
        ('classify', 'tag')
    """
    if key not in SEQUENCE_BASELINES:
        raise UnknownKeyError.of("baseline of sequences", key, list(SEQUENCE_BASELINES))
    return SEQUENCE_BASELINES[key]


def baselines_for(dataset: object) -> tuple[SequenceBaselineEntry, ...]:
    """The baselines that fit a data set, the cheapest first.

    Example:
        >>> from seqlab.data.tokens import TokenDataset
        >>> data = TokenDataset(label="Demo", task="classify", texts=("Good.", "Bad."), labels=("yes", "no"))
        >>> [entry.key for entry in baselines_for(data)]
        ['majority', 'tfidf_logistic']
    """
    fitting = (entry for entry in _ENTRIES if not entry.why_not(dataset))
    return tuple(sorted(fitting, key=lambda entry: entry.cost))
