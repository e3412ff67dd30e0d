"""The chart's messages: only what is new, nothing lost when one is skipped."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from seqlab.ui.live_chart import Line, LiveChart


class Browser:
    """What ``live_chart.js`` does with messages."""

    def __init__(self):
        self.sender, self.number, self.points = None, 0, {}

    def receive(self, message):
        """Whether the message could be used; else the browser reports a gap."""
        followed = message["sender"] == self.sender and message["oldest"] <= self.number + 1
        if not followed and any(line["start"] for line in message["lines"]):
            return False
        self.sender, self.number = message["sender"], message["number"]
        for line in message["lines"]:
            before = self.points.get(line["name"], [])
            assert line["start"] <= len(before)
            self.points[line["name"]] = before[: line["start"]] + list(zip(line["x"], line["y"], strict=True))
        return True


def send(chart, browser, *, skipped):
    message = chart._message()
    if not skipped and not browser.receive(message):
        for line in chart.lines:
            line.resend()
        assert browser.receive(chart._message())


def chart_of(*lines):
    return LiveChart(key="k", stream="s", alt="", lines=lines)


def test_only_new_points_are_sent():
    line = Line("a", 0)
    sizes = []
    for number in range(100):
        line.append([number], [number])
        sizes.append(len(line.take()["x"]))
    assert max(sizes) <= 9  # the newest, and those of the last eight messages again


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12), st.booleans()), max_size=30))
def test_a_browser_that_skips_messages_ends_with_all_points(ticks):
    line, browser, total = Line("a", 0), Browser(), 0
    chart = chart_of(line)
    for points, skipped, page_run in ticks:
        if page_run:  # a full run of the page makes a new chart, which the browser's old one goes on from
            line = Line("a", 0, x=list(line.x), y=list(line.y))
            chart = chart_of(line)
        for _ in range(skipped):
            line.append([total], [total])
            total += 1
            send(chart, browser, skipped=True)
        line.append(range(total, total + points), range(points))
        total += points
        send(chart, browser, skipped=False)
        assert [x for x, _ in browser.points["a"]] == list(range(total))


@given(st.lists(st.tuples(st.lists(st.integers(0, 2), max_size=6), st.integers(0, 12)), max_size=30))
def test_a_browser_that_skips_replacements_ends_with_the_newest(ticks):
    line, browser = Line("a", 0), Browser()
    chart = chart_of(line)
    for points, skipped in ticks:
        for number in range(skipped):
            line.replace(range(4), [number, 0, number, 0])
            send(chart, browser, skipped=True)
        line.replace(range(len(points)), points)
        send(chart, browser, skipped=False)
        assert browser.points["a"] == list(zip(range(len(points)), points, strict=True))


def test_replacing_shortens_the_line():
    line, browser = Line("a", 0), Browser()
    chart = chart_of(line)
    line.append([1, 2, 3], [1, 2, 3])
    send(chart, browser, skipped=False)
    line.replace([9], [9])
    send(chart, browser, skipped=False)
    assert browser.points["a"] == [(9.0, 9.0)]


def test_replacing_sends_only_what_differs():
    line = Line("a", 0)
    for _ in range(20):
        line.replace(range(100), range(100))
        line.take()
    line.replace(range(100), [*range(99), 7])
    message = line.take()
    assert (message["start"], message["y"]) == (99, [7.0])


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
    chart = chart_of(Line("a", 0), Line("b", 1))
    assert chart.line("b").color == 1


def test_levels_without_a_number_are_not_sent():
    chart = LiveChart(key="k", stream="s", alt="", levels=[(0.167, "always 1"), (math.nan, "unknown")])
    assert chart._message()["levels"] == [{"y": 0.167, "label": "always 1"}]
