"""What is said about the ledger's pictures is true of long windows and large layers too."""

import numpy as np
import pytest

from seqlab.figures.ledger import StepInfo
from seqlab.ui.lab.memory_ledger import _what_is_drawn, _which_units


def info(units, unit):
    series = {"series": np.zeros(1), "series_name": "y", "labels": ["1"]}
    return StepInfo(content=np.zeros((units, 1)), units=np.arange(units), unit=unit, state="c", step=6, **series)


@pytest.mark.parametrize(
    ("units", "unit", "said"),
    [
        (128, 127, "A row per unit, in the order chosen above; the picked one is framed."),
        (200, 127, "The first 128 of 200 units in the order chosen above; the picked one is framed."),
        (200, 128, "The first 127 of 200 units in the order chosen above, and the picked one, which is framed."),
        (1024, 1000, "The first 127 of 1,024 units in the order chosen above, and the picked one, which is framed."),
    ],
)
def test_how_many_units_of_a_large_layer_are_drawn(units, unit, said):
    assert _which_units(info(units, unit)) == said


def test_the_bars_are_the_framed_row_only_where_every_step_has_one():
    whole, bars = _what_is_drawn(info(4, 2), 1)
    assert whole == "Every row is one step: what c of unit 2 was made of then. The cursor's row is framed."
    assert bars.startswith("The framed row alone: c at step 7 is the sum of these bars.")
    whole, bars = _what_is_drawn(info(4, 2), 3)
    assert "The row nearest to the cursor is framed." in whole
    assert bars.startswith("The cursor's step alone: c at step 7 is the sum of these bars.")
