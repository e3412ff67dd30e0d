"""How a value is changed on its way through a cell: what a step of any cell calls after each gate and state."""

from collections.abc import Callable, Mapping

import torch

__all__ = ["Edits", "States", "edit"]

Edits = Mapping[str, Callable[[torch.Tensor], None]]
"""Gate or state → what changes its values, (hidden, batch), in place."""

States = Mapping[str, torch.Tensor]
"""State → (hidden, batch)."""


def edit(edits: Edits, name: str, values: torch.Tensor) -> None:
    """Changes the values of one gate or state in place, if this step has a change for it.

    Args:
        edits: the changes of this step.
        name: letter of the gate or state.
        values: (hidden, batch)
    """
    change = edits.get(name)
    if change is not None:
        change(values)
