"""The picture of a cell: complete, escaped, and carrying the true numbers."""

import math
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from seqlab.figures.cell_diagram import LET_THROUGH, draw_cell
from seqlab.figures.cell_layout import CELL_LAYOUTS, CellLayout, Wire
from seqlab.figures.palette import ABOVE, BELOW, UNIT
from seqlab.gates.hand_lesson import hand_problem
from seqlab.gates.hand_table import HAND_CELLS, hand_cell
from seqlab.gates.recipe import BEFORE, names_by_stage, units_of

SVG = "{http://www.w3.org/2000/svg}"


def _values(cell: str, step: int = 2) -> dict[str, float]:
    problem = hand_problem("article", cell)
    return units_of({name: each[step] for name, each in problem.work().items()}, 0) | {"x": float(problem.x[step, 0])}


def _draw(cell: str, **more: object) -> ET.Element:
    return ET.fromstring(draw_cell(cell, _values(cell), names_by_stage(hand_cell(cell)), **more))


def _texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def _names(layout: CellLayout) -> set[str]:
    return {part.name for parts in (layout.boxes, layout.signs, layout.wires, layout.ends) for part in parts} - {"read"}


def test_every_cell_has_a_layout() -> None:
    assert set(CELL_LAYOUTS) == set(HAND_CELLS)


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_a_layout_shows_everything_the_cell_computes_and_nothing_else(cell: str) -> None:
    shown, recipe = _names(CELL_LAYOUTS[cell]), hand_cell(cell)
    assert {node.name for node in recipe.nodes} <= shown
    assert {state + BEFORE for state in recipe.states} <= shown
    assert shown <= set(_values(cell))


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_numbers_of_gates_and_ends_stand_in_the_picture(cell: str) -> None:
    values, texts = _values(cell), _texts(_draw(cell))
    for part in (*CELL_LAYOUTS[cell].boxes, *CELL_LAYOUTS[cell].ends):
        assert f"{values[part.name]:.2f}".replace("-", "−") in texts, part.name


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_everything_lies_within_the_picture(cell: str) -> None:
    layout = CELL_LAYOUTS[cell]
    width, height = layout.size
    corners = [point for wire in layout.wires for point in wire.path] + [sign.at for sign in layout.signs]
    corners += [
        (box.at[0] + dx * box.width / 2, box.at[1] + dy * box.height / 2) for box in layout.boxes for dx in (-1, 1) for dy in (-1, 1)
    ]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in corners)


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_wires_of_a_cell_start_and_end_at_something(cell: str) -> None:
    """A wire that ends in nothing would be a wrong drawing."""
    layout = CELL_LAYOUTS[cell]

    def touches(point: tuple[float, float], itself: Wire) -> bool:
        x, y = point
        box = any(abs(x - b.at[0]) <= b.width / 2 + 0.1 and abs(y - b.at[1]) <= b.height / 2 + 0.1 for b in layout.boxes)
        sign = any(abs(x - s.at[0]) <= 15.1 and abs(y - s.at[1]) <= 15.1 for s in layout.signs)
        edge = not (5 < x < layout.size[0] - 5 and y < layout.size[1] - 5)
        return box or sign or edge or any(_on(point, wire.path) for wire in layout.wires if wire is not itself)

    for wire in layout.wires:
        assert touches(wire.path[0], wire), (wire.name, wire.path[0])
        if wire.arrow:
            assert touches(wire.path[-1], wire), (wire.name, wire.path[-1])


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_a_sign_makes_its_number_of_what_its_wires_bring(cell: str) -> None:
    """A wire that bears another's name, or a × for a +, would be a wrong equation."""
    layout, values = CELL_LAYOUTS[cell], _values(cell)
    makes = {"×": math.prod, "+": sum, "1−": lambda brought: 1 - brought[0], "tanh": lambda brought: math.tanh(brought[0])}
    for sign in layout.signs:
        (x, y) = sign.at
        ends = [wire for wire in layout.wires if abs(wire.path[-1][0] - x) <= 15.1 and abs(wire.path[-1][1] - y) <= 15.1]
        assert len(ends) == (2 if sign.symbol in "×+" else 1), sign.name
        assert makes[sign.symbol]([values[wire.name] for wire in ends]) == pytest.approx(values[sign.name]), sign.name


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_a_wire_starts_where_its_number_is_made(cell: str) -> None:
    layout = CELL_LAYOUTS[cell]
    for wire in layout.wires:
        (x, y), made = wire.path[0], [part for part in (*layout.boxes, *layout.signs) if part.name == wire.name]
        box = any(abs(x - part.at[0]) <= 48.1 and abs(y - part.at[1]) <= 28.1 for part in made)
        branch = any(_on((x, y), other.path) for other in layout.wires if other is not wire and other.name == wire.name)
        edge = x < 5 or y > layout.size[1] - 5
        bus = wire.name == "read" or wire.carries == "several"  # these carry all that is read
        assert box or branch or edge or bus, (wire.name, wire.path[0])


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_a_gate_s_box_bears_its_letter_and_its_function(cell: str) -> None:
    functions = {"sigmoid": "σ", "tanh": "tanh"}
    for box in CELL_LAYOUTS[cell].boxes:
        if box.function:
            assert (box.symbol, box.function) == (box.name, functions[hand_cell(cell).node(box.name).activation])
            assert box.gauge == ("share" if box.function == "σ" else "sign")


