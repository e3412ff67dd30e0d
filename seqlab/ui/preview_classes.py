"""Classes that a network says while it learns: examples with right and wrong, and which classes are taken for which."""

import html

import numpy as np
import numpy.typing as npt

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.records import ClassPrediction, Prediction
from seqlab.ui.preview_html import HtmlPreview
from seqlab.ui.step_names import step_names
from seqlab.ui.tagged_text import NOTHING, TaggedToken, tagged_html
from seqlab.ui.thumbnail import runs_down, thumbnail

__all__ = ["ClassesPreview", "TagsPreview", "spread_rows"]

EXAMPLES = 10
MOST_CHARACTERS = 360  # of all examples together: long texts are fewer
SENTENCES = 6
MOST_TOKENS = 90
MOST_CLASSES = 12  # of a matrix; of more only the pairs that are confused most are named
UPRIGHT_FROM, SHORT_NAME = 5, 3  # more classes with longer names have their names turned
LONGEST_TEXT = 80  # characters
LONGEST_TAGGED = 40  # tokens


class ClassesPreview(HtmlPreview):
    """A class of every whole sequence.

    Args:
        dataset: the run's data.
    """

    def __init__(self, dataset: SequenceDataset | TokenDataset) -> None:
        super().__init__("Examples appear here after the first epoch, and turn right as the model learns.")
        self._dataset = dataset
        self._pictures: dict[int, str] = {}
        self._limits = _limits(dataset)
        self._examples = EXAMPLES
        if isinstance(dataset, TokenDataset):
            usual = min(LONGEST_TEXT, float(np.median([len(text) for text in dataset.written_texts])))
            self._examples = int(np.clip(MOST_CHARACTERS // usual, 4, EXAMPLES))
        self._down = isinstance(dataset, SequenceDataset) and runs_down(dataset.sequences)

    def html(self, said: Prediction, where: str) -> str:
        """See :meth:`HtmlPreview.html`."""
        if not isinstance(said, ClassPrediction) or not len(said.samples):
            return ""
        true, chosen = said.y_true[:, 0], said.y_pred[:, 0]
        head = f"{where}: {int((true == chosen).sum()):,} of {len(true):,} sequences looked at are right."
        shown = spread_rows(len(true), self._examples)
        strip = "".join(self._example(said, int(row)) for row in shown)
        return f'<div class="say">{head}</div><div class="strip">{strip}</div>{_confused(true, chosen, said.classes)}'

    def _example(self, said: ClassPrediction, row: int) -> str:
        true, chosen = said.classes[int(said.y_true[row, 0])], said.classes[int(said.y_pred[row, 0])]
        sure = ""
        if said.probability is not None:
            sure = f" {100 * float(said.probability[row, 0, int(said.y_pred[row, 0])]):.0f} %"
        right = true == chosen
        told = html.escape(chosen) + sure + ("" if right else f" ≠ {html.escape(true)}")
        mark = "✓" if right else "✗"
        sample = int(said.samples[row])
        return f'<div class="one {"right" if right else "wrong"}">{self._picture(sample)}<span>{mark} {told}</span></div>'

    def _picture(self, sample: int) -> str:
        """The sequence itself; made once."""
        if sample not in self._pictures:
            data = self._dataset
            if isinstance(data, TokenDataset):
                text = data.written_texts[sample]
                self._pictures[sample] = html.escape(text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…")
            else:
                self._pictures[sample] = thumbnail(data.sequences[sample], *self._limits, down=self._down)
        return self._pictures[sample]


class TagsPreview(HtmlPreview):
    """A class of every step.

    Args:
        dataset: the run's data.
        unit: what its texts are read by.
    """

    def __init__(self, dataset: SequenceDataset | TokenDataset, unit: str) -> None:
        super().__init__("Tags appear here after the first epoch, and turn right as the model learns.")
        self._dataset = dataset
        self._unit = unit

    def html(self, said: Prediction, where: str) -> str:
        """See :meth:`HtmlPreview.html`."""
        if not isinstance(said, ClassPrediction) or not len(said.samples):
            return ""
        asked = said.y_true >= 0
        right = int(((said.y_true == said.y_pred) & asked).sum())
        head = f"{where}: {right:,} of {int(asked.sum()):,} answers looked at are right. Framed: said ≠ right."
        usual = float(np.median(asked.sum(axis=1)))
        rows = spread_rows(len(said.samples), int(np.clip(MOST_TOKENS // max(1.0, usual), 2, SENTENCES)))
        lines = "".join(self._tagged(said, int(row)) for row in rows)
        return f'<div class="say">{head}</div>{lines}'

    def _tagged(self, said: ClassPrediction, row: int) -> str:
        names, close = step_names(self._dataset, int(said.samples[row]), self._unit)
        steps = range(max(0, len(names) - LONGEST_TAGGED), min(len(names), said.y_true.shape[1]))
        tokens = [
            TaggedToken(text=names[step], said=_name(said, said.y_pred[row, step]), true=_name(said, said.y_true[row, step], ""))
            if said.y_true[row, step] >= 0
            else TaggedToken(text=names[step], said=NOTHING)
            for step in steps
        ]
        return tagged_html(tokens, said.classes, close=close)


def spread_rows(count: int, most: int) -> npt.NDArray[np.int64]:
    """Some places of ``count``, always the same ones, so that examples can be watched.

    Example:
        >>> spread_rows(9, 3).tolist(), spread_rows(2, 5).tolist()
        ([0, 4, 8], [0, 1])
    """
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))


def _name(said: ClassPrediction, number: int, none: str = NOTHING) -> str:
    return said.classes[int(number)] if number >= 0 else none


def _limits(dataset: SequenceDataset | TokenDataset) -> tuple[float, float]:
    if isinstance(dataset, TokenDataset):
        return 0.0, 1.0
    some = np.concatenate(dataset.sequences[:200])
    return float(np.quantile(some, 0.005)), float(np.quantile(some, 0.995))


def _confused(true: npt.NDArray[np.int64], said: npt.NDArray[np.int64], classes: tuple[str, ...]) -> str:
    """A matrix of a few classes, the worst pairs of many."""
    count = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(count, (true, said), 1)
    if len(classes) > MOST_CLASSES:
        wrong = count - np.diag(np.diag(count))
        worst = [place for place in np.argsort(-wrong, axis=None, kind="stable")[:5] if wrong.flat[place]]
        pairs = [f"{html.escape(classes[p // len(classes)])} → {html.escape(classes[p % len(classes)])} ({wrong.flat[p]})" for p in worst]
        return f'<div class="say">Taken most often for another: {", ".join(pairs)}</div>' if pairs else ""
    total = np.maximum(count.sum(axis=1, keepdims=True), 1)
    head = "".join(f"<th>{html.escape(name[:14])}</th>" for name in classes)
    upright = ' class="upright"' if len(classes) > UPRIGHT_FROM and max(map(len, classes)) > SHORT_NAME else ""
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th>"
        + "".join(_cell(count[row, column], count[row, column] / total[row, 0], right=row == column) for column in range(len(classes)))
        + "</tr>"
        for row, name in enumerate(classes)
    )
    title = '<div class="say">Right class down, said class across:</div>'
    return f'{title}<div class="scroll"><table class="matrix"><tr{upright}><th></th>{head}</tr>{rows}</table></div>'


def _cell(count: int, share: float, *, right: bool) -> str:
    color = "38, 130, 190" if right else "205, 95, 40"
    return f'<td style="background: rgba({color}, {0.55 * share:.2f})">{count or ""}</td>'
