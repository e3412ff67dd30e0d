import math
import re

from seqlab.ui.tagged_text import TaggedToken, tagged_html, valued_html

TAGS = ["O", "B-LOC", "I-LOC", "B-PER"]


def test_every_text_is_escaped():
    page = tagged_html([TaggedToken(text="<script>'", said='"x"', true="<y>")], TAGS) + valued_html(["<img>"], [0.1], low=0, high=1)
    assert not re.search(r"<(script|img|y)>", page)
    assert "&lt;script&gt;&#x27;" in page


def test_errors_are_marked_by_more_than_colour():
    page = tagged_html([TaggedToken(text="Rome", said="B-PER", true="B-LOC"), TaggedToken(text="is", said="O", true="O")], TAGS)
    assert page.count('class="token wrong"') == 1
    text = re.sub(r"<style>.*</style>|<[^>]+>", "", page, flags=re.DOTALL)
    assert text == "Romewrong, said B-PER ≠ right is B-LOCis&nbsp;"


def test_begin_and_inside_share_the_colour_of_their_kind():
    page = tagged_html([TaggedToken(text="New", said="B-LOC"), TaggedToken(text="York", said="I-LOC")], TAGS)
    assert len(set(re.findall(r"background: ([^;]+);", page))) == 1


def test_values_are_written_and_the_colour_grows_with_them():
    page = valued_html(["a", " ", "c"], [1.0, -0.5, math.nan], low=-1, high=1, close=True)
    assert re.findall(r"rgba\([^)]*, ([0-9.]+)\)", page) == ["0.650", "0.325"]
    assert all(part in page for part in ("1.00", "−0.50", "␣", "–"))
