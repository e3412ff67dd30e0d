PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind)).replace("\\", "")


def test_bands_verdict_and_table(runs, example, open_page):
    app = open_page("compare", run=PLAIN, view="Intervals", intervals_level="80")
    assert not app.exception
    assert not app.error
    assert "The 80 % band of LSTM 4 held" in text_of(app)
    assert len(app.get("plotly_chart")) == 2
    assert set(app.dataframe[0].value["Model"]) == {"LSTM 4", "Naive", "Seasonal naive"}
    assert (app.dataframe[0].value["Coverage"].str.endswith("%")).all()


def test_a_model_without_calibration_says_so_and_has_no_band(runs, example, open_page):
    for file in (runs / PLAIN / "comparison").glob("calibration-*.npz"):
        file.unlink()
    app = open_page("compare", run=PLAIN, view="Intervals")
    assert not app.exception
    assert "no forecasts of the validation part" in text_of(app)
    assert not app.get("plotly_chart")
    app = open_page("compare", run=PLAIN, view="Intervals", intervals_method="The model's own")
    assert "The 90 % band of LSTM 4 cannot be judged. The model has no formula for its own errors." in text_of(app)
    assert "naive held" in text_of(app).lower()


def test_one_of_several_columns(runs, example, open_page):
    app = open_page("compare", run=DEEP, view="Intervals", intervals_column="infl", intervals_method="Split")
    assert not app.exception
    assert not app.error
    assert app.get_by_key("intervals_column").value == "infl"