def _filled(svg: ET.Element, color: str) -> list[dict[str, float]]:
    return [
        {side: float(rect.get(side, "nan")) for side in ("x", "y", "width", "height")}
        for rect in svg.iter(f"{SVG}rect")
        if rect.get("fill") == color
    ]


def test_a_gate_is_filled_from_the_bottom_by_its_share() -> None:
    (gate,) = [box for box in CELL_LAYOUTS["lstm"].boxes if box.name == "f"]
    (full,) = _filled(ET.fromstring(draw_cell("lstm", {"f": 0.8}, [["f"]])), LET_THROUGH)
    assert full["height"] == pytest.approx(0.8 * (gate.height - 4), abs=0.06)
    assert full["y"] + full["height"] == pytest.approx(gate.at[1] + gate.height / 2 - 2, abs=0.11)


@pytest.mark.parametrize(("value", "color", "left"), [(0.5, ABOVE, 0.0), (-0.5, BELOW, -0.5)])
def test_a_candidate_is_filled_from_the_middle_to_its_side(value: float, color: str, left: float) -> None:
    (box,) = [box for box in CELL_LAYOUTS["lstm"].boxes if box.name == "g"]
    (full,) = _filled(ET.fromstring(draw_cell("lstm", {"g": value}, [["g"]])), color)
    half = (box.width - 4) / 2
    assert full["width"] == pytest.approx(0.5 * half, abs=0.06)
    assert full["x"] == pytest.approx(box.at[0] + left * half, abs=0.06)


def _on(point: tuple[float, float], path: tuple[tuple[float, float], ...]) -> bool:
    for (ax, ay), (bx, by) in pairwise(path):
        if min(ax, bx) - 0.1 <= point[0] <= max(ax, bx) + 0.1 and min(ay, by) - 0.1 <= point[1] <= max(ay, by) + 0.1:
            return True
    return False


@pytest.mark.parametrize("cell", CELL_LAYOUTS)
def test_stages_reveal_the_numbers_one_after_the_other(cell: str) -> None:
    stages = hand_cell(cell).stages
    counts = [len(_texts(_draw(cell, stage=stage))) for stage in range(len(stages))]
    assert counts == sorted(counts)
    assert counts[-1] == len(_texts(_draw(cell)))
    assert counts[0] < counts[-1]
    assert UNIT not in draw_cell(cell, _values(cell), names_by_stage(hand_cell(cell))), "the whole step has no stage that glows"
    assert UNIT in draw_cell(cell, _values(cell), names_by_stage(hand_cell(cell)), stage=1)


