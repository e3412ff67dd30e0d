"""A GRU as an introductory article prints it: two leaky integrators, one behind the other; nothing resets the candidate.

Weights are stacked r, z, n. What would be one bias in the article is the sum of torch's two.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: r, z and the candidate n from h_{t-1}; then c, and h from it."""
    hidden = len(before["h"])
    gates.addmm_(weights[1], before["h"])
    gates[: 2 * hidden].sigmoid_()
    r, z, n = gates.view(3, hidden, -1).unbind()
    n.tanh_()
    if edits:
        for name, values in (("r", r), ("z", z), ("n", n)):
            edit(edits, name, values)
    # lerp gives exactly the new at 0 and exactly the old at 1
    torch.lerp(n, before["c"], z, out=after["c"])
    edit(edits, "c", after["c"])
    torch.lerp(after["c"], before["h"], r, out=after["h"])
    edit(edits, "h", after["h"])


def factors(gates: States, before: States, weights: Weights) -> Factors:  # noqa: ARG001  all that is left is unit by unit
    """Derivatives of c = z⊙c⁻ + (1−z)⊙n and h = r⊙h⁻ + (1−r)⊙c."""
    r, z, n, c = (gates[name] for name in "rznc")
    return Factors(
        inner={"z": (before["c"] - n) * z * (1 - z), "n": (1 - z) * (1 - n * n), "c": z},
        output={"r": (before["h"] - c) * r * (1 - r), "h": r},
        passed=1 - r,
    )


CELL = SteppedCell(key="article_gru", BLOCKS=("r", "z", "n"), step=step, factors=factors)
