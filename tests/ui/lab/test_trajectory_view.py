"""What is said about the paths of the other windows is what is drawn of them."""

import numpy as np
import pytest

from seqlab.gates.trajectory import project_states
from seqlab.ui.lab.trajectory_view import _what_is_drawn


@pytest.mark.parametrize(
    ("windows", "steps", "said"),
    [
        (2, 36, "Grey paths: 1 other window spread over the part."),
        (65, 36, "Grey paths: 64 other windows spread over the part."),
        (65, 960, "Grey paths: 16 of the 64 other windows, which are spread over the part."),
    ],
)
def test_how_many_grey_paths_are_drawn(windows, steps, said):
    text = _what_is_drawn(windows, steps)
    assert said in text
    assert f"Bands: the middle 80 % of all {windows} windows" in text


def test_the_farthest_move_is_that_of_the_whole_state(open_gates, example):
    """Of this window the three components that are drawn move farthest at another step."""
    state = example.values("h")
    drawn = project_states(state).projections[0]
    step, other = (int(np.linalg.norm(np.diff(path, axis=0), axis=1).argmax()) + 1 for path in (state[0], drawn))
    assert step != other
    app = open_gates(view="Trajectory", window="1")
    assert not app.error
    assert f"the state moves farthest from step {step} to step {step + 1}." in " ".join(caption.value for caption in app.caption)
