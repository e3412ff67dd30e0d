"""One change to a gate or state of a trained model: which values, when, and what becomes of them."""

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from seqlab.errors import TraceError
from seqlab.models.table import CellEntry

__all__ = ["LARGEST", "OPS", "Intervention", "check_intervention", "in_words"]

OPS = {"set": "set to a value", "scale": "multiplied by a value", "shift": "a value added before the activation", "mean": "set to its mean"}
"""What can be done to a value, in words."""

LARGEST = 1e30
"""The largest value of a change: 32-bit numbers end at 3.4e38, and what follows from a value must fit too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """A change of one gate or state while a model reads its input.

    ======= ======================================================================================
    op      the gate becomes
    ======= ======================================================================================
    set     ``value``
    scale   the gate times ``value``
    shift   the activation of (what stands before it + ``value``); a state without one has no shift
    mean    its own mean without any change, per unit, over all windows and steps given to the
            replay; or ``value``, such as a mean over other data
    ======= ======================================================================================

    Changes of the same gate at the same step follow each other in the order given; shifts come first,
    as they act before the activation. What is carried to the next step carries the change.

    Args:
        gate: letter of a gate, state or output of the cell, such as ``i f g o c h``, ``r z n h`` or ``h``: see its ``gate_names``.
        op: a key of :data:`OPS`.
        value: a number, or one number per unit of the layer. Left out for ``mean`` only.
        units: unit numbers from 0; ``None`` for all.
        steps: steps of the trace from 0; ``None`` for all. A trace step is ``segment_length`` steps of the data.
        layer: layer number, from 0.
        direction: ``forward`` or ``backward``.

    Raises:
        TraceError: no such op, a value that is no finite number, or a unit or step that is no number from 0 up.

    Example:
        >>> Intervention(gate="f", op="set", value=1.0, units=[3], steps=range(5, 9)).text
        'f of unit 3 := 1 at steps 5 to 8'
    """

    gate: str
    op: str
    value: float | Sequence[float] | None = None
    units: Iterable[int] | None = None
    steps: Iterable[int] | None = None
    layer: int = 0
    direction: str = "forward"

    def __post_init__(self) -> None:
        """Checks what can be checked without a model, and stores numbers as plain tuples."""
        if self.op not in OPS:
            raise TraceError(f"There is no change {self.op!r}. A gate can be: {', '.join(f'{op} ({words})' for op, words in OPS.items())}.")
        if self.value is None and self.op != "mean":
            raise TraceError(f"The change {self.op!r} of gate {self.gate!r} needs a value, such as value=1.0.")
        if self.value is not None:
            object.__setattr__(self, "value", _number_or_numbers(self.value))
        for name in ("units", "steps"):
            numbers = getattr(self, name)
            if numbers is not None:
                object.__setattr__(self, name, _counted(numbers, name))

    @property
    def text(self) -> str:
        """The change in words; units, steps and layers are counted from 0."""
        return in_words(self)

    def values(self, hidden_size: int) -> npt.NDArray[np.float64]:
        """(hidden,) the value for every unit.

        Raises:
            TraceError: a mean that nobody has computed yet.
        """
        if self.value is None:
            raise TraceError("The mean of the gate is not known here. seqlab.replay computes it; elsewhere give it as value.")
        return np.broadcast_to(np.asarray(self.value, dtype=np.float64), (hidden_size,))


def in_words(change: Intervention, *, label: str = "", first_step: int = 0) -> str:
    """A change in words.

    Args:
        change: what is changed.
        label: the gate's name on the screen; its letter alone if empty.
        first_step: how the first step of a window is called: 0, or 1 as on the screen, where layers are counted from 1 as well.
    """
    value = "" if change.value is None else f"{change.value:g}" if isinstance(change.value, float) else "values of its own"
    done = {"set": f":= {value}", "scale": f"× {value}", "shift": f"+ {value} before its activation", "mean": f":= its mean {value}"}
    name = f"{label} {change.gate}" if label else change.gate
    units = "" if change.units is None else f" of unit{_list(change.units)}"
    steps = "at all steps" if change.steps is None else f"at step{_list(change.steps, first_step)}"
    layer = "" if not change.layer else f", layer {change.layer + first_step}"
    backward = ", backward" if change.direction == "backward" else ""
    return f"{name}{units} {done[change.op].strip()} {steps}{layer}{backward}"


def check_intervention(
    change: Intervention,
    entry: CellEntry,
    *,
    shiftable: Iterable[str],
    num_layers: int,
    directions: Sequence[str],
    hidden_size: int,
    steps: int,
    count_from: int = 0,
) -> None:
    """Refuses a change that a model or a window does not have.

    Args:
        change: what is asked for.
        entry: the model's cell.
        shiftable: gates and states that have an activation.
        num_layers, directions, hidden_size: the model's stack.
        steps: steps of the trace.
        count_from: what the first step and layer are called in a message: 0, or 1 as on the screen.

    Raises:
        TraceError: says what there is.
    """
    if change.gate not in entry.gate_names:
        raise TraceError(
            f"There is no gate {change.gate!r} in {_article(entry.label)}. Its gates and states are: {' '.join(entry.gate_names)}."
        )
    if change.op == "shift" and change.gate not in shiftable:
        raise TraceError(
            f"A shift acts before the activation, and the state {change.gate} of {_article(entry.label)} has none of its own. "
            f"Shift one of {' '.join(shiftable)}, or set or scale {change.gate}."
        )
    if change.layer not in range(num_layers):
        top = num_layers - 1 + count_from
        raise TraceError(f"There is no layer {change.layer + count_from}. This model has layers {count_from} to {top}.")
    if change.direction not in directions:
        raise TraceError(f"There is no direction {change.direction!r}. This model has: {', '.join(directions)}.")
    if not isinstance(change.value, (float, type(None))) and len(change.value) != hidden_size:
        raise TraceError(
            f"{len(change.value)} values were given for the {hidden_size} units of the layer. Give one number, or one per unit."
        )
    for name, numbers, count, first, owner in (
        ("unit", change.units, hidden_size, 0, "layer"),
        ("step", change.steps, steps, count_from, "window"),
    ):
        beyond = [number for number in numbers or () if number >= count]
        if beyond:
            raise TraceError(f"There is no {name} {beyond[0] + first}. This {owner} has {name}s {first} to {count - 1 + first}.")


def _number_or_numbers(value: object) -> float | tuple[float, ...]:
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.array(math.nan)
    if isinstance(value, (bool, str)) or numbers.ndim > 1 or not numbers.size or not np.isfinite(numbers).all():
        raise TraceError(f"The value of a change must be a finite number, or one per unit; it was {value!r}.")
    if np.abs(numbers).max() > LARGEST:
        raise TraceError(f"The value of a change may be {LARGEST:g} in size at most, as networks compute in 32 bits; it was {value!r}.")
    return float(numbers) if numbers.ndim == 0 else tuple(float(number) for number in numbers)


def _counted(numbers: object, name: str) -> tuple[int, ...]:
    """Unit or step numbers, sorted, each once."""
    try:
        counted = sorted({operator.index(number) for number in numbers})  # type: ignore[attr-defined]
    except TypeError:
        raise TraceError(f"{name} must be whole numbers, such as {name}=[0, 3] or {name}=range(5, 9); it was {numbers!r}.") from None
    if not counted:
        raise TraceError(f"{name} is empty, so nothing would be changed. Leave it out to change all {name}.")
    if counted[0] < 0:
        raise TraceError(f"{name} are counted from 0; there is no {counted[0]}.")
    return tuple(counted)


def _list(numbers: Iterable[int], first: int = 0) -> str:
    """`` 3`` or ``s 0, 2 and 5 to 8``, with the plural's s."""
    spans = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        span = [number + first for _, number in run]
        spans += [str(span[0])] if len(span) == 1 else [f"{span[0]} to {span[-1]}"] if len(span) > 2 else [str(number) for number in span]
    text = " and ".join([", ".join(spans[:-1]), spans[-1]] if len(spans) > 1 else spans)
    return f" {text}" if text.isdigit() else f"s {text}"


def _article(label: str) -> str:
    return f"{'an' if label[0] in 'AEFHILMNORSX' else 'a'} {label}"
