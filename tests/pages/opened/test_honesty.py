from seqlab.ui.supervision import store

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


def test_the_finding_the_tripwires_and_the_leaks_are_there_and_a_leak_can_be_asked_for(runs, example, open_page):
    app = open_page("compare", run=PLAIN, view="Honesty checks")
    assert not app.exception
    assert not app.error
    text = text_of(app)
    assert "9 of 9 are all right" in text
    assert text.count("How it happens:") == 5
    assert len(app.get("plotly_chart")) == 2
    app.button(key="leak.scaler").click().run()
    assert not app.exception
    assert not app.error
    assert store().folder(PLAIN).side_request("leaks") == {"leaks": ["scaler"]}
    assert app.button(key="leak.overlap").disabled


def test_of_two_columns_each_is_judged(runs, example, open_page):
    app = open_page("compare", run=DEEP, view="Honesty checks", honesty_column="infl")
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="honesty_column").value == "infl"
