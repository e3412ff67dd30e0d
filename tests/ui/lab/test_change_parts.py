"""Which rows of the data are shaded as changed."""

import pytest

from seqlab.gates.intervention import Intervention
from seqlab.ui.lab.change_parts import bands_of


@pytest.mark.parametrize(
    ("steps", "length", "bands"),
    [
        ([[1, 2], [5]], 1, [(1, 2), (5, 5)]),
        ([[1, 2], [2, 3]], 4, [(4, 15)]),
        ([[0]], 2, [(0, 1)]),
        ([None], 2, [(0, 17)]),
        ([], 2, []),
    ],
)
def test_bands_are_the_rows_of_the_changed_steps(steps, length, bands):
    changes = [Intervention(gate="f", op="set", value=1.0, steps=some) for some in steps]
    assert bands_of(changes, 9, length) == bands