def test_a_stage_hides_what_comes_later() -> None:
    values = _values("lstm") | {"h": 0.123, "o": 0.987, "c": 5.55}
    stages = names_by_stage(hand_cell("lstm"))
    texts = _texts(ET.fromstring(draw_cell("lstm", values, stages, stage=1)))
    assert not {"0.12", "0.99", "5.55"} & set(texts)
    assert {"0.12", "0.99", "5.55"} <= set(_texts(ET.fromstring(draw_cell("lstm", values, stages, stage=5))))


def _stroke(svg: ET.Element, title: str) -> tuple[str, float]:
    for group in svg.iter(f"{SVG}g"):
        name, line = group.find(f"{SVG}title"), group.find(f"{SVG}path")
        if name is not None and line is not None and (name.text or "").startswith(title):
            return line.get("stroke", ""), float(line.get("stroke-width", "nan"))
    raise AssertionError(title)


def test_lines_carry_the_value_as_colour_and_thickness() -> None:
    stages, labels = names_by_stage(hand_cell("lstm")), {"f": "Forget gate", "kept": "What stays"}
    widths = []
    for share, kept in ((0.1, -0.1), (0.5, -0.5), (0.9, 0.9)):
        values = _values("lstm") | {"f": share, "kept": kept}
        svg = ET.fromstring(draw_cell("lstm", values, stages, labels=labels))
        assert _stroke(svg, "Forget gate")[0] == LET_THROUGH
        assert _stroke(svg, "What stays")[0] == (ABOVE if kept > 0 else BELOW)
        assert _stroke(svg, "What stays")[1] == _stroke(svg, "Forget gate")[1]
        widths.append(_stroke(svg, "Forget gate")[1])
    assert widths == sorted(widths)
    assert len(set(widths)) == 3


def test_a_scale_keeps_large_states_comparable() -> None:
    values = _values("lstm") | {"kept": 2.5}
    stages, labels = names_by_stage(hand_cell("lstm")), {"kept": "What stays"}
    thin = _stroke(ET.fromstring(draw_cell("lstm", values, stages, labels=labels, scale=10.0)), "What stays")[1]
    thick = _stroke(ET.fromstring(draw_cell("lstm", values, stages, labels=labels, scale=2.5)), "What stays")[1]
    assert thin < thick


def test_text_is_escaped_and_nothing_active_is_in_it() -> None:
    bad = '"><script>alert(1)</script>'
    text = draw_cell("gru", _values("gru"), names_by_stage(hand_cell("gru")), labels={"r": bad, "h": bad}, alt=bad)
    svg = ET.fromstring(text)
    assert svg.get("aria-label") == bad
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {"svg", "g", "path", "rect", "circle", "text", "tspan", "title"}
    assert "\n" not in text, "Markdown would read a blank line as the end of the picture"


def test_missing_and_undefined_values_leave_their_place_empty() -> None:
    svg = ET.fromstring(draw_cell("lstm", {"f": float("nan"), "i": 0.25}, [["x"], ["f", "i"]]))
    texts = _texts(svg)
    assert "0.25" in texts
    assert not any("nan" in text.lower() for text in texts)


@pytest.mark.parametrize(("value", "shown"), [(-0.0001, "0.00"), (12.345, "12.3"), (-1234.5, "−1234"), (3.2e7, "3e7")])
def test_numbers_stay_short(value: float, shown: str) -> None:
    assert shown in _texts(ET.fromstring(draw_cell("rnn", {"h": value}, [["h"]])))


def test_an_unknown_cell_has_no_picture() -> None:
    with pytest.raises(KeyError):
        draw_cell("transformer", {}, [])


def test_figures_know_nothing_of_gates() -> None:
    import seqlab.figures.cell_diagram as module

    assert "seqlab.gates" not in Path(str(module.__file__)).read_text(encoding="utf-8")
