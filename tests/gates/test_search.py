"""Search against answers that can be seen in small arrays, and against loops over the definitions."""

import numpy as np
import pytest

from seqlab.errors import TraceError
from seqlab.gates.search import Span, active_signs, find_spans, select_units


def _array(*rows):
    """One window, from one text per unit: + and - are ±0.8, a dot is 0."""
    return np.array([[{"+": 0.8, "-": -0.8, ".": 0.0}[letter] for letter in row] for row in rows]).T[None]


#               0123456789012345678
VALUES = _array("..++....+++...++.--",
                "..++...++++...+..--",
                "........++....+++..")  # fmt: skip
BRUSHED = Span(window=0, first=2, last=3)


def test_units_active_throughout_are_selected():
    active = active_signs(VALUES, 0.3)
    assert select_units(active, BRUSHED).tolist() == [1, 1, 0]
    assert select_units(active, Span(window=0, first=8, last=9)).tolist() == [1, 1, 1]
    assert select_units(active, Span(window=0, first=17, last=18)).tolist() == [-1, -1, 0]
    assert select_units(active, Span(window=0, first=16, last=17)).tolist() == [0, 0, 0]
    # unit 1 is active at step 7, before; units 0 and 1 at step 10, after
    assert select_units(active, Span(window=0, first=8, last=9), only_here=True).tolist() == [0, 0, 1]


def test_the_rule_of_lstmvis_by_hand():
    found = find_spans(VALUES, BRUSHED, most=3)
    assert found.selected.tolist() == [1, 1, 0]
    best, second, third = found.hits
    # steps 9 and 10: both units, and unit 2 only at 9, so none too many
    assert (best.span, best.matched, best.extra, best.run, best.jaccard) == (Span(window=0, first=9, last=10), 2, 0, 3, 1.0)
    # steps 7 and 8: unit 1 alone, on for four steps; 14 and 15: unit 0, but unit 2 as well
    assert (second.span, second.matched, second.extra, second.run) == (Span(window=0, first=7, last=8), 1, 0, 4)
    assert (third.span, third.matched, third.extra, third.run) == (Span(window=0, first=14, last=15), 1, 1, 2)
    assert third.jaccard == pytest.approx(1 / 3)
    assert found.complete == 2  # 8 and 9 too, which overlaps the best
    assert found.candidates == 18 - 3
    assert len(find_spans(VALUES, BRUSHED).hits) == 3


def test_the_opposite_sign_is_another_thing():
    found = find_spans(VALUES, BRUSHED, most=20)
    assert all(hit.span.first != 17 for hit in found.hits)
    assert find_spans(-VALUES, BRUSHED, most=20).hits == found.hits


def test_picked_units_take_the_sign_they_have():
    found = find_spans(VALUES, BRUSHED, units=[2, 0])
    assert found.selected.tolist() == [1, 0, 1]
    first, second = found.hits[:2]
    assert (first.span, first.matched, first.extra) == (Span(window=0, first=14, last=15), 2, 0)
    assert (second.span, second.matched, second.extra) == (Span(window=0, first=8, last=9), 2, 1)
    assert find_spans(-VALUES, BRUSHED, units=[0]).selected.tolist() == [-1, 0, 0]


def test_no_active_unit_finds_nothing():
    found = find_spans(VALUES, Span(window=0, first=4, last=5))
    assert not found.selected.any()
    assert found.hits == ()
    assert found.complete == 0
    assert find_spans(VALUES, Span(window=0, first=0, last=18), threshold=0.1).hits == ()


def test_windows_that_show_the_same_data_are_not_elsewhere():
    line = np.sin(0.7 * np.arange(30)[:, None] + np.arange(4))
    windows = np.stack([line[first : first + 12] for first in range(18)])
    span = Span(window=3, first=4, last=6)
    naive = find_spans(windows, span, threshold=0.2, most=200)
    assert any(hit.span.window + hit.span.first == 7 for hit in naive.hits)  # the same rows again
    found = find_spans(windows, span, threshold=0.2, most=200, rows=np.arange(18))
    starts = [7, *(hit.span.window + hit.span.first for hit in found.hits)]
    assert len(found.hits) > 1
    assert all(abs(a - b) >= 3 for number, a in enumerate(starts) for b in starts[:number])
    apart = find_spans(windows, span, threshold=0.2, most=200, rows=np.arange(18), series=np.arange(18))
    assert any(hit.span.window + hit.span.first == 7 for hit in apart.hits)


