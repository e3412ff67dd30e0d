"""What the search draws and says: the chosen column's windows, every unit that is marked, and how many are left out."""

import dataclasses
import json
import struct

import numpy as np
import pytest

from seqlab.gates.part_trace import gather_gate
from seqlab.gates.search import Span, find_spans
from seqlab.gates.unit_order import UnitOrder
from seqlab.ui.lab import search_view
from seqlab.ui.lab.search_choice import SearchChoice


def canvas_of(app):
    payload = next(sent for item in app.get("bidi_component") if (sent := item.proto.bytes))
    (length,) = struct.unpack_from("<I", payload)
    return json.loads(payload[4 : 4 + length])


@pytest.mark.parametrize(("column", "name"), [(0, "realgdp"), (1, "infl")])
def test_the_windows_that_are_searched_are_of_the_chosen_column(bench_of, deep_folder, column, name):
    bench = bench_of(deep_folder, part="train", window=3, column=column)
    prepared = bench.fitted.prepared
    windows, values = prepared.windows("train"), prepared.dataset.frame[name].to_numpy()
    samples = search_view._samples(bench)
    assert samples[0] == bench.samples[0]
    assert len(set(samples.tolist())) == len(samples) == windows.window_count
    rows = search_view._first_rows(bench, samples)
    read = prepared.to_data_units(windows.gather(samples)[0][..., :1], np.full(len(samples), column))[..., 0]
    np.testing.assert_allclose(read, [values[row : row + 8] for row in rows], rtol=1e-3, atol=1e-2)


@pytest.fixture
def found(bench_of, deep_folder):
    """A search for two units in windows of the second column: bench, choice, what was found, values, samples, first rows."""
    bench = bench_of(deep_folder, part="train", window=3, column=1)
    windows, samples = bench.fitted.prepared.windows("train"), search_view._samples(bench)
    rows = search_view._first_rows(bench, samples)
    gate = next(gate for gate in bench.entry.gates if gate.name == "h")
    choice = SearchChoice(gate=gate, span=Span(window=0, first=1, last=1), threshold=0.01, units=[0, 2], only_here=False, rule="lstmvis")
    numbers = gather_gate(bench.fitted.model, windows, samples, "h", 0, "forward")
    hits = find_spans(numbers, choice.span, threshold=0.01, units=[0, 2], only_here=False, rule="lstmvis", rows=rows, segment_length=2)
    assert hits.hits
    return bench, choice, hits, numbers, samples, rows


def test_a_hit_shows_the_rows_that_were_found(found):
    bench, choice, hits, numbers, _, rows = found
    values = bench.fitted.prepared.dataset.frame["infl"].to_numpy()
    for hit in hits.hits:
        first = rows[hit.span.window]
        picture = search_view._hit_picture(bench, choice, hits, hit, numbers[hit.span.window], int(first), 0)
        expected = values[first : first + 8].reshape(4, 2).mean(axis=1)
        np.testing.assert_allclose(picture.series, expected[picture.offset : picture.offset + len(picture.series)])


def test_pictures_of_hits_say_how_many_units_they_draw(found, monkeypatch):
    said = []
    monkeypatch.setattr(search_view, "show_figure", lambda *_, **__: None)
    monkeypatch.setattr(search_view.st, "caption", said.append)
    search_view._draw_hits(*found)
    assert not any("Each picture draws" in text for text in said)
    monkeypatch.setattr(search_view, "MOST_UNITS", 1)
    search_view._draw_hits(*found)
    assert "Each picture draws the first 1 of the 2 units that are looked for, in the order chosen above." in said


def test_every_marked_unit_and_that_of_the_cursor_are_drawn_and_what_is_cut_is_said(example, monkeypatch):
    drawn, said = [], []
    monkeypatch.setattr(search_view, "FEW_ROWS", 4)
    monkeypatch.setattr(search_view.canvas.TraceCanvas, "draw", lambda picture, *_, **__: drawn.append(picture))
    monkeypatch.setattr(search_view.st, "caption", said.append)
    gate = next(gate for gate in example.entry.gates if gate.name == "h")
    choice = SearchChoice(gate=gate, span=Span(window=0, first=1, last=2), threshold=0.3, units=None, only_here=False, rule="lstmvis")

    def draw(unit, marked):
        selected = np.zeros(16, dtype=np.int8)
        selected[marked] = 1
        found = search_view.SpanSearch(selected=selected, hits=(), candidates=0, complete=0)
        bench = dataclasses.replace(example, ordered=UnitOrder(units=np.arange(16)[::-1]), unit=unit)
        search_view._draw_marked(bench, choice, found)
        return drawn[-1].rows

    assert draw(14, [13]) == [15, 14, 13, 12]
    assert said[-1] == "The first 4 of 16 units in this order are drawn."
    assert draw(14, [13, 5])[-1] == 5
    assert said[-1] == "The first 11 of 16 units in this order are drawn."
    assert draw(3, [])[-1] == 3
    said.clear()
    assert len(draw(0, [])) == 16
    assert len(said) == 1  # how to mark other steps


@pytest.fixture
def no_hits(monkeypatch):
    """A dozen pictures less to draw."""
    monkeypatch.setattr(search_view, "_draw_hits", lambda *_: None)


@pytest.mark.usefixtures("no_hits")
def test_a_span_may_be_named_from_its_end(open_gates):
    app = open_gates(view="Search", search_span=["9", "3"])
    assert not app.error
    assert not app.exception
    assert [(span["start"], span["end"]) for span in canvas_of(app)["spans"]] == [(2, 8)]
    app.number_input(key="step").set_value(3).run()
    assert not app.error
    assert app.slider(key="search_span").value == (3, 9)


@pytest.mark.usefixtures("no_hits")
def test_what_was_marked_at_first_follows_the_window_and_what_was_chosen_stays(open_gates):
    app, later = open_gates(view="Search"), open_gates(view="Search", window="1")
    first, other = (one.slider(key="search_span").value for one in (app, later))
    assert first != other
    app.slider(key="window").set_value(1).run()
    assert app.slider(key="search_span").value == other
    app.slider(key="search_span").set_value((5, 6)).run()
    app.slider(key="window").set_value(10).run()
    assert app.slider(key="search_span").value == (5, 6)
