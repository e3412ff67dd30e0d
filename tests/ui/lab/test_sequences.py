"""The laboratory of a model that reads sequences of unequal length: what is padding is nowhere, and nothing speaks of forecasts."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from seqlab.config import ModelConfig, RunSpec, SequenceConfig, TrainConfig
from seqlab.data.home import home
from seqlab.runs.control import Control
from seqlab.runs.folder import RunFolder
from seqlab.runs.training_job import train_folder
from seqlab.ui.lab.change_effect import measure_effect
from seqlab.ui.lab.change_text import read_changes
from seqlab.ui.lab.reading import labels_of, read_series, words_of
from seqlab.ui.lab.sequence_choice import first_words, right_answer

RUN = "20260101-000002-ffffff"


def _train(folder: Path, dataset: str, **model: object) -> RunFolder:
    spec = RunSpec(
        dataset=dataset, sequence=SequenceConfig(longest=12), model=ModelConfig(hidden_size=3, **model),  # type: ignore[arg-type]
        training=TrainConfig(epochs=1, batch_size=256, device="cpu"),
    )  # fmt: skip
    run = RunFolder.create(folder / RUN, spec, {"name": "Small", "created": 0.0})
    train_folder(run, Control(run.training))
    return run


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Tags of addresses, read both ways."""
    return _train(tmp_path_factory.mktemp("addresses"), "tagging_us_address", cell="gru", bidirectional=True, embedding_size=4)


@pytest.fixture
def open_addresses(open_gates, addresses):
    """Opens the Gates page of that run."""

    def open_(**address):
        shutil.copytree(addresses.path, home() / "runs" / RUN, dirs_exist_ok=True)
        return open_gates(run=RUN, **address)

    return open_


def test_a_bench_of_a_text_has_its_words_and_no_padding(bench_of, addresses):
    bench = bench_of(addresses, window=4, direction="backward")
    words = bench.sequences.step_labels("test", 4)
    assert (bench.noun, bench.task, bench.steps) == ("text", "tag", len(words))
    assert words_of(bench) == words
    assert labels_of(bench)[1] == f"step 2, “{words[1]}”"
    assert np.isfinite(bench.values("h")[0]).all()
    assert np.isnan(read_series(bench)).all()
    lengths = bench.trace.lengths
    assert len(set(lengths)) > 2
    assert len(bench.everywhere("z")) == lengths.sum()
    assert np.isfinite(bench.everywhere("z")).all()
    assert first_words(bench.sequences, "test", 4).startswith(words[0])
    assert not right_answer(bench.sequences, "test", 4)


def test_changes_beyond_the_end_of_shorter_texts_change_those_that_have_the_step(bench_of, addresses):
    lengths = bench_of(addresses).trace.lengths
    longest = int(bench_of(addresses).samples[int(lengths.argmax())])
    bench = bench_of(addresses, window=longest)
    changes = read_changes(f"h:set:0:all:{bench.steps}")
    effect = measure_effect(bench, changes)
    there = bench.trace.lengths >= bench.steps
    assert (effect.moved_last[there] > 0).all()
    assert not np.nan_to_num(effect.moved[~there]).any()
    assert effect.max_error < 1e-5
    assert (effect.loss_changed == effect.loss_without)[~there].all()


@pytest.mark.parametrize("view", ["Trace", "Change gates", "Gradients"])
def test_no_view_of_texts_speaks_of_forecasts_or_windows(open_addresses, view):
    app = open_addresses(view=view, window="5")
    assert not app.exception
    assert not app.error
    said = [one.value for one in (*app.markdown, *app.caption, *app.info, *app.subheader)]
    said += [f"{one.label} {one.help}" for one in (*app.button, *app.metric, *app.number_input, *app.selectbox)]
    assert not [text for text in said if re.search(r"forecast|window|horizon|season", text)]
    assert any("Text 5 of" in text for text in said)


def test_a_network_without_gates_says_what_to_choose_instead(open_gates):
    _train(home() / "runs", "five_steps", network="cnn")
    app = open_gates(run=RUN, view="memory")
    assert not app.error
    assert "has no gates" in app.info[0].value
    assert "Recurrent" in app.info[0].value
