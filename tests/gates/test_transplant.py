"""Transplants against a step-by-step loop over torch's own cells, and what must hold without computing anything."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError, TraceError
from seqlab.gates.trace import trace_gates
from seqlab.gates.transplant import flip_score, forecast_distances, transplant_state
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import NetworkSizes

CELLS = ("lstm", "gru", "rnn")
TIME, HORIZON = 12, 3


def _model(cell: str = "lstm", *, known: int = 0, **choices: object) -> Forecaster:
    """A forecaster whose head does something, in double precision."""
    torch.manual_seed(0)
    sizes = NetworkSizes(input_size=1 + known, target_size=1, known_size=known, context_length=TIME, horizon=HORIZON, season_length=4)
    model = build_network(ModelConfig(**{"cell": cell, "hidden_size": 5, "head_size": 4, "reference": "none", **choices}), sizes)
    with torch.no_grad():
        for parameter in model.head.parameters():
            parameter.normal_()
    return model.double().eval()


def _windows(donors: int = 2, features: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return random.normal(size=(TIME, features)), random.normal(size=(donors, TIME, features))


def _by_hand(model: Forecaster, cell: str, a: np.ndarray, b: np.ndarray, step: int, units: list[int]) -> np.ndarray:
    """A run with B's state of one step, with torch's cells, one layer, forwards."""
    made = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "rnn": nn.RNNCell}[cell](1, 5).double()
    made.load_state_dict({name.removesuffix("_l0"): value for name, value in model.recurrent.state_dict().items()})

    def run(x: np.ndarray, state: object, first: int, last: int) -> object:
        for t in range(first, last):
            state = made(torch.from_numpy(x[t : t + 1]), state)
        return state

    with torch.no_grad():
        mine, theirs = run(a, None, 0, step + 1), run(b, None, 0, step + 1)
        for own, new in zip(*((s if isinstance(s, tuple) else (s,)) for s in (mine, theirs)), strict=True):
            own[:, units] = new[:, units]
        state = run(a, mine, step + 1, TIME)
        h = state[0] if isinstance(state, tuple) else state
        x = torch.from_numpy(a)[None]
        return model.forecast_from(h, x, x.new_zeros(1, HORIZON, 0))[0].numpy()


@pytest.mark.parametrize("units", [[0, 1, 2, 3, 4], [1, 3]])
@pytest.mark.parametrize("cell", CELLS)
def test_every_step_equals_a_loop_over_torchs_cells(cell: str, units: list[int]) -> None:
    model = _model(cell)
    a, b = _windows()
    made = transplant_state(model, a, b, units=units)
    assert made.mixed.shape == (2, TIME, HORIZON, 1)
    for donor in range(2):
        for step in range(TIME):
            np.testing.assert_allclose(made.mixed[donor, step], _by_hand(model, cell, a, b[donor], step, units), atol=1e-12)


@pytest.mark.parametrize(("layers", "bidirectional", "segment"), [(1, False, 1), (3, False, 1), (2, True, 1), (2, False, 3)])
@pytest.mark.parametrize("reference", ["none", "last", "mean", "seasonal"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_state_put_into_its_own_window_changes_nothing(cell: str, reference: str, layers: int, bidirectional: bool, segment: int) -> None:
    model = _model(cell, reference=reference, num_layers=layers, bidirectional=bidirectional, segment_length=segment)
    a, _ = _windows()
    for direction in ("forward", "backward") if bidirectional else ("forward",):
        for layer in (None, layers - 1):
            made = transplant_state(model, a, a[None], layer=layer, direction=direction)
            np.testing.assert_allclose(made.mixed, np.broadcast_to(made.receiver, made.mixed.shape), atol=1e-12)
            assert np.isnan(made.flips().overall).all()
            assert made.flips().reason.startswith("The forecasts of A and B are the same: ")


@pytest.mark.parametrize("cell", CELLS)
def test_in_single_precision_too(cell: str) -> None:
    model = _model(cell, num_layers=2).float()
    a, _ = _windows()
    made = transplant_state(model, a, a[None])
    np.testing.assert_allclose(made.mixed, np.broadcast_to(made.receiver, made.mixed.shape), atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_the_whole_last_state_is_the_whole_forecast(cell: str) -> None:
    for layers in (1, 2):
        made = transplant_state(_model(cell, num_layers=layers), *_windows())
        np.testing.assert_allclose(made.mixed[:, -1], made.donors, atol=1e-12)
        np.testing.assert_allclose(made.flips().by_target[:, -1], 1.0, atol=1e-9)
        np.testing.assert_allclose(made.flips().overall[:, -1], 1.0, atol=1e-9)


def test_the_top_layer_decides_at_the_last_step_and_the_lower_one_is_seen_by_it() -> None:
    model, (a, b) = _model(num_layers=2), _windows()
    top = transplant_state(model, a, b, layer=1)
    np.testing.assert_allclose(top.flips().overall[:, -1], 1.0, atol=1e-9)
    lower = transplant_state(model, a, b, layer=0)
    assert (np.abs(lower.flips().overall[:, -1] - 1) > 1e-3).all()
    assert (np.abs(lower.mixed[:, -1] - lower.receiver) > 1e-6).any()


def test_no_units_change_nothing_at_all() -> None:
    model = _model("gru", num_layers=2)
    made = transplant_state(model, *_windows(), units=[])
    np.testing.assert_allclose(made.mixed, np.broadcast_to(made.receiver, made.mixed.shape), atol=1e-12)
    np.testing.assert_allclose(made.flips().overall, 0.0, atol=1e-10)


def test_the_reference_stays_as_it_is_and_what_is_added_moves() -> None:
    model, (a, b) = _model(reference="last"), _windows()
    made = transplant_state(model, a, b)
    np.testing.assert_array_equal(made.receiver_reference, np.full((HORIZON, 1), a[-1, 0]))
    np.testing.assert_array_equal(made.donor_references[1], np.full((HORIZON, 1), b[1, -1, 0]))
    np.testing.assert_allclose(made.flips(beyond_reference=True).overall[:, -1], 1.0, atol=1e-9)
    assert (np.abs(made.flips().overall[:, -1] - 1) > 1e-3).all()


def test_a_bidirectional_half_is_replaced_alone() -> None:
    model, (a, b) = _model(bidirectional=True), _windows()
    last_a, last_b = (trace_gates(model, values[None]) for values in (a, b[0]))
    x, none = torch.from_numpy(a)[None], torch.zeros(1, HORIZON, 0, dtype=torch.float64)

    def forecast(forward: np.ndarray, backward: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model.forecast_from(torch.from_numpy(np.concatenate([forward, backward]))[None], x, none)[0].numpy()

    own = [last_a.values("h", 0, "forward")[0, -1], last_a.values("h", 0, "backward")[0, 0]]
    theirs = [last_b.values("h", 0, "forward")[0, -1], last_b.values("h", 0, "backward")[0, 0]]
    np.testing.assert_allclose(transplant_state(model, a, b).mixed[0, -1], forecast(theirs[0], own[1]), atol=1e-12)
    np.testing.assert_allclose(transplant_state(model, a, b, direction="backward").mixed[0, 0], forecast(own[0], theirs[1]), atol=1e-12)


def test_some_steps_and_small_pieces_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model, (a, b) = _model("lstm", num_layers=2, bidirectional=True), _windows(donors=3)
    every = transplant_state(model, a, b, layer=0, units=[2])
    some = transplant_state(model, a, b, layer=0, units=[2], steps=[9, 0, 4])
    assert some.steps.tolist() == [0, 4, 9]
    np.testing.assert_allclose(some.mixed, every.mixed[:, [0, 4, 9]], atol=1e-13)
    monkeypatch.setattr("seqlab.gates.transplant.MOST_NUMBERS", 5 * TIME * 10)
    np.testing.assert_allclose(transplant_state(model, a, b, layer=0, units=[2]).mixed, every.mixed, atol=1e-13)


def test_known_ahead_features_are_those_of_the_receiver() -> None:
    model = _model(known=2)
    a, b = _windows(features=3)
    random = np.random.default_rng(2)
    ahead_a, ahead_b = random.normal(size=(HORIZON, 2)), random.normal(size=(2, HORIZON, 2))
    made = transplant_state(model, a, b, receiver_future=ahead_a, donor_futures=ahead_b)
    with torch.no_grad():
        expected = model(torch.from_numpy(b), torch.from_numpy(np.stack([ahead_a] * 2))).numpy()
        own = model(torch.from_numpy(a)[None], torch.from_numpy(ahead_a)[None])[0].numpy()
        theirs = model(torch.from_numpy(b), torch.from_numpy(ahead_b)).numpy()
    np.testing.assert_allclose(made.mixed[:, -1], expected, atol=1e-12)
    np.testing.assert_allclose(made.receiver, own, atol=1e-12)
    np.testing.assert_allclose(made.donors, theirs, atol=1e-12)
    assert np.abs(theirs - expected).min() > 1e-3, "a donor's own forecast looks ahead with its own features"
    with pytest.raises(TraceError, match="reads 2 known-ahead features"):
        transplant_state(model, a, b)


def test_the_model_and_torchs_random_numbers_are_left_as_they_were() -> None:
    model = _model(dropout=0.5).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    a, _ = _windows()
    made = transplant_state(model, a, a[None])
    assert torch.rand(1) == expected
    assert model.training
    np.testing.assert_allclose(made.mixed, np.broadcast_to(made.receiver, made.mixed.shape), atol=1e-12)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_flip_score_by_hand() -> None:
    score = flip_score([[1.0], [0.0]], [[[3.0], [4.0]]], [[[[1.0], [0.0]], [[2.0], [4.0]], [[3.0], [4.0]], [[-1.0], [0.0]]]])
    np.testing.assert_allclose(score.by_target[0, :, :, 0], [[0, 0], [0.5, 1], [1, 1], [-1, 0]])
    np.testing.assert_allclose(score.overall, [[0, 18 / 20, 1, -4 / 20]])
    assert score.reason == ""


def test_where_both_forecasts_agree_there_is_no_score() -> None:
    score = flip_score([[1.0], [2.0]], [[[1.0 + 1e-9], [4.0]]], [[[[5.0], [3.0]]]])
    assert np.isnan(score.by_target[0, 0, 0, 0])
    assert score.by_target[0, 0, 1, 0] == 0.5
    assert score.overall[0, 0] == 0.5
    assert "the same at 1 of 2 values" in score.reason
    nothing = flip_score([[0.0]], [[[0.0]]], [[[[0.0]]]])
    assert np.isnan(nothing.overall).all()
    assert np.isnan(nothing.by_target).all()


@pytest.mark.parametrize(
    ("place", "wrong"), [("mixed", np.nan), ("mixed", np.inf), ("donor", np.nan), ("donor", np.inf), ("receiver", np.nan)]
)
def test_forecasts_that_are_no_finite_numbers_have_no_score_and_are_not_called_alike(place: str, wrong: float) -> None:
    receiver, donors = np.array([[1.0], [0.0]]), np.array([[[3.0], [4.0]]] * 2)
    mixed = np.array([[[[2.0], [2.0]], [[3.0], [4.0]]]] * 2)  # (donor, step, horizon, target)
    {"mixed": mixed[0, 1], "donor": donors[0], "receiver": receiver}[place][0, 0] = wrong
    score = flip_score(receiver, donors, mixed)
    assert score.reason == "Some forecasts are no finite numbers: how far one moves towards another cannot be computed there."
    lost = {"mixed": np.s_[0, 1], "donor": np.s_[0], "receiver": np.s_[:]}[place]
    expected = np.array([[0.5, 1.0], [0.5, 1.0]])
    expected[lost] = np.nan
    np.testing.assert_array_equal(score.overall, expected)
    assert np.isnan(score.by_target[lost][..., 0, :]).all()


def test_small_numbers_differ_too() -> None:
    assert flip_score([[1e-9]], [[[3e-9]]], [[[[2e-9]]]]).overall[0, 0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layer": 1}, "layers 0 to 0"),
        ({"direction": "backward"}, "forward"),
        ({"units": [5]}, "units 0 to 4"),
        ({"steps": [12]}, "steps 0 to 11"),
        ({"steps": []}, "at least 1"),
    ],
)
def test_what_is_not_there_is_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(TraceError, match=words):
        transplant_state(_model(), *_windows(), **change)


def test_windows_of_other_shapes_are_refused() -> None:
    model, (a, b) = _model(), _windows()
    with pytest.raises(TraceError, match="same length"):
        transplant_state(model, a[:-1], b)
    with pytest.raises(TraceError, match="donor, time, feature"):
        transplant_state(model, a, b[0])
    with pytest.raises(ConfigError, match="reads"):
        transplant_state(model, np.zeros((TIME, 2)), np.zeros((1, TIME, 2)))
    with pytest.raises(TraceError, match="bare recurrent module"):
        transplant_state(nn.GRU(1, 2, batch_first=True), a, b)


def test_distances_leave_the_reference_out() -> None:
    model, (a, b) = _model(reference="last"), _windows()
    x = np.concatenate([a[None], a[None] + 7.0, b])
    away = forecast_distances(model, x, np.zeros((4, HORIZON, 0)))
    np.testing.assert_allclose(away[:2], 0.0, atol=1e-12)  # the same shape at another level
    made = transplant_state(model, a, b)
    added = (made.donors - made.donor_references) - (made.receiver - made.receiver_reference)
    np.testing.assert_allclose(away[2:], np.linalg.norm(added, axis=(1, 2)), atol=1e-12)
