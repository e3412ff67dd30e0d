import json
import shutil
import struct

import pytest

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


def canvas_of(app):
    """The header of what the canvas was sent: rows, maps, cursor."""
    payload = next(sent for item in app.get("bidi_component") if (sent := item.proto.bytes))
    (length,) = struct.unpack_from("<I", payload)
    return json.loads(payload[4 : 4 + length])


def test_a_plain_model_shows_every_gate_and_the_check(runs, example, open_page):
    app = open_page("gates", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert sorted(one["name"] for one in canvas_of(app)["maps"]) == ["c", "f", "g", "h", "i", "o"]
    assert "recomputed" in text_of(app)
    assert "|Δ| =" in text_of(app)
    assert "Window 16 of 16 of the test part" in text_of(app)
    assert "remembers for about" in text_of(app)


def test_the_example_is_the_default(example, open_page):
    app = open_page("gates")
    assert not app.exception
    assert not app.error
    assert canvas_of(app)["rows"]


def test_the_address_chooses_part_window_layer_direction_unit_and_column(runs, example, open_page):
    address = {"run": DEEP, "part": "train", "window": "3", "layer": "2", "direction": "backward", "unit": "1", "column": "infl"}
    app = open_page("gates", **address)
    assert not app.exception
    assert not app.error
    assert "Window 3 of" in text_of(app)
    assert "of the train part" in text_of(app)
    assert "Unit 1 remembers" in text_of(app)
    assert "One column is one segment of 2 steps" in text_of(app)
    assert "unemp" in text_of(app)
    assert app.selectbox(key="column").value == "infl"


@pytest.mark.parametrize(
    "address", [{"window": "999"}, {"window": "x"}, {"unit": "77"}, {"layer": "9", "direction": "up", "part": "future"}]
)
def test_a_wrong_address_falls_back(runs, example, open_page, address):
    app = open_page("gates", run=PLAIN, **address)
    assert not app.exception
    assert not app.error
    assert app.slider(key="window").value == 16
    assert "Window 16 of 16 of the test part" in text_of(app)
    assert canvas_of(app)["cursor"] == {"unit": canvas_of(app)["rows"][0], "step": canvas_of(app)["steps"] - 1}


def test_changing_part_keeps_the_window_within_bounds(runs, example, open_page):
    app = open_page("gates", run=PLAIN, part="train")
    last = app.slider(key="window").value
    app.slider(key="window").set_value(last - 1).run()
    app.get_by_key("part").set_value("validation").run()
    assert not app.exception
    assert not app.error
    assert "of the validation part" in text_of(app)


def test_units_can_be_ordered_and_gates_hidden(runs, example, open_page):
    app = open_page("gates", run=PLAIN)
    app.selectbox(key="order").select("Unit number").run()
    assert canvas_of(app)["rows"] == [0, 1, 2, 3]
    app.get_by_key("gates").set_value(["f"]).run()
    assert [one["name"] for one in canvas_of(app)["maps"]] == ["f"]
    app.get_by_key("gates").set_value([]).run()
    assert not app.exception
    assert not app.error


def test_an_unknown_run_is_said(example, open_page):
    app = open_page("gates", run="../../etc")
    assert not app.exception
    assert app.error
    assert not any("Something went wrong" in error.value for error in app.error)


def test_a_run_that_is_not_over_is_said(runs, example, open_page):
    (runs / PLAIN / "result.json").unlink()
    (runs / PLAIN / "model.safetensors").unlink()
    app = open_page("gates", run=PLAIN)
    assert not app.exception
    assert not app.error
    assert "waits for its turn" in text_of(app)


def test_damaged_weights_are_said(runs, example, open_page):
    shutil.copyfile(runs / PLAIN / "spec.json", runs / PLAIN / "model.safetensors")
    app = open_page("gates", run=PLAIN)
    assert not app.exception
    (error,) = app.error
    assert "cannot be read" in error.value
