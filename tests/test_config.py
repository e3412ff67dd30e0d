"""Choices: every bound holds on both sides, specs survive JSON, and messages name field, value and bounds."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, TrainConfig, WindowConfig
from seqlab.errors import ConfigError
from seqlab.options import options_of

CONFIGS = [DataConfig, SplitConfig, WindowConfig, ModelConfig, TrainConfig]
NUMBERS = [(c, name, o) for c in CONFIGS for name, o in options_of(c).items() if o.minimum is not None]


@pytest.mark.parametrize("config", CONFIGS)
def test_every_field_has_a_label_a_help_text_and_a_valid_default(config: type) -> None:
    options = options_of(config)
    assert list(options) == [f.name for f in dataclasses.fields(config)]
    for option in options.values():
        assert option.label
        assert option.help.endswith(".")
    assert config.from_dict(config().to_dict()) == config()


@pytest.mark.parametrize(("config", "name", "option"), NUMBERS)
def test_both_bounds_are_allowed_and_what_lies_beyond_is_refused(config: type, name: str, option: object) -> None:
    for bound in (option.minimum, option.maximum):
        assert getattr(config(**{name: bound}), name) == bound
    for value in (option.minimum - 1, option.maximum * 2 + 1, float("nan"), float("inf"), "7", True):
        with pytest.raises(ConfigError, match=rf"{config.__name__}\.{name} .* must be a"):
            config(**{name: value})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ModelConfig(hidden_size=0), r"hidden_size .* is 0\. It must be a whole number from 1 to 512"),
        (lambda: ModelConfig(hidden_size=10**6), "from 1 to 512"),
        (lambda: ModelConfig(hidden_size=2.5), "whole number"),
        (lambda: WindowConfig(horizon=0), r"horizon .* is 0\. It must be a whole number from 1"),
        (lambda: TrainConfig(learning_rate=1e6), "from 1e-08 to 10"),
        (lambda: TrainConfig(optimizer="lion"), "Choose one of: adam, adamw, sgd, rmsprop"),
        (lambda: TrainConfig(epochs=None), "is empty. Give it a value"),
        (lambda: ModelConfig(bidirectional="yes"), "must be true or false"),
        (lambda: DataConfig(targets="passengers"), "must be a list of column names"),
        (lambda: RunSpec(dataset=""), "Give the key of a data set"),
        (
            lambda: RunSpec(dataset="a", window=WindowConfig(context_length=10), model=ModelConfig(segment_length=3)),
            "multiple of the segment",
        ),
        (lambda: RunSpec.from_json("{"), "not JSON"),
        (lambda: RunSpec.from_json("{}"), "another format"),
        (lambda: RunSpec.from_json('{"format": 1, "dataset": "a", "colour": 1}'), "no field 'colour'"),
        (lambda: RunSpec.from_json('{"format": 1}'), "incomplete"),
        (lambda: RunSpec.from_json('{"format": 1, "dataset": "a", "model": 3}'), "must be an object"),
    ],
)
def test_bad_choices_are_refused_in_words(make: object, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make()


@given(
    st.builds(
        lambda hidden, rate, bias, seed, targets: RunSpec(
            dataset="a",
            dataset_options={"noise": rate},
            data=DataConfig(targets=tuple(targets)),
            model=ModelConfig(hidden_size=hidden, forget_bias=bias),
            training=TrainConfig(learning_rate=rate, seed=seed),
        ),
        st.integers(1, 512),
        st.floats(1e-8, 10.0),
        st.none() | st.floats(-10, 10),
        st.integers(0, 2**31 - 1),
        st.lists(st.text(max_size=5), max_size=3),
    )
)
def test_a_spec_survives_json_exactly(spec: RunSpec) -> None:
    assert RunSpec.from_json(spec.to_json()) == spec
    assert RunSpec.from_json(spec.to_json()).to_json() == spec.to_json()
    assert json.loads(spec.to_json())["format"] == 1


def test_configs_cannot_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ModelConfig().hidden_size = 3
