"""Memory, saturation and search of the shipped example: what is said is true of the model, and choices are kept in the address."""

import re

import numpy as np
import orjson

import seqlab
from seqlab.gates.ledger import step_ledger
from seqlab.gates.memory import unit_memory
from seqlab.gates.trace import trace_gates
from seqlab.runs.examples import SHIPPED

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


def figures_of(app):
    return [orjson.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_the_ledger_of_the_example_says_what_the_library_computes(open_page):
    app = open_page("gates", view="Memory", unit="5", step="20")
    text = text_of(app)
    fitted = seqlab.load_run(SHIPPED / "airline_lstm")
    windows = fitted.prepared.windows("test")
    trace = trace_gates(fitted.model, windows.gather(np.arange(len(windows)))[0])
    ledger = step_ledger(trace, 0, "forward", step=19, window=len(windows) - 1)
    largest = int(np.abs(ledger.content[5]).argmax())
    assert f"c of unit 5 is {ledger.state[5]:+.4f}".replace("-", "−") in text
    assert f"{ledger.content[5, largest]:+.4f} written at step {largest + 1}".replace("-", "−") in text
    assert "Check: the parts add up to c; largest" in text
    assert f"after {unit_memory(trace, 0, 'forward').half_life[5]:,.1f} steps half of what it stored is left" in text
    assert "16 units still have 5 % or more left after one season (12 steps)" in text
    assert "It is content written at step j, not information from x_j only" in text
    assert len(figures_of(app)) == 6


def test_a_backward_layer_in_segments_keeps_its_books_too(runs, example, open_page):
    app = open_page("gates", run=DEEP, view="Memory", layer="2", direction="backward", column="infl", step="1")
    assert not app.error
    assert "reads from the last step to the first" in text_of(app)
    assert "A step is a segment of 2 rows" in text_of(app)
    assert "the parts add up to h" in text_of(app)


def test_saturation_counts_all_windows_and_compares_with_the_start(open_page):
    app = open_page("gates", view="Saturation", part="train")
    text = text_of(app)
    assert "of the train part with 36 steps each" in text
    assert "Forget gate f**: 0 of 16 are open more than half of the time (0 before training)" in text
    assert len(figures_of(app)) == 3
    assert [trace["name"] for trace in figures_of(app)[0]["data"][2:]][:2] == ["before training", "after training"]


def test_search_finds_the_same_months_of_other_years(open_page):
    app = open_page("gates", view="Search", search_span=["33", "35"])
    marked = re.search(r"Marked: (\w+) (\d+) to (\w+) \d+, 3 steps\.", text_of(app))
    hits = re.findall(r"\*\*\d+\. (\w+) (\d+) to (\w+) \d+\*\*", text_of(app))
    assert {(first, last) for first, _, last in hits[:2]} == {(marked[1], marked[3])}
    assert len({marked[2], *(year for _, year, _ in hits[:2])}) == 3


def test_choices_of_a_search_are_in_the_address(open_page):
    app = open_page(
        "gates", view="Search", search_gate="Forget gate f", search_threshold="0.5", search_rule="Jaccard similarity", search_units="3"
    )
    assert not app.error
    assert app.selectbox(key="search_gate").value == "Forget gate f"
    assert re.search(r"1 of 16 units (is|are) looked for: 3\.", text_of(app))


def test_a_wrong_address_falls_back(open_page):
    app = open_page("gates", view="Search", search_span="999", search_gate="?", search_threshold="-1", search_units="77", search_rule="x")
    assert not app.exception
    assert not app.error


def test_nothing_active_is_said(open_page):
    app = open_page("gates", view="Search", search_threshold="9")
    assert not app.exception
    assert not app.error
    assert "Mark fewer steps, lower the threshold" in text_of(app)
