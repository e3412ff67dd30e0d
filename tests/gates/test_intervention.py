"""Changes: their words, and what is refused."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from seqlab.errors import TraceError
from seqlab.gates.intervention import LARGEST, Intervention, check_intervention, in_words
from seqlab.gates.replay import replay
from seqlab.models.table import cell_entry


def _check(change: Intervention, cell: str = "lstm", **size: Any) -> None:
    sizes = {"num_layers": 1, "directions": ("forward",), "hidden_size": 8, "steps": 20, **size}
    check_intervention(change, cell_entry(cell), shiftable=cell_entry(cell).load().BLOCKS, **sizes)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"gate": "f", "op": "set", "value": 1.0, "units": [3], "steps": range(5, 9)}, "f of unit 3 := 1 at steps 5 to 8"),
        ({"gate": "i", "op": "scale", "value": 0.5}, "i × 0.5 at all steps"),
        (
            {"gate": "z", "op": "shift", "value": -2, "units": [4, 0, 1, 2, 7, 0]},
            "z of units 0 to 2, 4 and 7 + -2 before its activation at all steps",
        ),
        ({"gate": "o", "op": "mean", "steps": np.array([3, 4])}, "o := its mean at steps 3 and 4"),
        (
            {"gate": "o", "op": "mean", "value": [0.1, 0.2], "layer": 1, "direction": "backward"},
            "o := its mean values of its own at all steps, layer 1, backward",
        ),
    ],
)
def test_text(change: dict[str, Any], text: str) -> None:
    assert Intervention(**change).text == text


def test_words_as_on_the_screen_count_steps_and_layers_from_one() -> None:
    change = Intervention(gate="f", op="set", value=0, steps=[0], layer=1)
    assert in_words(change, label="Forget gate", first_step=1) == "Forget gate f := 0 at step 1, layer 2"


def test_any_iterable_of_integers_will_do_and_equal_changes_are_equal() -> None:
    made = [
        Intervention(gate="f", op="set", value=1, steps=steps) for steps in (range(3), [2, 1, 0, 0], np.arange(3), (n for n in range(3)))
    ]
    assert all(change.steps == (0, 1, 2) for change in made)
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"op": "replace", "value": 1.0}, "set .*scale .*shift .*mean"),
        ({"op": "set"}, "needs a value"),
        ({"op": "set", "value": float("nan")}, "finite"),
        ({"op": "set", "value": "1"}, "finite"),
        ({"op": "set", "value": True}, "finite"),
        ({"op": "set", "value": [[1.0]]}, "finite"),
        ({"op": "set", "value": 2e30}, r"1e\+30 in size at most, as networks compute in 32 bits; it was 2e\+30"),
        ({"op": "shift", "value": -2e30}, r"1e\+30 in size at most"),
        ({"op": "scale", "value": [0.5, -2e30]}, r"1e\+30 in size at most"),
        ({"op": "set", "value": 1, "units": [-1]}, "counted from 0"),
        ({"op": "set", "value": 1, "units": []}, "units is empty"),
        ({"op": "set", "value": 1, "steps": [1.5]}, "whole numbers"),
        ({"op": "set", "value": 1, "steps": 4}, "whole numbers"),
    ],
)
def test_what_no_model_could_do_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(TraceError, match=words):
        Intervention(gate="f", **change)


@pytest.mark.parametrize("op", ["set", "scale", "shift", "mean"])
def test_the_largest_value_is_allowed_with_either_sign_and_fits_into_32_bits(op: str) -> None:
    assert Intervention(gate="f", op=op, value=LARGEST).value == 1e30
    assert Intervention(gate="f", op=op, value=[-LARGEST, 0.0]).value == (-1e30, 0.0)
    assert np.isfinite(np.float32(LARGEST))


@pytest.mark.parametrize(
    ("cell", "change", "words"),
    [
        ("gru", {"gate": "f", "op": "set"}, "no gate 'f' in a GRU. .*r z n h"),
        ("rnn", {"gate": "z", "op": "set"}, "in an RNN .*: h"),
        ("lstm", {"gate": "c", "op": "shift"}, "state c of an LSTM has none .* i f g o"),
        ("lstm", {"gate": "f", "op": "set", "layer": 1}, "layers 0 to 0"),
        ("lstm", {"gate": "f", "op": "set", "direction": "backward"}, "has: forward"),
        ("lstm", {"gate": "f", "op": "set", "units": [8]}, "no unit 8. This layer has units 0 to 7"),
        ("lstm", {"gate": "f", "op": "set", "steps": range(15, 25)}, "no step 20. This window has steps 0 to 19"),
        ("lstm", {"gate": "f", "op": "set", "value": [0.0, 1.0]}, "2 values were given for the 8 units"),
    ],
)
def test_what_a_model_or_window_does_not_have_is_refused_with_what_it_has(cell: str, change: dict[str, Any], words: str) -> None:
    with pytest.raises(TraceError, match=words):
        _check(Intervention(**{"value": 1.0, **change}), cell)


def test_an_rnns_state_may_be_shifted_as_it_has_an_activation() -> None:
    shift = Intervention(gate="h", op="shift", value=1.0)
    _check(shift, "rnn")
    torch.manual_seed(0)
    stack, x = torch.nn.RNN(3, 8, batch_first=True).double(), torch.randn(2, 1, 3, dtype=torch.float64)
    plain, shifted = (replay(stack, x, changes).values("h") for changes in ((), [shift]))
    np.testing.assert_allclose(shifted, np.tanh(np.arctanh(plain) + 1.0), rtol=0, atol=1e-12)


def test_a_change_costs_no_torch() -> None:
    script = "import seqlab; seqlab.Intervention(gate='f', op='set', value=1.0); import sys; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.strip() == "False"