def _reference(values, brushed, threshold, rule, rows, segment_length, most, *, series=(0,) * 5, only_here=False):
    """The definition, as loops over sets."""
    windows, steps, hidden = values.shape
    length = brushed.last - brushed.first + 1

    def state(w, t, u):
        return (1 if values[w, t, u] >= threshold else 0) - (1 if values[w, t, u] <= -threshold else 0)

    def throughout(w, s):
        first = {(u, state(w, s, u)) for u in range(hidden) if state(w, s, u)}
        return {(u, sign) for u, sign in first if all(state(w, t, u) == sign for t in range(s, s + length))}

    def overlap(a, b):
        return (
            series[a[0]] == series[b[0]]
            and abs(rows[a[0]] + segment_length * a[1] - rows[b[0]] - segment_length * b[1]) < segment_length * length
        )

    wanted = throughout(brushed.window, brushed.first)
    for step in (brushed.first - 1, brushed.last + 1) if only_here else ():
        if 0 <= step < steps:
            wanted = {(u, sign) for u, sign in wanted if state(brushed.window, step, u) != sign}
    found = []
    for w in range(windows):
        for s in range(steps - length + 1):
            here = throughout(w, s)
            both = here & wanted
            if overlap((w, s), (brushed.window, brushed.first)) or not both:
                continue
            first, last = s, s + length - 1
            while first > 0 and all(state(w, first - 1, u) == sign for u, sign in both):
                first -= 1
            while last < steps - 1 and all(state(w, last + 1, u) == sign for u, sign in both):
                last += 1
            run, extra, jaccard = last - first + 1, len(here - wanted), len(both) / len(here | wanted)
            key = (-len(both), extra, -run) if rule == "lstmvis" else (-jaccard, -run)
            found.append((key, w, s, len(both), extra, run, jaccard))
    chosen = []
    for hit in sorted(found):
        if len(chosen) < most and not any(overlap(hit[1:3], other[1:3]) for other in chosen):
            chosen.append(hit)
    return [hit[1:] for hit in chosen]


def _slow(random):
    """Five windows of six units that stay active for some steps."""
    slow = random.normal(size=(5, 20, 6))
    for t in range(1, 20):
        slow[:, t] = 0.8 * slow[:, t - 1] + 0.4 * slow[:, t]
    return slow


@pytest.mark.parametrize("rule", ["lstmvis", "jaccard"])
@pytest.mark.parametrize("seed", range(4))
def test_equal_to_loops_over_the_definitions(rule, seed):
    random = np.random.default_rng(seed)
    slow = _slow(random)
    rows, segment = random.choice(200, 5, replace=False), 1 + seed % 2
    brushed = Span(window=2, first=5 + seed, last=5 + seed + seed % 3)
    threshold = 0.25
    found = find_spans(slow, brushed, threshold=threshold, rule=rule, rows=rows, segment_length=segment, most=8)
    ours = [(h.span.window, h.span.first, h.matched, h.extra, h.run, h.jaccard) for h in found.hits]
    assert ours == _reference(slow, brushed, threshold, rule, rows, segment, 8)
    assert len(ours) > 2
    assert all(hit.span.length == brushed.length for hit in found.hits)


def _found(*arguments, **choices):
    return [(h.span.window, h.span.first, h.matched, h.extra, h.run, h.jaccard) for h in find_spans(*arguments, **choices).hits]


@pytest.mark.parametrize("seed", range(4))
def test_the_same_rows_of_another_series_are_elsewhere(seed):
    """Windows of two series over nearly the same rows: only those of one series share data, with the brushed span and among hits."""
    slow, rows, series = _slow(np.random.default_rng(seed)), [0, 2, 1, 3, 5], [7, 7, 3, 3, 7]
    brushed = Span(window=2, first=8, last=9)
    ours = _found(slow, brushed, threshold=0.25, rows=rows, series=series, most=100)
    assert ours == _reference(slow, brushed, 0.25, "lstmvis", rows, 1, 100, series=series)
    places = [(rows[window] + first, series[window]) for window, first, *_ in ours]
    assert all(abs(row - 9) >= 2 for row, name in places if name == 3), "the brushed span is not found in itself"
    assert any(abs(row - 9) < 2 for row, name in places if name == 7)
    assert any(abs(a - b) < 2 and one != other for number, (a, one) in enumerate(places) for b, other in places[:number])


@pytest.mark.parametrize("seed", range(4))
def test_units_that_are_on_beside_the_span_are_not_looked_for_on_request(seed):
    slow, rows = _slow(np.random.default_rng(seed)), [0, 100, 200, 300, 400]
    for brushed in (Span(window=2, first=8, last=9), Span(window=0, first=0, last=1), Span(window=4, first=18, last=19)):
        of_all, of_some = (_found(slow, brushed, threshold=0.25, rows=rows, only_here=only_here) for only_here in (False, True))
        assert of_all == _reference(slow, brushed, 0.25, "lstmvis", rows, 1, 12)
        assert of_some == _reference(slow, brushed, 0.25, "lstmvis", rows, 1, 12, only_here=True)
        assert of_some != of_all
    by_hand = find_spans(VALUES, Span(window=0, first=8, last=9), only_here=True)
    assert by_hand.selected.tolist() == [0, 0, 1]
    # steps 15 and 16: unit 2 alone; 14 and 15 overlap them, and unit 0 is on there too
    assert [(hit.span.first, hit.matched, hit.extra, hit.run) for hit in by_hand.hits] == [(15, 1, 0, 3)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"brushed": Span(window=0, first=3, last=19)}, "steps 0 to 18"),
        ({"brushed": Span(window=1, first=3, last=4)}, "windows 0 to 0"),
        ({"brushed": Span(window=0, first=4, last=3)}, "no steps 4 to 3"),
        ({"threshold": 0.0}, "above 0"),
        ({"threshold": float("nan")}, "above 0"),
        ({"units": [3]}, "units 0 to 2"),
        ({"rule": "best"}, "lstmvis, jaccard"),
        ({"values": np.zeros((3, 4))}, "window, step, hidden"),
    ],
)
def test_what_is_not_there_is_named(change, words):
    given = {"values": VALUES, "brushed": BRUSHED, **change}
    with pytest.raises(TraceError, match=words):
        find_spans(given.pop("values"), given.pop("brushed"), **given)
