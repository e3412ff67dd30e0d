"""What a preset is: complete settings to start from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seqlab.config import RunSpec

__all__ = ["Preset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Settings to start from.

    Args:
        key: key in ``seqlab.PRESETS``.
        label: name on the screen.
        sentence: what it is for, for somebody who has read nothing.
        build: the spec it gives for a data set.
        suits: whether it makes sense for a data set.
    """

    key: str
    label: str
    sentence: str
    build: Callable[[Any], RunSpec]
    suits: Callable[[Any], bool]
