"""A measured sequence as a small picture in HTML: a line, or an image where it has many features; a few hundred bytes."""

import base64
import math
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["is_film", "is_image", "runs_down", "thumbnail"]

IMAGE_FROM = 8  # features
MOST_POINTS = 60
WIDTH, HEIGHT = 132, 40  # pixels of a line
_COLORS = ("#3B82C4", "#D9822B", "#1E9E78", "#9B6BC3", "#B4555F", "#7C8798")

Floats = npt.NDArray[np.floating]


def is_image(features: int) -> bool:
    """Whether sequences of so many features are shown as images."""
    return features >= IMAGE_FROM


def thumbnail(values: Floats, low: float, high: float, *, down: bool = False) -> str:
    """One sequence.

    Args:
        values: (time, feature)
        low, high: values at the two ends of the colours, or of the vertical axis.
        down: whether the steps of an image run down, as in one that is read row by row; else to the right.

    Returns:
        An ``<img>`` element; no text of a user is in it.

    Example:
        >>> [kind in thumbnail(np.ones((5, 1)), 0.0, 1.0) for kind in ("image/svg", "image/png")]
        [True, False]
    """
    return _image(_pixels(values, low, high, down=down)) if is_image(values.shape[1]) else _lines(values, low, high)


def runs_down(sequences: Sequence[Floats]) -> bool:
    """Whether sequences are square images, read row by row.

    Example:
        >>> runs_down([np.ones((8, 8))]), runs_down([np.ones((12, 12)), np.ones((9, 12))])
        (True, False)
    """
    return all(values.shape[0] == values.shape[1] for values in sequences)


def is_film(features: int) -> bool:
    """Whether a step of so many features is itself an image, and the sequence a film.

    Example:
        >>> is_film(64), is_film(12)
        (True, False)
    """
    return features >= 16 and math.isqrt(features) ** 2 == features


def _pixels(values: Floats, low: float, high: float, *, down: bool) -> npt.NDArray[np.uint8]:
    """(row, column) from 0 to 255."""
    span = (high - low) or 1.0
    grey = (255 * np.clip((values - low) / span, 0, 1)).astype(np.uint8)
    features = grey.shape[1]
    if is_film(features) and not down:
        side = math.isqrt(features)
        gap = np.full((side, 1), 90, dtype=np.uint8)
        frames = [part for step in grey for part in (step.reshape(side, side), gap)]
        return np.concatenate(frames[:-1], axis=1)
    return grey if down else np.ascontiguousarray(grey.T)


def _image(grey: npt.NDArray[np.uint8]) -> str:
    height, width = grey.shape
    rows = b"".join(b"\x00" + row.tobytes() for row in grey)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    scale = max(1, min(6, 380 // width, 48 // height))
    size = f"width:{width * scale}px;height:{height * scale}px"
    return f'<img alt="" style="{size};image-rendering:pixelated" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _lines(values: Floats, low: float, high: float) -> str:
    steps, features = values.shape
    rows = np.unique(np.linspace(0, steps - 1, min(steps, MOST_POINTS)).round().astype(int))
    span = (high - low) or 1.0
    across = 2 + (WIDTH - 4) * rows / max(1, steps - 1)
    drawn = []
    for feature in range(features):
        up = HEIGHT - 3 - (HEIGHT - 6) * (np.clip(values[rows, feature], low, high) - low) / span
        points = " ".join(f"{x:.0f},{y:.1f}" for x, y in zip(across, up, strict=True))
        color = _COLORS[feature % len(_COLORS)]
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.4"/>')
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(drawn)}</svg>'
    # As an image: Streamlit takes drawings out of HTML.
    return f'<img alt="" class="lines" {size} src="data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}">'
