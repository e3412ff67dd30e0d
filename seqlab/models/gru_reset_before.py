"""The GRU as first published: the reset gate acts on the old state before the matrix product (Cho et al. 2014, 1406.1078).

Weights are stacked r, z, n, and z = 1 keeps, as in PyTorch's GRU, which resets after the product so that one product serves all gates.
"""

import torch

from seqlab.models.edit import Edits, States, edit
from seqlab.models.stack import Weights
from seqlab.models.stepped_cell import SteppedCell
from seqlab.models.stepped_gradient import Factors

__all__ = ["CELL"]


def step(gates: torch.Tensor, before: States, after: States, weights: Weights, edits: Edits) -> None:
    """One step, in place: r and z from h_{t-1}, the candidate n from r⊙h_{t-1}; then h."""
    h = before["h"]
    hidden = len(h)
    both = gates[: 2 * hidden]
    both.addmm_(weights[1][: 2 * hidden], h).sigmoid_()
    r, z, n = gates.view(3, hidden, -1).unbind()
    edit(edits, "r", r)
    edit(edits, "z", z)
    n.addmm_(weights[1][2 * hidden :], r * h).tanh_()
    edit(edits, "n", n)
    # lerp gives exactly n at z = 0 and exactly the old state at z = 1
    torch.lerp(n, h, z, out=after["h"])
    edit(edits, "h", after["h"])


def factors(gates: States, before: States, weights: Weights) -> Factors:  # noqa: ARG001  all that is left is unit by unit
    """Derivatives of h = z⊙h⁻ + (1−z)⊙n, and of r⊙h⁻, which n reads."""
    r, z, n, h = gates["r"], gates["z"], gates["n"], before["h"]
    return Factors(
        output={"z": (h - n) * z * (1 - z), "n": (1 - z) * (1 - n * n), "h": z},
        late={"r": h * r * (1 - r), "h": r},
    )


CELL = SteppedCell(key="gru_reset_before", BLOCKS=("r", "z", "n"), step=step, factors=factors, late="n")
