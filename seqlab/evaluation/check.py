"""What a tripwire found, as a record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one tripwire found.

    Args:
        key: its name in code.
        label: what it looks at, in a few words.
        ok: whether all is well; ``None`` where it cannot tell, or only a person can.
        sentence: what was found.
        numbers: the numbers behind it, by what they are.
    """

    key: str
    label: str
    ok: bool | None
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict)
