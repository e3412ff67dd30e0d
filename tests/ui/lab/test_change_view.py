"""The view Change gates on the shipped example: lessons, bad addresses, and scripts that make its numbers again."""

import runpy
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import seqlab
from seqlab.gates.intervention import Intervention
from seqlab.gates.replay import replay
from seqlab.gates.unit_order import UnitOrder
from seqlab.models.table import CELLS, cell_entry
from seqlab.runs.store import RunStore
from seqlab.ui import supervision
from seqlab.ui.lab import change_effect, change_free_run, change_sweep, change_view
from seqlab.ui.lab.bench import Bench, samples_around
from seqlab.ui.lab.change_lessons import lessons
from seqlab.ui.lab.change_parts import as_python
from seqlab.ui.lab.change_text import read_changes
from seqlab.ui.lab.choice import WindowChoice
from seqlab.ui.lab.take_away import script_of
from seqlab.ui.opened import open_windows

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "seqlab/runs/shipped/airline_lstm"


class QuietSupervisor:
    """Starts nothing."""

    def __init__(self, store):
        self.store = store

    def start(self):
        return self


@pytest.fixture
def open_view(monkeypatch):
    monkeypatch.setattr(supervision, "Supervisor", QuietSupervisor)

    def open_(**address):
        app = AppTest.from_file(str(ROOT / "pages/gates.py"), default_timeout=60)
        for name, value in {"run": "example", "view": "Change gates", **address}.items():
            app.query_params[name] = value
        return app.run()

    return open_


@pytest.fixture
def bench():
    fitted = seqlab.load_run(EXAMPLE)
    windows = fitted.prepared.windows("test")
    choice = WindowChoice(
        part="test", window=windows.window_count - 1, windows=windows.window_count, column=0, origin=int(windows.origins[-1])
    )
    samples = samples_around(fitted, choice)
    run = RunStore().get("example")
    return Bench(
        run=run, fitted=fitted, choice=choice, samples=samples, opened=open_windows(run.folder, "test", samples),
        layer=0, direction="forward", ordered=UnitOrder(units=np.arange(16)), unit=0, step=35,
    )  # fmt: skip


def _texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption])


def test_it_opens_with_a_lesson_and_its_check_holds_exactly(open_view):
    app = open_view()
    assert not app.exception
    assert not app.error
    assert "Held: largest change of c from one of these steps to the next = 0." in _texts(app)
    assert [metric.label for metric in app.metric] == ["Loss, this window", "Mean loss, 10 windows", "Windows made worse"]


def test_every_lesson_can_be_clicked(open_view):
    app = open_view()
    app.button(key="change_lesson_1").click().run()
    assert "Erased: largest difference between c and the candidate g at these steps = 0." in _texts(app)
    app.button(key="change_lesson_2").click().run()
    assert "Nothing moves at all" in _texts(app)
    assert "Times 1: largest difference between both forecasts = 0." in _texts(app)
    app.button(key="change_none").click().run()
    assert "Nothing is changed yet" in _texts(app)
    assert not app.exception
    assert not app.error


def test_a_change_of_ones_own_is_added_and_removed(open_view):
    app = open_view(change_list="none")
    app.number_input(key="change_value").set_value(0.25)
    app.slider(key="change_steps").set_value((5, 8))
    app.run()
    app.button(key="change_add").click().run()
    assert app.text_input(key="change_list").value == "f:set:0.25:all:5-8"
    app.button(key="change_remove_0").click().run()
    assert app.text_input(key="change_list").value == "none"
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("z:set:1", "no gate"),
        ("f:set:1:all:30-50", "This window has steps 1 to 36"),
        ("f@3:set:1", "This model has layers 1 to 1"),
        ("c:shift:1", "has none of its own"),
        ("<script>", "cannot be read"),
        (";".join(["f:set:1"] * 20), "up to 8"),
    ],
)
def test_an_address_that_cannot_be_done_says_so_and_the_rest_stays(open_view, text, words):
    app = open_view(change_list=text)
    assert not app.exception
    assert any(words in error.value.replace("\\", "") for error in app.error)
    assert [heading.value for heading in app.subheader] == ["Which gate matters when"]


def test_its_own_forecasts_are_fed_back(open_view):
    app = open_view(change_mode="Its own forecasts")
    assert not app.exception
    assert not app.error
    assert "The data ends, or has a gap, too soon after the chosen window, so this run begins 2 forecasts earlier." in _texts(app)
    assert [metric.label for metric in app.metric] == ["Mean error, this run", "Mean error, 8 runs"]


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", CELLS)
def test_lessons_fit_every_cell(cell, direction):
    import torch

    torch.manual_seed(0)
    entry = cell_entry(cell)
    module = entry.load().build_stack(input_size=2, hidden_size=4, num_layers=1, bidirectional=True, dropout=0.0, forget_bias=None)
    x = torch.randn(2, 9, 2)
    plain = replay(module, x)
    for lesson in lessons(entry, steps=9, layer=0, direction=direction):
        changed = replay(module, x, lesson.changes)
        moved = np.abs(changed.values(entry.output, 0, direction) - plain.values(entry.output, 0, direction)).max(axis=(0, 2))
        if lesson.label.startswith("×"):
            assert not moved.any()
        else:
            late = slice(0, 3) if direction == "backward" else slice(6, 9)
            assert moved[late].all()
            assert np.count_nonzero(moved) == 3


