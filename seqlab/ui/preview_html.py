"""A live preview that is a little HTML: drawn anew at most once a second, and only when there is something new."""

import time
from abc import ABC, abstractmethod

import streamlit as st

from seqlab.records import Prediction
from seqlab.runs.folder import RunFolder

__all__ = ["LATELY", "NOW", "TESTED", "HtmlPreview"]

REDRAW_EVERY = 1.0  # seconds
NOW = "Validation part, with the weights of this moment"
LATELY = "Validation part, with weights from shortly before the end"
TESTED = "Test part, with the weights that are kept"

# Colours of letters come from the page; all others let it shine through.
STYLE = """<style>
.preview { font-size: 13px; line-height: 1.5; display: flex; flex-direction: column; gap: 8px; overflow-wrap: anywhere; }
.preview .say { opacity: 0.75; }
.preview .strip { display: flex; flex-wrap: wrap; gap: 6px; }
.preview .one { border: 2px solid rgba(128, 134, 145, 0.5); border-radius: 6px; padding: 4px 7px; max-width: 100%; display: flex;
  flex-direction: column; gap: 2px; }
.preview .right { border-color: rgba(30, 150, 110, 0.85); }
.preview .wrong { border-color: rgba(205, 75, 55, 0.9); }
.preview table { border-collapse: collapse; }
.preview td, .preview th { padding: 1px 7px; text-align: left; font-weight: 400; font-variant-numeric: tabular-nums; border: none; }
.preview .matrix td { text-align: center; min-width: 30px; border: 1px solid rgba(128, 134, 145, 0.25); }
.preview .matrix tr.upright th { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 8em; padding: 6px 2px; }
.preview .matrix th { opacity: 0.8; max-width: 9em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.preview .off { color: inherit; background: rgba(205, 75, 55, 0.28); border-radius: 3px; }
.preview table.long { table-layout: fixed; width: 100%; }
.preview table.long td { vertical-align: top; }
.preview .scroll { overflow-x: auto; max-width: 100%; }
</style>"""


class HtmlPreview(ABC):
    """What a network says of a few sequences: of the validation part while it learns, of the test part once it is over.

    Args:
        empty: what is shown before the first preview.
    """

    def __init__(self, empty: str) -> None:
        self._html = f'<div class="say">{empty}</div>'
        self._stamp = 0
        self._drawn = -REDRAW_EVERY

    def poll(self, folder: RunFolder, *, over: bool = False) -> None:
        """Takes over the newest preview; costs one ``stat`` if it has been seen.

        Args:
            folder: where it lies.
            over: whether the run has ended.
        """
        now = time.monotonic()
        if not over and now - self._drawn < REDRAW_EVERY:
            return
        stamp = folder.preview_stamp
        if over and (said := folder.prediction()) is not None:
            self._html = self.html(said, TESTED)
        elif stamp != self._stamp and (said := folder.preview()) is not None:
            self._stamp, self._drawn = stamp, now
            self._html = self.html(said, LATELY if over else NOW)

    def draw(self) -> None:
        """Puts it on the page."""
        st.html(f'{STYLE}<div class="preview">{self._html}</div>')

    @abstractmethod
    def html(self, said: Prediction, where: str) -> str:
        """The preview of a prediction.

        Args:
            said: what the network says.
            where: of which part and with which weights, in words.
        """
