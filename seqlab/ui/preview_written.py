"""Sequences that a network writes while it learns, beside the right ones."""

import html
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from seqlab.data.tokens import TokenDataset
from seqlab.records import Prediction, WrittenPrediction
from seqlab.ui.preview_html import HtmlPreview

__all__ = ["WrittenPreview"]

EXAMPLES = 8
LONGEST = 80  # characters
SHORT = 14  # characters: answers that fit beside each other


class WrittenPreview(HtmlPreview):
    """What is written of a few sequences.

    Args:
        dataset: the run's data.
    """

    def __init__(self, dataset: TokenDataset) -> None:
        super().__init__("What the model writes appears here after the first epoch, and comes right as it learns.")
        self._dataset = dataset

    def html(self, said: Prediction, where: str) -> str:
        """See :meth:`HtmlPreview.html`."""
        if not isinstance(said, WrittenPrediction) or not len(said.samples):
            return ""
        right = sum(one == other for one, other in zip(said.y_true, said.y_pred, strict=True))
        head = f"{where}: {right:,} of {len(said.samples):,} looked at are written without an error."
        rows = np.unique(np.linspace(0, len(said.samples) - 1, EXAMPLES).round().astype(int))
        table = "".join(self._row(said, int(row)) for row in rows)
        usual = np.median([len(said.joint.join(each)) for each in said.y_true])
        look = ' class="long"' if usual > SHORT else ""
        titles = "<tr><th>Read</th><th>Right</th><th>Written</th></tr>"
        return f'<div class="say">{head}</div><div class="scroll"><table{look}>{titles}{table}</table></div>'

    def _row(self, said: WrittenPrediction, row: int) -> str:
        read = self._dataset.written_texts[int(said.samples[row])]
        true, written = said.y_true[row], said.y_pred[row]
        mark = "✓" if true == written else "✗"
        shown = _marked(true, written, said.joint)
        return (
            f"<tr><td>{html.escape(read[:LONGEST])}</td><td>{html.escape(said.joint.join(true)[:LONGEST])}</td><td>{mark} {shown}</td></tr>"
        )


def _marked(true: Sequence[str], written: Sequence[str], joint: str) -> str:
    """What was written, with the symbols marked that are not those of the right one."""
    parts = []
    for kind, _, _, start, end in SequenceMatcher(a=list(true), b=list(written), autojunk=False).get_opcodes():
        text = html.escape(joint.join(written[start:end]))
        if text:
            parts.append(text if kind == "equal" else f'<span class="off">{text}</span>')
    return (joint or "").join(parts) or '<span class="off">nothing</span>'
