"""Sequences of unequal length in one batch: everything inside a network is what it is for each of them alone."""

import numpy as np
import pytest
import torch

from seqlab.config import ModelConfig
from seqlab.gates.gradients import gradient_error, gradient_flow, gradient_terms
from seqlab.gates.intervention import Intervention
from seqlab.gates.ledger import content_by_age, unit_ledger
from seqlab.gates.lengths import align_ends, cut_padding
from seqlab.gates.loss import window_losses
from seqlab.gates.memory import unit_memory
from seqlab.gates.replay import replay
from seqlab.gates.saturation import saturating_gates, saturation
from seqlab.gates.search import Span, find_spans
from seqlab.gates.sweep import causal_sweep, clamp_sweep
from seqlab.gates.trace import trace_gates
from seqlab.gates.trajectory import project_states
from seqlab.gates.transplant import transplant_state
from seqlab.gates.unit_order import order_units
from seqlab.models.build import build_network
from seqlab.models.loss import loss_name
from seqlab.models.network import Network, NetworkSizes
from seqlab.models.table import CELLS, cell_entry

LENGTHS, TIME = (7, 4, 6), 8


def _network(task: str = "classify", classes: int = 3, seed: int = 0, **model: object) -> Network:
    sizes = NetworkSizes(
        input_size=2, target_size=1, known_size=0, context_length=TIME, horizon=1 if task in {"classify", "regress"} else TIME,
        season_length=1, task=task, classes=classes,
    )  # fmt: skip
    torch.manual_seed(seed)
    return build_network(ModelConfig(hidden_size=4, **model), sizes).eval()  # type: ignore[arg-type]


def _batch(per_step: bool = False) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).normal(size=(3, TIME, 2)).astype(np.float32)
    y = np.array([[[1]] * TIME, [[0]] * TIME, [[2]] * TIME], dtype=np.float32)
    for row, length in enumerate(LENGTHS):
        x[row, length:] = y[row, length:] = np.nan
    return x, y if per_step else np.array([[[1]], [[0]], [[1]]], dtype=np.float32)


@pytest.mark.parametrize("cell", CELLS)
def test_a_padded_batch_is_the_same_as_one_by_one(cell: str) -> None:
    x, y = _batch()
    model = _network(cell=cell, num_layers=2, bidirectional=True).double()
    name = loss_name(model, "mse")
    changes = [Intervention(gate=cell_entry(cell).gate_names[0], op="scale", value=0.5, steps=range(3, 7), layer=1, direction="backward")]
    together = trace_gates(model, x), replay(model, x), replay(model, x, changes), gradient_flow(model, x, y, loss=name)
    for row, length in enumerate(LENGTHS):
        one, mine = x[row : row + 1, :length], y[row : row + 1]
        inside = [change if length > 6 else Intervention(**(_fields(change) | {"steps": range(3, length)})) for change in changes]
        alone = trace_gates(model, one), replay(model, one), replay(model, one, inside), gradient_flow(model, one, mine, loss=name)
        for padded, single in zip(together[:3], alone[:3], strict=True):
            gates, own = (getattr(found, "trace", found).gates for found in (padded, single))
            for key, values in own.items():
                np.testing.assert_allclose(gates[key][row, :length], values[0], rtol=0, atol=1e-6, err_msg=str(key))
                assert np.isnan(gates[key][row, length:]).all()
        for padded, single in zip(together[1:3], alone[1:3], strict=True):
            np.testing.assert_allclose(padded.prediction[row], single.prediction[0], rtol=0, atol=1e-6)
            for key, values in single.final.items():
                np.testing.assert_allclose(padded.final[key][row], values[0], rtol=0, atol=1e-6)
        for found, own in ((together[3].norms, alone[3].norms), (together[3].highway, alone[3].highway)):
            for key, values in own.items():
                np.testing.assert_allclose(found[key][row, :length], values[0], rtol=1e-6, atol=1e-12)
                assert np.isnan(found[key][row, length:]).all()
    assert together[0].max_error < 1e-6
    assert together[1].trace.max_error < 1e-6
    with torch.no_grad():
        np.testing.assert_allclose(together[1].prediction, model(torch.from_numpy(x).double()).numpy(), rtol=0, atol=1e-6)
    times_one = [Intervention(gate=gate, op="scale", value=1.0) for gate in cell_entry(cell).gate_names]
    np.testing.assert_array_equal(replay(model, x, times_one).prediction, together[1].prediction)


def _fields(change: Intervention) -> dict:
    return {name: getattr(change, name) for name in ("gate", "op", "value", "units", "layer", "direction")}


LOSSES = {
    "bce": {"classes": 2},
    "cross_entropy": {"task": "tag", "bidirectional": True},
    "crf": {"task": "tag", "output": "crf", "bidirectional": True},
    "mse": {"task": "regress_steps", "classes": 0},
    "mean": {"pooling": "mean", "bidirectional": True},
    "max": {"pooling": "max"},
    "attention": {"pooling": "attention", "network": "cnn_rnn", "pool_length": 2},
    "back": {"network": "rnn_cnn", "pooling": "max", "bidirectional": True},
}


