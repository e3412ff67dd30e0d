"""A text with something said of each of its tokens: a tag, with errors marked, or a number such as a gate's value."""

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from seqlab.figures.palette import ABOVE, BASELINE_COLORS, BELOW, MODEL

__all__ = ["TaggedToken", "draw_tagged_text", "draw_valued_text", "kind_of", "tagged_html", "valued_html"]

NOTHING = "O"
"""The tag of a token that belongs to no entity; it is not written out."""

_COLORS = (MODEL, *BASELINE_COLORS)

# Colours of letters come from the page, so that they are readable on light and on dark; all others let the page shine through.
_STYLE = """<style>
.tokens { line-height: 1.15; display: flex; flex-wrap: wrap; gap: 6px 5px; align-items: flex-start; overflow-wrap: anywhere; }
.tokens.close { gap: 6px 1px; }
.tokens .token { display: inline-flex; flex-direction: column; align-items: center; padding: 2px 4px; border-radius: 4px;
  border-bottom: 3px solid transparent; max-width: 100%; }
.tokens.close .token { padding: 2px 1px; min-width: 0.8em; }
.tokens .said { font-size: 0.72em; opacity: 0.85; white-space: nowrap; }
.tokens .wrong { outline: 2px solid rgb(197, 60, 48); outline-offset: -1px; }
.tokens .wrong .said { font-weight: 700; opacity: 1; }
.tokens .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
</style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedToken:
    """A token, the tag that was said of it, and the right one; ``true`` is empty where it is not known."""

    text: str
    said: str
    true: str = ""

    @property
    def wrong(self) -> bool:
        """Whether another tag would have been right."""
        return bool(self.true) and self.said != self.true


def kind_of(tag: str) -> str:
    """What a tag names, without its place in the entity.

    Example:
        >>> kind_of("B-LOC"), kind_of("NOUN"), kind_of("O"), kind_of("I-room-name")
        ('LOC', 'NOUN', 'O', 'room-name')
    """
    return tag[2:] if len(tag) > 2 and tag[1] == "-" and tag[0] in "BIESLU" else tag


def tagged_html(tokens: Iterable[TaggedToken], tags: Sequence[str], *, close: bool = False) -> str:
    """The tokens with their tags below them, coloured by what the tags name.

    A wrong tag is framed, and the right one stands behind it: ``B-LOC ≠ B-ORG``.

    Args:
        tokens: in reading order.
        tags: all tags of the data, so that each keeps its colour from text to text.
        close: whether the tokens are characters, which stand close together.

    Example:
        >>> '&lt;b&gt;' in tagged_html([TaggedToken(text="<b>", said="O")], ["O"])
        True
    """
    kinds = sorted({kind_of(tag) for tag in tags} - {NOTHING})
    color = {kind: _COLORS[number % len(_COLORS)] for number, kind in enumerate(kinds)}
    return _page((_tagged(token, color.get(kind_of(token.said), "")) for token in tokens), close=close)


def valued_html(tokens: Sequence[str], values: Sequence[float], *, low: float, high: float, close: bool = False) -> str:
    """The tokens with their numbers below them, the stronger the colour the further from 0.

    Args:
        tokens: in reading order.
        values: one per token; NaN for none.
        low, high: limits of the colours: 0 and 1 for a gate, -1 and 1 for a state.
        close: whether the tokens are characters.

    Raises:
        ValueError: there are not as many values as tokens.

    Example:
        >>> "0.50" in valued_html(["good"], [0.5], low=-1.0, high=1.0)
        True
    """
    limit = max(abs(low), abs(high))
    return _page((_valued(token, float(value), low, limit) for token, value in zip(tokens, values, strict=True)), close=close)


def draw_tagged_text(tokens: Iterable[TaggedToken], tags: Sequence[str], *, close: bool = False) -> None:
    """Puts :func:`tagged_html` on the page."""
    st.html(tagged_html(tokens, tags, close=close))


def draw_valued_text(tokens: Sequence[str], values: Sequence[float], *, low: float, high: float, close: bool = False) -> None:
    """Puts :func:`valued_html` on the page."""
    st.html(valued_html(tokens, values, low=low, high=high, close=close))


def _page(spans: Iterable[str], *, close: bool) -> str:
    return f'{_STYLE}<div class="tokens{" close" if close else ""}">{"".join(spans)}</div>'


def _tagged(token: TaggedToken, color: str) -> str:
    said = "" if token.said == NOTHING and not token.wrong else _shown(token.said)
    if token.wrong:
        said = f'<span class="unseen">wrong, said </span>{said} ≠ <span class="unseen">right is </span>{_shown(token.true)}'
    look = f"background: {_through(color, 0.2)}; border-bottom-color: {color}" if color else ""
    return _span(token.text, said, look, wrong=token.wrong)


def _valued(token: str, value: float, low: float, limit: float) -> str:
    if not math.isfinite(value):
        return _span(token, "–", "")
    strength = min(1.0, abs(value) / limit) if limit else 0.0
    color = MODEL if low >= 0 else ABOVE if value > 0 else BELOW
    return _span(token, f"{round(value, 2) + 0.0:.2f}".replace("-", "−"), f"background: {_through(color, 0.65 * strength)}")


def _span(text: str, below: str, look: str, *, wrong: bool = False) -> str:
    """One token. ``below`` and ``look`` are ours or escaped already."""
    return (
        f'<span class="token{" wrong" if wrong else ""}" style="{look}">{_shown(text)}<span class="said">{below or "&nbsp;"}</span></span>'
    )


def _through(color: str, share: float) -> str:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share:.3f})"


def _shown(text: str) -> str:
    """A user's text as HTML: the one place where it becomes markup. White space is made visible, or it would be no token."""
    return html.escape(text) if text.strip() else "␣"
