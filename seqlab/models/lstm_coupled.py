"""The LSTM whose input and forget gate are one: what is not kept is written, i = 1 − f (Greff et al. 2015, 1503.04069).

Weights are stacked f, g, o: torch's order without i.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: f, g and o from h_{t-1}; then c, and h from it."""
    hidden = len(before["h"])
    gates.addmm_(weights[1], before["h"])
    f, g, o = gates.view(3, hidden, -1).unbind()
    f.sigmoid_()
    g.tanh_()
    o.sigmoid_()
    if edits:
        for name, values in (("f", f), ("g", g), ("o", o)):
            edit(edits, name, values)
    c, h = after["c"], after["h"]
    # lerp gives exactly g at f = 0 and exactly the old memory at f = 1
    torch.lerp(g, before["c"], f, out=c)
    edit(edits, "c", c)
    torch.tanh(c, out=h).mul_(o)
    edit(edits, "h", h)


def factors(gates: States, before: States, weights: Weights) -> Factors:  # noqa: ARG001  all that is left is unit by unit
    """Derivatives of c = f⊙c⁻ + (1−f)⊙g and h = o⊙tanh(c)."""
    f, g, o, c = (gates[name] for name in "fgoc")
    shown = c.tanh()
    return Factors(
        inner={"f": (before["c"] - g) * f * (1 - f), "g": (1 - f) * (1 - g * g), "c": f},
        output={"o": shown * o * (1 - o)},
        passed=o * (1 - shown * shown),
    )


CELL = SteppedCell(key="lstm_coupled", BLOCKS=("f", "g", "o"), step=step, factors=factors)
