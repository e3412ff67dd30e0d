"""The message of the canvas of traces: what is packed comes out again, and what the browser reports is checked."""

import json
import struct

import numpy as np
import pytest

from seqlab.ui.trace_canvas import InputLine, InputPanel, LinePanel, LineTrace, MapPanel, Span, TraceCanvas, as_bytes


def unpack(payload):
    """Header and a function that reads an array, as the script in the browser does."""
    (length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + length])
    start = 4 + length + (-(4 + length)) % 8
    return header, lambda at, kind: np.frombuffer(payload, kind, at[1] // np.dtype(kind).itemsize, start + at[0])


@pytest.fixture
def canvas():
    values = np.array([[0.0, 0.5, 1.0], [np.nan, 0.25, 2.0]])
    return TraceCanvas(
        alt="two units",
        rows=[4, 1],
        unit=4,
        step=2,
        times=np.arange(8.0),
        steps=3,
        per_column=2,
        maps=[MapPanel(name="f", label="Forget gate", values=values, low=0.0, high=1.0, summary=np.array([0.5, 1.0]))],
        lines=[LinePanel(title="Unit {unit}:", low=0.0, high=1.0, traces=[LineTrace(name="f", color="#000000", values=values[0])])],
        input=InputPanel(title="Input: x", lines=[InputLine(name="truth", values=np.array([1.5, np.nan]), color="#000000")]),
        groups=[(0, "group 1")],
        spans=[Span(start=0, end=1, label="cue")],
    )


def test_what_is_packed_comes_out_again(canvas):
    header, read = unpack(canvas.payload())
    assert header["rows"] == [4, 1]
    assert header["cursor"] == {"unit": 4, "step": 2}
    assert (header["steps"], header["per_column"], header["horizon"]) == (3, 2, 2)
    assert read(header["times"], np.float64).tolist() == list(range(8))
    (drawn,) = header["maps"]
    assert drawn["scale"] == "gate"
    assert header["planes"]["sent"]

    def plane(at):
        return read((header["planes"]["start"] + at[0], at[1]), np.uint8).tolist()

    assert plane(drawn["at"]) == [0, 127, 254, 255, 64, 254]
    assert plane(drawn["summary"]) == [127, 254]
    (trace,) = header["lines"][0]["traces"]
    assert read(trace["at"], np.float32).tolist() == [0.0, 0.5, 1.0]
    assert read(trace["band_low"], np.float32).size == 0
    line = read(header["input"]["lines"][0]["at"], np.float32)
    assert line[0] == 1.5
    assert np.isnan(line[1])
    assert header["spans"] == [{"start": 0, "end": 1, "label": "cue"}]


def test_maps_that_the_browser_has_are_not_sent_again(canvas):
    whole = canvas.payload()
    header, _ = unpack(whole)
    again = canvas.payload(has=header["planes"]["id"], answer=3)
    assert len(again) < len(whole)
    header, read = unpack(again)
    assert not header["planes"]["sent"]
    assert header["answer"] == 3
    assert read(header["lines"][0]["traces"][0]["at"], np.float32).tolist() == [0.0, 0.5, 1.0]


def test_a_state_has_the_diverging_scale_and_its_middle_is_zero():
    assert as_bytes(np.array([-3.0, 0.0, 3.0]), -2.0, 2.0).tolist() == [0, 127, 254]


def test_every_array_of_a_line_lies_at_its_own_name():
    trace = LineTrace(name="c", color="#000000", values=np.array([1.0, 2.0]), band_low=np.array([0.5, 1.5]), band_high=np.array([3.0, 4.0]))
    canvas = TraceCanvas(
        alt="", rows=[0], unit=0, step=0, times=np.arange(2.0), steps=2, lines=[LinePanel(title="", low=0.0, high=4.0, traces=[trace])]
    )  # fmt: skip
    header, read = unpack(canvas.payload())
    (sent,) = header["lines"][0]["traces"]
    arrays = {name: read(sent[name], np.float32).tolist() for name in ("at", "band_low", "band_high")}
    assert arrays == {"at": [1.0, 2.0], "band_low": [0.5, 1.5], "band_high": [3.0, 4.0]}
