"""What a sweep may change, and what is refused, in words."""

import pytest

from seqlab.config import ModelConfig, RunSpec
from seqlab.errors import ConfigError
from seqlab.runs.search_space import OFFERED, SearchField, grid, spec_of, suggested
from seqlab.runs.spec_fields import spec_values
from seqlab.runs.sweep import SAMPLERS, SweepSpec

BASE = RunSpec(dataset="airline_passengers")


@pytest.mark.parametrize("path", OFFERED)
def test_every_suggestion_is_allowed_and_holds_the_own_value(path: str) -> None:
    field = suggested(path, BASE)
    own = spec_values(BASE)[path]
    assert own in field.choices if field.choices else own == 0 or field.low <= own <= field.high
    assert SearchField.from_dict(field.to_dict()) == field
    assert field.points(3)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"path": "training.loss", "choices": ("mse", "mae")}, "cannot change 'training.loss'"),
        ({"path": "training.seed", "low": 0, "high": 9}, "cannot change 'training.seed'"),
        ({"path": "model.hidden_size", "low": 64, "high": 8}, "first must be smaller"),
        ({"path": "model.hidden_size", "low": 8}, "Give both ends"),
        ({"path": "model.hidden_size", "low": 8, "high": 4096}, "from 1 to 512"),
        ({"path": "model.dropout", "low": 0.0, "high": 0.5, "log": True}, "starts above zero"),
        ({"path": "model.cell", "choices": ("gru", "elman")}, "no cell 'elman'"),
        ({"path": "model.cell", "low": 1, "high": 2}, "List the values"),
        ({"path": "training.batch_size", "choices": (16, 16)}, "has one value, 16"),
    ],
)
def test_a_wrong_field_is_refused_in_words(values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        SearchField(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"space": ()}, "changes nothing"),
        ({"space": (SearchField(path="model.cell", choices=("gru", "lstm")),) * 2}, "twice"),
        ({"sampler": "magic"}, "no sampler 'magic'"),
        ({"trials": 0}, "whole number from 1 to 500"),
        ({"sampler": "grid", "space": (SearchField(path="model.segment_length", choices=(5, 7)),)}, "None of the 2 combinations"),
    ],
)
def test_a_wrong_sweep_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    given = {"base": BASE, "space": (SearchField(path="model.cell", choices=("gru", "lstm")),)} | changes
    with pytest.raises(ConfigError, match=words):
        SweepSpec(**given)  # type: ignore[arg-type]


def test_there_and_back() -> None:
    space = (SearchField(path="model.hidden_size", low=8, high=64, log=True), SearchField(path="model.cell", choices=("gru", "lstm")))
    for sampler in SAMPLERS:
        sweep = SweepSpec(base=BASE, space=space, sampler=sampler, trials=7, seed=3, name="*")
        assert SweepSpec.from_dict(sweep.to_dict()) == sweep
    assert SweepSpec(base=BASE, space=space, sampler="grid", points=3, trials=100).planned == 6


def test_a_grid_leaves_out_what_contradicts_itself() -> None:
    fields = (SearchField(path="model.segment_length", choices=(1, 5, 12)), SearchField(path="window.context_length", choices=(24, 36)))
    possible, left_out = grid(fields, 4, BASE)
    assert (len(possible), left_out) == (4, 2)
    with pytest.raises(ConfigError, match="cannot be cut"):
        spec_of(BASE, {"model.segment_length": 5})
    chrono = BASE.replace(model=ModelConfig(chrono_length=30))
    with pytest.raises(ConfigError, match="chrono"):
        spec_of(chrono, {"model.cell": "rnn"})
