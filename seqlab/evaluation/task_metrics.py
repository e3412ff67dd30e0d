"""TASK_METRICS: the one table of the scores of sequences, words and tags. Describing one costs no heavy import."""

from collections.abc import Mapping
from types import MappingProxyType

from seqlab.evaluation.metric_table import METRICS, MetricEntry

__all__ = ["TASK_METRICS"]


def _entry(key: str, label: str, formula: str, sentence: str, *, higher: bool = True) -> MetricEntry:
    return MetricEntry(key=key, label=label, formula=formula, sentence=sentence, higher_is_better=higher)


_ENTRIES = (
    _entry("accuracy", "Accuracy", r"\frac1n \sum \mathbf 1\{\hat y = y\}", "Share of the answers that are right."),
    _entry(
        "balanced_accuracy",
        "Balanced accuracy",
        r"\frac1C \sum_c \frac{\text{right}_c}{\text{support}_c}",
        "Share of right answers within each class, and then the mean of the classes: a rare class counts as much as a common one.",
    ),
    _entry(
        "macro_f1",
        "Macro F1",
        r"\frac1C \sum_c \frac{2\,\text{right}_c}{\text{support}_c + \text{said}_c}",
        "F1 of each class, and then the mean of the classes; low where rare classes are never found.",
    ),
    _entry("precision", "Precision", r"\frac{\text{right}}{\text{said}}", "How often it is right when it says so."),
    _entry("recall", "Recall", r"\frac{\text{right}}{\text{support}}", "Share of what is there that was found."),
    _entry(
        "f1",
        "F1",
        r"\frac{2\,\text{right}}{\text{support} + \text{said}}",
        "Harmonic mean of precision and recall: high only if both are.",
    ),
    _entry(
        "roc_auc",
        "ROC area",
        r"P(\hat p_+ > \hat p_-)",
        "How often an example of the class is given a higher probability than one of another class; 0.5 is guessing. "
        "Of many classes the mean.",
    ),
    _entry(
        "average_precision",
        "Average precision",
        r"\sum_k (R_k - R_{k-1}) P_k",
        "Area under precision against recall; guessing reaches the share of the class. Of many classes the mean.",
    ),
    _entry(
        "log_loss",
        "Log loss",
        r"-\frac1n \sum \ln \hat p_y",
        "Cross-entropy: how surprised the model is by the right classes, in nats. Certain and wrong costs most.",
        higher=False,
    ),
    _entry(
        "brier",
        "Brier score",
        r"\frac1n \sum (\hat p - \mathbf 1_y)^2",
        "Mean squared error of the probabilities: of the positive class if there are two, else summed over the classes.",
        higher=False,
    ),
    _entry(
        "calibration_error",
        "Calibration error",
        r"\sum_{b=1}^{10} \frac{n_b}{n} \left| \text{accuracy}_b - \text{confidence}_b \right|",
        "How far the largest probability is from how often it is right, over ten bins of equal width.",
        higher=False,
    ),
    _entry(
        "entity_precision",
        "Entity precision",
        r"\frac{\text{right}}{\text{said}}",
        "Share of the entities that were said whose kind, first and last word are all right.",
    ),
    _entry(
        "entity_recall",
        "Entity recall",
        r"\frac{\text{right}}{\text{support}}",
        "Share of the entities that are there whose kind, first and last word were all found.",
    ),
    _entry(
        "entity_f1",
        "Entity F1",
        r"\frac{2\,\text{right}}{\text{support} + \text{said}}",
        "Harmonic mean of both over whole entities, counted as conlleval does; the figure that papers print.",
    ),
    _entry(
        "exact_match",
        "Exact match",
        r"\frac1n \sum \mathbf 1\{\hat y = y\}",
        "Share of the sequences that were written without a single error. One minus it is the word error rate of a word's sounds.",
    ),
    _entry(
        "symbol_error_rate",
        "Symbol error rate",
        r"\frac{\sum \text{edits}}{\sum |y|}",
        "Characters, words or sounds to put in, take out or change, over all that are right; above 1 if much too much was written.",
        higher=False,
    ),
    _entry(
        "character_error_rate",
        "Character error rate",
        r"\frac{\sum \text{edits}}{\sum |y|}",
        "The same counted in characters of the joined text.",
        higher=False,
    ),
    _entry(
        "bleu",
        "BLEU",
        r"100\, \text{BP} \prod_{k=1}^4 P_k^{1/4}",
        "Share of runs of one to four words that the right text holds too, 0 to 100; sacrebleu's count.",
    ),
    _entry(
        "chrf",
        "chrF",
        r"100\, \frac{5 P R}{4 P + R}",
        "F-score of runs of one to six characters, recall counted twice as much, 0 to 100; sacrebleu's count.",
    ),
    _entry("mse", "MSE", r"\frac1n \sum (y - \hat y)^2", "Mean squared error, in the data's own units squared.", higher=False),
    METRICS["mae"],
    METRICS["r2"],
)

TASK_METRICS: Mapping[str, MetricEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})