@pytest.mark.parametrize("kind", LOSSES)
def test_gradients_are_autograds_and_a_changed_loss_is_the_forward_pass(kind: str) -> None:
    model = _network(**LOSSES[kind]).double()  # type: ignore[arg-type]
    x, y = _batch(per_step=model.sizes.task in {"tag", "regress_steps"})
    name = loss_name(model, "mse")
    assert gradient_error(model, x, y, loss=name) < 1e-12
    # A gate forced by hand: an LSTM whose output gate is shut says what its head says of zeros.
    ways = ["forward", "backward"][: 1 + model.bidirectional]
    made = clamp_sweep(model, x, [[Intervention(gate="o", op="set", value=0.0, direction=way) for way in ways]], y, loss=name)
    zeros = torch.zeros(3, -(-TIME // model.segment_length), model.stack_size, dtype=torch.float64)
    with torch.no_grad():
        shut = model.answer(zeros, torch.from_numpy(x).double()).numpy()
        plain = model(torch.from_numpy(x).double()).numpy()
    losses = [window_losses(name, said, y, network=model) for said in (plain, shut)]
    np.testing.assert_allclose(made.loss, losses[0], rtol=0, atol=1e-6)
    np.testing.assert_allclose(made.delta[:, 0], losses[1] - losses[0], rtol=0, atol=1e-6)
    assert np.abs(made.delta).max() > 1e-3


def test_a_sweep_forces_only_steps_that_there_are() -> None:
    model, (x, y) = _network(), _batch()
    swept = causal_sweep(model, x, y, loss="cross_entropy")
    assert np.isnan(swept.delta[1, :, LENGTHS[1] :]).all()
    assert np.isfinite(swept.delta[1, :, : LENGTHS[1]]).all()
    alone = causal_sweep(model, x[1:2, :4], y[1:2], loss="cross_entropy")
    forced = [row for row, its in enumerate(swept.rows) if its.value is not None]  # a mean is over all sequences
    np.testing.assert_allclose(swept.delta[1, forced][:, :4], alone.delta[0, forced], rtol=0, atol=1e-6)


def test_terms_of_the_loss_add_up_and_end_with_their_sequence() -> None:
    model = _network("tag", bidirectional=True).double()
    x, y = _batch(per_step=True)
    terms = gradient_terms(model, x, y, loss="cross_entropy")
    assert terms.max_error < 1e-10
    assert np.isnan(terms.norms[1, :, :, LENGTHS[1] :]).all()
    assert np.isfinite(terms.norms[1, : LENGTHS[1], :, : LENGTHS[1]]).all()


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_what_is_counted_and_averaged_leaves_padding_out(direction: str) -> None:
    model, (x, _) = _network(bidirectional=True), _batch()
    trace = trace_gates(model, x)
    alone = [trace_gates(model, x[row : row + 1, :length]) for row, length in enumerate(LENGTHS)]

    def joined(gate: str) -> np.ndarray:
        return np.concatenate([one.values(gate, 0, direction)[0] for one in alone])

    memory = unit_memory(trace, 0, direction)
    assert memory is not None
    assert memory.samples == sum(LENGTHS)
    np.testing.assert_allclose(memory.timescale, -1 / np.log(joined("f").astype(np.float64)).mean(axis=0), rtol=1e-5)
    for gate in saturating_gates("lstm"):
        found = saturation(trace, 0, direction)[gate]
        np.testing.assert_allclose(found.left, (joined(gate) < 0.1).mean(axis=0))
    order = order_units(trace, 0, direction, "activity")
    np.testing.assert_array_equal(order.units, np.argsort(-joined("h").astype(np.float64).std(axis=0), kind="stable"))
    order_units(trace, 0, direction, "similarity"), order_units(trace, 0, direction, "input", series=x[..., 0])
    mean = replay(model, x, [Intervention(gate="f", op="mean", direction=direction)]).interventions[0].value
    np.testing.assert_allclose(mean, joined("f").mean(axis=0, dtype=np.float64), rtol=1e-6)
    seen = project_states(trace.values("c", 0, direction), inside=trace.inside())
    np.testing.assert_allclose(seen.mean, joined("c").mean(axis=0), rtol=1e-5)
    assert np.isnan(seen.projections[1, LENGTHS[1] :]).all()
    for row in range(3):
        assert unit_ledger(trace, 0, direction, unit=1, window=row).error < 1e-5
    assert np.isnan(content_by_age(trace, 0, direction, unit=1, step=5)[1]).all()
    hits = find_spans(trace.values("h", 0, direction), Span(window=0, first=0, last=1), threshold=1e-6)
    assert hits.candidates == sum(length - 1 for length in LENGTHS) - 2
    assert all(hit.span.last < LENGTHS[hit.span.window] for hit in hits.hits)


def test_a_transplant_of_all_layers_at_the_last_step_says_what_the_donor_says() -> None:
    x = _batch()[0]
    model = _network(num_layers=2)
    made = transplant_state(model, x[1], x[[0, 2]])
    flips = made.flips()
    assert made.steps.tolist() == [0, 1, 2, 3]
    assert np.isfinite(flips.overall).all()
    assert not flips.reason
    assert np.isnan(transplant_state(model, x[0], x[[1]]).flips().overall[0, LENGTHS[1] :]).all()
    equal = transplant_state(model, x[0, :4], x[[1], :4]).flips()
    np.testing.assert_allclose(equal.overall[0, -1], 1.0, atol=1e-5)
    tags = transplant_state(_network("tag"), x[0], x[[1]]).flips()
    assert np.isnan(tags.by_target[0, 2, [0, 1, 4, 5, 6]]).all()  # before the exchange, and after the donor's end
    np.testing.assert_allclose(tags.by_target[0, 2, 2], 1.0, atol=1e-4)


def test_padding_that_none_needs_is_cut_and_sequences_are_laid_end_to_end() -> None:
    x, y = _batch(per_step=True)
    assert [part.shape for part in cut_padding(x, y)] == [(3, 7, 2), (3, 7, 1)]
    norms = np.arange(16.0).reshape(2, 8)
    np.testing.assert_array_equal(align_ends(norms, np.array([8, 4]), 5), [[3, 4, 5, 6, 7], [np.nan, 8, 9, 10, 11]])
