"""A check is said, or there is a warning; numbers that are none hold nothing."""

import pytest
from streamlit.testing.v1 import AppTest


def _page(error):
    from seqlab.ui.lab.check import draw_check

    draw_check(error, held="both are equal.", broken="They differ by up to")


@pytest.mark.parametrize(
    ("error", "caption", "warning"),
    [
        (9e-6, [":material/check_circle: Check: both are equal."], []),
        (1e-5, [], ["They differ by up to 1.0e-05; below 1e-05 is expected."]),
        (float("nan"), [], ["They differ by up to nan; below 1e-05 is expected."]),
    ],
)
def test_it_holds_or_it_warns(error, caption, warning):
    app = AppTest.from_function(_page, args=(error,)).run()
    assert not app.exception
    assert [text.value for text in app.caption] == caption
    assert [text.value for text in app.warning] == warning
