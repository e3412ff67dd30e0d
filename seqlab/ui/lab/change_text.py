"""Interventions as a line of text, short enough for an address: ``f:set:1:u3:25-36;i@2:scale:0.5:all:all``."""

from collections.abc import Iterable, Sequence

from seqlab.errors import TraceError
from seqlab.gates.intervention import OPS, Intervention

__all__ = ["FORM", "MOST_CHANGES", "NOTHING", "numbers_text", "read_changes", "read_numbers", "write_changes"]

NOTHING = "none"  # an empty text would leave the address, which then would mean the first lesson
MOST_CHANGES = 8
MOST_NUMBERS = 100_000
MOST_DIGITS = 9  # a longer number is no unit, step or layer of anything
FORM = "gate:set:value:units:steps, such as f:set:1:u3:5-8 or i@2:scale:0.5:all:all; several with ; between them"


def read_changes(text: str) -> list[Intervention]:
    """The changes of a line of text.

    A change is ``gate:op:value:units:steps``; what is left out at the end means all. The gate may name its layer
    (``f@2``) and the backward half (``f@2b``). Layers and steps are counted from 1, as on the screen; units have their
    numbers from 0. ``u3,5,7-9`` and ``5-8,12`` are several. ``none`` is no change.

    Raises:
        TraceError: what cannot be read, and how it should look.

    Example:
        >>> [change.text for change in read_changes("f:set:1:u3:5-8; i@2:mean")]
        ['f of unit 3 := 1 at steps 4 to 7', 'i := its mean at all steps, layer 1']
    """
    parts = [part.strip() for part in text.split(";") if part.strip() not in {"", NOTHING}]
    if len(parts) > MOST_CHANGES:
        raise TraceError(f"There are {len(parts)} changes; up to {MOST_CHANGES} can be made at once.")
    return [_read(part) for part in parts]


def write_changes(changes: Sequence[Intervention]) -> str:
    """The line of text that :func:`read_changes` reads back.

    Example:
        >>> write_changes([Intervention(gate="f", op="set", value=1.0, units=[3], steps=range(4, 8))])
        'f:set:1:u3:5-8'
    """
    return ";".join(_write(change) for change in changes) or NOTHING


def read_numbers(text: str, what: str) -> list[int]:
    """Whole numbers and spans of them, such as ``3,5,7-9``.

    Raises:
        TraceError: it is something else.
    """
    numbers: list[int] = []
    for piece in text.split(","):
        first, dash, last = (end.strip() for end in piece.partition("-"))
        if not (_is_number(first) and (_is_number(last) or not dash)):
            raise TraceError(f"{what} must look like 3 or 5-8 or 3,5,7-9; it was {text!r}.")
        span = range(int(first), int(last or first) + 1)
        if not span or len(numbers) + len(span) > MOST_NUMBERS:
            raise TraceError(f"{what} must count upwards, such as 5-8, and name at most {MOST_NUMBERS:,}; it was {text!r}.")
        numbers.extend(span)
    return numbers


def numbers_text(numbers: Iterable[int]) -> str:
    """The text that :func:`read_numbers` reads back.

    Example:
        >>> numbers_text([3, 5, 7, 8, 9])
        '3,5,7-9'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _is_number(text: str) -> bool:
    """Whether it is a whole number that can be a unit, a step or a layer."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def _read(part: str) -> Intervention:
    fields = [field.strip() for field in part.split(":")]
    if not 2 <= len(fields) <= 5 or fields[1] not in OPS:
        raise TraceError(f"The change {part!r} cannot be read. It must look like {FORM}. Changes are {', '.join(OPS)}.")
    gate, op, value, units, steps = [*fields, "", "", "", ""][:5]
    name, at, place = gate.partition("@")
    backward = place.endswith("b")
    layer = place.removesuffix("b") if at else "1"
    if not (name.isalpha() and _is_number(layer) and int(layer) >= 1):
        raise TraceError(f"The gate {gate!r} cannot be read. It must look like f, or f@2 in layer 2, or f@2b in its backward half.")
    try:
        number = float(value) if value else None
    except ValueError:
        raise TraceError(f"The value of {part!r} must be a number; it was {value!r}.") from None
    steps_at = None if steps in {"", "all"} else read_numbers(steps, "The steps")
    if steps_at is not None and min(steps_at) < 1:
        raise TraceError(f"Steps are counted from 1 here; {part!r} has a step 0.")
    return Intervention(
        gate=name,
        op=op,
        value=number,
        units=None if units in {"", "all"} else read_numbers(units.removeprefix("u"), "The units"),
        steps=None if steps_at is None else [step - 1 for step in steps_at],
        layer=int(layer) - 1,
        direction="backward" if backward else "forward",
    )


def _write(change: Intervention) -> str:
    backward = change.direction == "backward"
    place = f"@{change.layer + 1}{'b' if backward else ''}" if change.layer or backward else ""
    value = "" if change.value is None else f"{change.value:.6g}" if isinstance(change.value, float) else ""
    units = "all" if change.units is None else f"u{numbers_text(change.units)}"
    steps = "all" if change.steps is None else numbers_text(step + 1 for step in change.steps)
    return f"{change.gate}{place}:{change.op}:{value}:{units}:{steps}"
