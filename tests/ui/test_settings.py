"""What the address says about settings, and what the widgets say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from seqlab.config import DataConfig, ModelConfig, RunSpec, SequenceConfig, SplitConfig, TrainConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.errors import ConfigError
from seqlab.options import options_of
from seqlab.ui.fitting_settings import not_asked
from seqlab.ui.settings import apply_differences, differences

BASE = RunSpec(dataset="airline_passengers")


@given(
    hidden=st.integers(1, 512),
    cell=st.sampled_from(["lstm", "gru", "rnn"]),
    rate=st.floats(1e-8, 10.0),
    horizon=st.integers(1, 100),
    bias=st.none() | st.floats(-10, 10),
)
def test_differences_lead_back(hidden, cell, rate, horizon, bias):
    spec = BASE.replace(
        model=ModelConfig(cell=cell, hidden_size=hidden, forget_bias=bias),
        training=TrainConfig(learning_rate=rate),
        window=WindowConfig(horizon=horizon),
    )
    assert apply_differences(BASE, differences(BASE, spec)) == spec


def test_no_difference_is_no_text():
    assert differences(BASE, BASE) == ""
    assert apply_differences(BASE, "") is BASE


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "not readable"),
        ("[1]", "not readable"),
        ('{"hidden_size":0}', "hidden_size"),
        ('{"hidden_size":1000000}', "from 1 to 512"),
        ('{"no_such":1}', "do not exist: 'no_such'"),
        ('{"learning_rate":"fast"}', "learning_rate"),
    ],
)
def test_an_address_may_say_anything(text, part):
    with pytest.raises(ConfigError, match=part):
        apply_differences(BASE, text)


def _form():
    import streamlit as st

    from seqlab.config import RunSpec
    from seqlab.errors import SeqlabError
    from seqlab.ui.datasets import open_dataset
    from seqlab.ui.settings import draw_settings, read_spec

    spec = RunSpec(dataset="airline_passengers")
    dataset = open_dataset("airline_passengers")
    draw_settings(dataset, spec, "k")
    try:
        st.session_state["made"] = read_spec(dataset, spec, "k")
    except SeqlabError as error:
        st.error(str(error))


@pytest.fixture
def form():
    return AppTest.from_function(_form, default_timeout=30).run()


def test_untouched_widgets_give_the_spec_they_started_from(form):
    assert not form.exception
    assert form.session_state["made"] == BASE


def widgets_of(form):
    return {w.label: w.help for kind in ("number_input", "selectbox", "multiselect", "toggle") for w in getattr(form, kind)}


def test_every_option_that_fits_has_a_widget_with_its_label_and_help(form):
    form.selectbox(key="k.model.network").select("cnn_rnn").run()  # which has convolutions and a cell
    drawn = widgets_of(form)
    dataset, asked = load_dataset(BASE.dataset), {"network": "cnn_rnn"}
    for part, config in (("window", WindowConfig), ("model", ModelConfig), ("training", TrainConfig)):
        for name, option in options_of(config).items():
            if name not in not_asked(dataset, part, asked):
                assert option.help in drawn[option.label]
    assert {"Embedding size", "Read text by", "Class weights", "Attention", "Several targets"}.isdisjoint(drawn)


def test_what_is_asked_follows_the_network(form):
    assert "Filters" not in widgets_of(form)
    form.selectbox(key="k.model.network").select("cnn").run()
    assert not form.exception
    drawn = widgets_of(form)
    assert "Filters" in drawn
    assert {"Cell", "Hidden size (units)", "Layers"}.isdisjoint(drawn)
    form.number_input(key="k.model.channels").set_value(8).run()
    assert form.session_state["made"].model == ModelConfig(network="cnn", channels=8)


@pytest.mark.parametrize(
    ("key", "asked", "gone"),
    [
        ("sentiment_movies", {"unit", "lowercase", "embedding_size", "spelling", "class_weights"}, {"output", "loss", "scaling"}),
        ("tagging_us_address", {"output", "word_shape", "lowercase"}, {"unit", "pooling", "attention", "horizon"}),
        ("dates_iso", {"attention", "teacher_forcing", "embedding_size"}, {"network", "lowercase", "pooling", "class_weights", "output"}),
        ("gunpoint", {"network", "pooling", "scaling", "longest"}, {"unit", "embedding_size", "horizon", "reference", "calendar"}),
        ("adding", {"loss", "cell"}, {"scaling", "class_weights", "train_size", "longest"}),
        ("airline_passengers", {"horizon", "reference", "loss", "pooling"}, {"unit", "embedding_size", "class_weights", "output"}),
    ],
)
def test_only_what_fits_the_task_is_asked(key, asked, gone):
    dataset, chosen = load_dataset(key), {"network": "recurrent", "method": "published", "unit": "word"}
    parts = {"data": DataConfig, "split": SplitConfig, "window": WindowConfig, "sequence": SequenceConfig}
    parts |= {"model": ModelConfig, "training": TrainConfig}
    drawn = {name for part, config in parts.items() for name in options_of(config) if name not in not_asked(dataset, part, chosen)}
    assert asked <= drawn
    assert gone.isdisjoint(drawn)
    assert ("hidden_size" in drawn) > ("kernel_size" in drawn)


def test_settings_of_sequences_are_kept_in_the_address():
    spec = BASE.replace(sequence=SequenceConfig(unit="character", longest=50))
    assert differences(BASE, spec) == '{"unit":"character","longest":50}'
    assert apply_differences(BASE, differences(BASE, spec)) == spec


def test_what_the_widgets_hold_is_what_is_read(form):
    form.number_input(key="k.model.hidden_size").set_value(7)
    form.selectbox(key="k.model.cell").select("gru")
    form.toggle(key="k.model.bidirectional").set_value(True)
    form.number_input(key="k.model.forget_bias").set_value(1.5)
    form.run()
    assert form.session_state["made"].model == ModelConfig(cell="gru", hidden_size=7, bidirectional=True, forget_bias=1.5)


@pytest.mark.parametrize("value", [0, -3, 10**6])
def test_a_number_out_of_range_is_answered_with_a_sentence(form, value):
    form.number_input(key="k.model.hidden_size").set_value(value).run()
    assert "a whole number from 1 to 512" in form.error[0].value
    assert str(value) in form.error[0].value
