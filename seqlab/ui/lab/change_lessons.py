"""Changes that teach something, made to fit a cell: hold the memory, erase it, change nothing."""

from dataclasses import dataclass

from seqlab.gates.intervention import Intervention
from seqlab.models.table import CellEntry

__all__ = ["Lesson", "lessons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A few changes under one name.

    Args:
        label: on its button.
        help: what happens, in one or two sentences.
        changes: what is done.
    """

    label: str
    help: str
    changes: tuple[Intervention, ...]


def lessons(entry: CellEntry, *, steps: int, layer: int, direction: str, noun: str = "window", answer: str = "forecast") -> list[Lesson]:
    """The lessons of a cell, over the last third of a window.

    Args:
        entry: the cell.
        steps: steps of the trace.
        layer, direction: where the changes are made.
        noun: what is read: a window, a sequence or a text.
        answer: what comes of it: a forecast or an answer.

    Example:
        >>> from seqlab.models.table import cell_entry
        >>> [lesson.label for lesson in lessons(cell_entry("gru"), steps=30, layer=0, direction="forward")]
        ['Hold the memory (z := 1)', 'Erase it (z := 0)', '× 1 changes nothing']
    """
    late = range(2 * steps // 3, steps)
    if direction == "backward":
        late = range((steps + 2) // 3)  # it reads these last

    def to(gate: str, value: float) -> Intervention:
        return Intervention(gate=gate, op="set", value=value, steps=late, layer=layer, direction=direction)

    keep, write = entry.keep_gate, entry.write_gate
    state = entry.kept_state or entry.output  # a cell that keeps nothing writes its output anew
    new = entry.written[-1] if set(entry.written) & set(entry.state_names) else "the candidate"
    third = f"Through the last third of the {noun}"
    if keep:
        found = [
            Lesson(
                label=f"Hold the memory ({keep} := 1{f', {write} := 0' if write else ''})",
                help=f"{third} all of {state} is kept and nothing is written: it stays exactly as it was.",
                changes=(to(keep, 1.0), *([to(write, 0.0)] if write else [])),
            ),
            Lesson(
                label=f"Erase it ({keep} := 0{f', {write} := 1' if write else ''})",
                help=f"{third} nothing of the old {state} is kept: it becomes exactly {new} of each step.",
                changes=(to(keep, 0.0), *([to(write, 1.0)] if write else [])),
            ),
        ]
    else:
        first = late[-1] if direction == "backward" else late[0]
        found = [
            Lesson(
                label=f"Erase it ({state} := 0)",
                help=f"{state} is set to 0 once, two thirds into the {noun}: nothing from before is left. After that the cell goes on.",
                changes=(Intervention(gate=state, op="set", value=0.0, steps=[first], layer=layer, direction=direction),),
            )
        ]
    found.append(
        Lesson(
            label="× 1 changes nothing",
            help=f"Every gate and state times 1: the {answer} must be the same to the last bit. It shows that the replay is exact.",
            changes=tuple(Intervention(gate=name, op="scale", value=1.0, layer=layer, direction=direction) for name in entry.gate_names),
        )
    )
    return found
