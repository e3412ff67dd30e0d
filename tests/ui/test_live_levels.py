"""Lines beside a curve are computed from the data, not written down."""

import math

import pytest

from seqlab.config import TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.presets import presets_for
from seqlab.ui.live_levels import class_entropy, levels_of, loss_label


def spec_of(dataset, **changes):
    return next(iter(presets_for(dataset).values())).build(dataset).replace(**changes)


def test_a_uniform_guess_has_the_logarithm_of_the_number_of_classes():
    assert class_entropy([5] * 7) == pytest.approx(math.log(7))
    assert class_entropy([9, 0]) == 0


def test_classes_have_the_loss_of_their_shares_and_the_share_of_the_most_frequent():
    dataset = load_dataset("basic_motions")
    levels = levels_of(spec_of(dataset), dataset)
    ((loss, label),) = levels.loss
    assert loss == pytest.approx(math.log(4), abs=0.01)
    assert "how frequent" in label
    assert levels.accuracy[0][0] == pytest.approx(0.25, abs=0.05)


def test_a_teaching_task_has_its_own_lines_unless_another_loss_is_trained():
    dataset = load_dataset("flip_flop", sequences=20)
    spec = spec_of(dataset)
    assert [value for value, _ in levels_of(spec, dataset).loss] == [dataset.trivial, dataset.solved]
    assert levels_of(spec.replace(training=TrainConfig(loss="mae")), dataset).loss == ()
    assert loss_label(spec, dataset) == "Squared error"
    assert levels_of(spec, load_dataset("airline_passengers")).loss == ()
