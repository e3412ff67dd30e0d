"""An LSTM as an introductory article prints it: its gates read the memory itself, which it calls h; the output is y.

Weights are stacked i, f, o, c, where c is the candidate. What would be one bias in the article is the sum of torch's two.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: i, f, o and the candidate c from h_{t-1}; then h, and y from it."""
    hidden = len(before["h"])
    gates.addmm_(weights[1], before["h"])
    gates[: 3 * hidden].sigmoid_()
    i, f, o, c = gates.view(4, hidden, -1).unbind()
    c.tanh_()
    if edits:
        for name, values in (("i", i), ("f", f), ("o", o), ("c", c)):
            edit(edits, name, values)
    h, y = after["h"], after["y"]
    torch.mul(f, before["h"], out=h).addcmul_(i, c)
    edit(edits, "h", h)
    torch.tanh(h, out=y).mul_(o)
    edit(edits, "y", y)


def factors(gates: States, before: States, weights: Weights) -> Factors:  # noqa: ARG001  all that is left is unit by unit
    """Derivatives of h = f⊙h⁻ + i⊙c and y = o⊙tanh(h)."""
    i, f, o, c, h = (gates[name] for name in "ifoch")
    shown = h.tanh()
    return Factors(
        inner={"i": c * i * (1 - i), "f": before["h"] * f * (1 - f), "c": i * (1 - c * c), "h": f},
        output={"o": shown * o * (1 - o)},
        passed=o * (1 - shown * shown),
    )


CELL = SteppedCell(key="article_lstm", BLOCKS=("i", "f", "o", "c"), step=step, factors=factors)
