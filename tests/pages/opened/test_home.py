import pytest

from seqlab.ui.run_text import number


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error") for item in app.get(kind))


def test_the_first_screen_is_complete_without_a_click(example, open_page):
    app = open_page("home")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == 1
    assert "LSTM 4" in text_of(app)
    assert "Airline passengers" in text_of(app)
    assert app.metric[0].value == number(example.result.scores["mae"])
    assert "than seasonal naive" in text_of(app)


def test_the_way_from_here_is_linked(example, open_page):
    links = [item.value for item in open_page("home").page_link]
    assert links == ["Pick data", "Train", "Look inside", "Compare"]


@pytest.mark.parametrize("gone", ["trace.npz", "forecast.npz"])
def test_an_incomplete_example_is_said(example, open_page, monkeypatch, gone):
    monkeypatch.setattr(type(example), gone.removesuffix(".npz"), lambda self: None)
    app = open_page("home")
    assert not app.exception
    assert not app.error
    assert "not complete" in text_of(app)


def test_a_package_without_example_says_so(no_example, open_page):
    app = open_page("home")
    assert not app.exception
    assert app.error
    assert not any("Something went wrong" in error.value for error in app.error)
    assert len(app.page_link) >= 4
