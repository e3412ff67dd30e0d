"""What a network says of beginnings and of further test sets equals what it says of those sequences by themselves."""

import dataclasses

import numpy as np
import pytest

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.errors import ConfigError
from seqlab.evaluation.beginnings import beginnings
from seqlab.evaluation.longer import predict_tests
from seqlab.training.fitted import Fitted
from seqlab.training.session import initial_network


def untrained(dataset, options, **model):
    spec = RunSpec(dataset=dataset, dataset_options=options, model=ModelConfig(hidden_size=4, **model), training=TrainConfig(device="cpu"))
    prepared = prepare(load_dataset(dataset, **options), spec)
    return Fitted(
        model=initial_network(spec, prepared), spec=spec, prepared=prepared, history=(), device="cpu", outcome="finished", message=""
    )


@pytest.fixture(scope="module")
def classifier():
    return untrained("five_steps", {"sequences": 10}, bidirectional=True, pooling="mean")


def test_each_beginning_is_read_as_a_sequence_of_its_own(classifier):
    steps, probability = beginnings(classifier, "test", 3)
    x = classifier.prepared.windows("test").gather([3])[0]
    assert steps.tolist() == [1, 2, 3, 4, 5]
    for row, length in enumerate(steps):
        np.testing.assert_allclose(probability[row], classifier.predict(x[:, :length])[0, 0], atol=1e-6)


def test_of_a_long_sequence_some_beginnings_are_read_the_whole_among_them(classifier):
    assert beginnings(classifier, "test", 0, most=2)[0].tolist() == [1, 5]


def test_other_models_make_up_no_mind():
    with pytest.raises(ConfigError, match="one class of each sequence"):
        beginnings(untrained("parity", {"sequences": 10}), "test", 0)


def test_further_test_sets_are_answered_whole():
    fitted = untrained("additions", {"sequences": 10})
    dataset = fitted.prepared.dataset
    few = {name: dataclasses.replace(more, tokens=more.tokens[:3], labels=more.labels[:3]) for name, more in dataset.tests_at.items()}
    small = dataclasses.replace(dataset, tests_at=few)
    said = predict_tests(dataclasses.replace(fitted, prepared=dataclasses.replace(fitted.prepared, dataset=small)))
    assert list(said) == list(few)
    for name, one in said.items():
        assert one.y_true == few[name].labels
        assert len(one.y_pred) == 3
