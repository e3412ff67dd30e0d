"""The LSTM whose gates see the cell state: i and f the last one, o the new one (Gers & Schmidhuber 2000).

Weights are stacked i, f, g, o as torch's; a unit's gates see its own cell state only, so ``weight_peephole`` stacks one number per
unit for i, f and o.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: i, f from h_{t-1} and c_{t-1}, g from h_{t-1}; then c, o from h_{t-1} and c, and h."""
    hidden = len(before["h"])
    peepholes = weights[4].view(3, hidden, 1)
    gates.addmm_(weights[1], before["h"])
    blocks = gates.view(4, hidden, -1)
    blocks[:2].addcmul_(peepholes[:2], before["c"]).sigmoid_()
    i, f, g, o = blocks.unbind()
    g.tanh_()
    if edits:
        for name, values in (("i", i), ("f", f), ("g", g)):
            edit(edits, name, values)
    c, h = after["c"], after["h"]
    torch.mul(f, before["c"], out=c).addcmul_(i, g)
    edit(edits, "c", c)
    o.addcmul_(peepholes[2], c).sigmoid_()
    edit(edits, "o", o)
    torch.tanh(c, out=h).mul_(o)
    edit(edits, "h", h)


def factors(gates: States, before: States, weights: Weights) -> Factors:
    """Derivatives of c = f⊙c⁻ + i⊙g and h = o⊙tanh(c); i and f also hang on c⁻, o on c."""
    i, f, g, o, c = (gates[name] for name in "ifgoc")
    see_i, see_f, see_o = weights[4].view(3, -1, 1)
    shown = c.tanh()
    by_i, by_f, by_o = g * i * (1 - i), before["c"] * f * (1 - f), shown * o * (1 - o)
    return Factors(
        inner={"i": by_i, "f": by_f, "g": i * (1 - g * g), "c": f + see_i * by_i + see_f * by_f},
        output={"o": by_o},
        passed=o * (1 - shown * shown) + see_o * by_o,
    )


def extra_gradients(sums: States, before: States, after: States) -> tuple[torch.Tensor, ...]:
    """By ``weight_peephole``: what each gate saw, times the gradient by its sum."""
    seen = (("i", before["c"]), ("f", before["c"]), ("o", after["c"]))
    return (torch.cat([(sums[name] * values).sum(dim=(0, 2)) for name, values in seen]),)


CELL = SteppedCell(key="lstm_peephole", BLOCKS=("i", "f", "g", "o"), step=step, factors=factors, extra_gradients=extra_gradients)