def _again(bench, name, script, folder):
    for file in ("spec.json", "model.safetensors"):
        shutil.copy(EXAMPLE / file, folder)
    path = folder / f"{name}.py"
    path.write_text(script_of(bench, name, script))
    runpy.run_path(str(path))
    return pd.read_csv(folder / f"{name}.again.csv")


def _assert_same(table, again, folder):
    table.to_csv(folder / "first.csv", index=False)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "first.csv"), again, check_exact=True)


CHANGES = [Intervention(gate="f", op="set", value=1.0, units=[0, 3], steps=range(5, 9)), Intervention(gate="o", op="mean")]


def test_the_script_of_recorded_inputs_makes_the_table_again(bench, tmp_path):
    effect = change_effect.measure_effect(bench, CHANGES)
    script = change_view.SCRIPT.format(changes=as_python(CHANGES), samples=bench.samples.tolist())
    _assert_same(change_view._table(bench, effect), _again(bench, "changed_forecasts", script, tmp_path), tmp_path)
    assert len(effect.moved) == 10


def test_the_script_of_the_free_run_makes_the_table_again(bench, tmp_path):
    from seqlab.gates.free_run import free_run, recorded_windows

    origins, rounds = change_free_run._free_origins(bench)
    assert rounds == 3
    assert origins[0] == bench.choice.origin - 24
    assert len(set(origins)) == len(origins) > 1
    windows = [recorded_windows(bench.fitted.prepared, origin, rounds) for origin in origins]
    x, future = (np.stack(pieces) for pieces in zip(*windows, strict=True))
    run = free_run(bench.fitted.model, x, CHANGES, future=future)
    script = change_free_run.SCRIPT.format(changes=as_python(CHANGES), origins=origins, rounds=rounds, series=0)
    _assert_same(change_free_run._free_table(run, origins), _again(bench, "changed_free_run", script, tmp_path), tmp_path)


def test_the_script_of_the_sweep_makes_the_table_again(bench, tmp_path):
    size = change_sweep.SweepSize(windows=2, span=12)
    swept = change_sweep._swept.__wrapped__(bench, "", b"", "test", 0, "forward", size)
    script = change_sweep.SCRIPT.format(
        windows=2, span=12, loss=bench.fitted.spec.training.loss, samples=bench.samples[:2].tolist(), first_steps=None
    )
    _assert_same(change_sweep._table(bench, swept), _again(bench, "causal_sweep", script, tmp_path), tmp_path)


def test_a_change_that_cannot_be_added_says_why_and_adds_nothing(open_view):
    app = open_view(change_list="none")
    app.session_state["change_gate"] = "c"
    app.session_state["change_op"] = "shift"
    app.run()
    app.button(key="change_add").click().run()
    (error,) = app.error
    assert "has none of its own" in error.value.replace("\\", "")
    assert app.text_input(key="change_list").value == "none"
    assert not app.exception


def test_where_blocks_have_nothing_to_do_with_each_other_no_forecast_is_fed_back(open_view):
    def menus(app):
        return [one.label for one in app.get("button_group")]

    assert "What it reads after the first forecast" in menus(open_view(change_list="none"))
    app = open_view(run="example-latch_lstm", change_list="none", change_mode=change_view.FREE)
    assert not app.exception
    assert not app.error
    assert "What it reads after the first forecast" not in menus(app)
    assert "Loss, this window" in [metric.label for metric in app.metric]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("f:set:1;i:set:0", "Held: largest change of c from one of these steps to the next = 0."),
        ("f@1b:set:1;i@1b:set:0", "Held: largest change of c from one of these steps to the next = 0."),
        ("f@1b:set:0;i@1b:set:1", "Erased: largest difference between c and the candidate g at these steps = 0."),
        ("f:set:1;i@1b:set:0", ""),
        ("f:set:1:all:1-3;i:set:0:all:2-4", ""),
    ],
)
def test_a_law_is_named_only_where_it_holds(changes, said):
    import torch
    from torch import nn

    torch.manual_seed(0)
    module, x = nn.LSTM(2, 4, batch_first=True, bidirectional=True), torch.randn(2, 9, 2)
    bench = SimpleNamespace(entry=cell_entry("lstm"), layer=0, steps=9)
    made = read_changes(changes)
    assert change_effect.exact_sentence(bench, made, [], replay(module, x, made)) == said
