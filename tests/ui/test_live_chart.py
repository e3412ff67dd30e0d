"""The chart's messages: only what is new, nothing lost when one is skipped."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from seqlab.ui.live_chart import Line, LiveChart


def _receive(have, message):
    """What ``live_chart.js`` does with a message; ``None`` where it would report a gap."""
    if message["start"] > len(have):
        return None
    return have[: message["start"]] + list(zip(message["x"], message["y"], strict=True))


def test_only_new_points_are_sent():
    line = Line("a", 0)
    sizes = []
    for number in range(100):
        line.append([number], [number])
        sizes.append(len(line.take()["x"]))
    assert max(sizes) <= 9  # the newest, and those of the last eight messages again


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40))
def test_a_browser_that_skips_messages_ends_with_all_points(ticks):
    line, have, total = Line("a", 0), [], 0
    for points, skipped in ticks:
        line.append(range(total, total + points), range(points))
        total += points
        message = line.take()
        if skipped:
            continue
        now = _receive(have, message)
        if now is None:
            line.resend()
            now = _receive(have, line.take())
        have = now
        assert [x for x, _ in have] == list(range(total))


def test_replacing_shortens_the_line():
    line = Line("a", 0)
    line.append([1, 2, 3], [1, 2, 3])
    have = _receive([], line.take())
    line.replace([9], [9])
    assert _receive(have, line.take()) == [(9.0, 9.0)]


def test_what_is_not_a_number_leaves_a_gap_and_stays_json():
    line = Line("a", 0)
    line.append([1, 2, 3], [1.0, math.nan, math.inf])
    message = json.loads(json.dumps(line.take(), allow_nan=False))
    assert message["y"] == [1.0, None, None]


def test_times_keep_their_milliseconds():
    line = Line("a", 0)
    line.append([1795423781014.0], [1])
    assert line.take()["x"] == [1795423781014.0]


def test_a_chart_finds_its_lines():
    chart = LiveChart(key="k", stream="s", lines=(Line("a", 0), Line("b", 1)), x_label="x", y_label="y", alt="", empty="")
    assert chart.line("b").color == 1
