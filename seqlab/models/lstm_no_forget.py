"""The LSTM without a forget gate, as first published (Hochreiter & Schmidhuber 1997): the cell state only ever adds up.

Weights are stacked i, g, o: torch's order without f.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: i, g and o from h_{t-1}; then c, and h from it."""
    hidden = len(before["h"])
    gates.addmm_(weights[1], before["h"])
    i, g, o = gates.view(3, hidden, -1).unbind()
    i.sigmoid_()
    g.tanh_()
    o.sigmoid_()
    if edits:
        for name, values in (("i", i), ("g", g), ("o", o)):
            edit(edits, name, values)
    c, h = after["c"], after["h"]
    torch.addcmul(before["c"], i, g, out=c)
    edit(edits, "c", c)
    torch.tanh(c, out=h).mul_(o)
    edit(edits, "h", h)


def factors(gates: States, before: States, weights: Weights) -> Factors:  # noqa: ARG001  all that is left is unit by unit
    """Derivatives of c = c⁻ + i⊙g and h = o⊙tanh(c)."""
    i, g, o, c = (gates[name] for name in "igoc")
    shown = c.tanh()
    return Factors(
        inner={"i": g * i * (1 - i), "g": i * (1 - g * g), "c": torch.ones_like(c)},
        output={"o": shown * o * (1 - o)},
        passed=o * (1 - shown * shown),
    )


CELL = SteppedCell(key="lstm_no_forget", BLOCKS=("i", "g", "o"), step=step, factors=factors)
