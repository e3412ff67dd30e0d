import pytest

from seqlab.figures.label import as_text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain name", "plain name"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("%{x} & $y$", "&#37;{x} &amp; &#36;y&#36;"),
        ("two\nlines\t", "two lines"),
        (7, "7"),
    ],
)
def test_markup_becomes_text(given, shown):
    assert as_text(given) == shown


def test_a_long_name_is_cut_before_it_is_escaped():
    assert as_text("<" * 60, 5) == "&lt;" * 4 + "…"
