import numpy as np
import pytest

from seqlab.data.catalog import DATASETS
from seqlab.data.home import home as home_folder

ROWS = "\n".join(f"2024-01-{day:02d},{day % 7 + day / 50:.2f},{day}" for day in range(1, 32))
GOOD = f"day,<b>load</b>,count\n{ROWS}\n".encode()


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_is_drawn_with_its_parts(open_page, key):
    app = open_page("data", dataset=key)
    assert not app.exception
    assert not app.error
    assert app.get("plotly_chart")
    assert "**train**" in text_of(app)
    assert "**Train on this**" in [link.label for link in app.get("page_link")]


def test_missing_values_are_counted_and_said(open_page):
    app = open_page("data", dataset="metro_traffic")
    assert "104 in traffic\\_volume" in text_of(app)
    assert "repeat the last value" in text_of(app)
    assert "at most 4,000 points" in text_of(app)


def test_an_unknown_data_set_is_said(open_page):
    for key in ("nothing", "upload:../../etc", "upload:" + "0" * 64):
        app = open_page("data", dataset=key)
        assert not app.exception
        assert app.error


def test_a_generated_series_is_made_anew_and_kept_in_the_address(open_page):
    app = open_page("data", dataset="sine_noise")
    app.number_input(key="generator.sine_noise.period").set_value(50)
    app.button(key="make").click().run()
    assert not app.exception
    assert app.metric[4].value == "50 rows"
    assert '"period":50' in app.session_state["settings"]


def test_options_out_of_range_are_said_and_change_nothing(open_page):
    app = open_page("data", dataset="sine_noise")
    app.number_input(key="generator.sine_noise.period").set_value(1)
    app.button(key="make").click().run()
    assert not app.exception
    assert "from 2 to 2000" in text_of(app)
    assert app.metric[4].value == "24 rows"


def upload(app, content, name="mine.csv"):
    app.toggle(key="bring").set_value(True).run()
    app.file_uploader(key="upload").upload(name, content).run()
    return app


def stored():
    folder = home_folder() / "uploads"
    return list(folder.iterdir()) if folder.is_dir() else []


def test_an_upload_is_shown_then_kept(open_page):
    app = upload(open_page("data"), GOOD, "**mine**.csv")
    assert not app.exception
    assert not app.error
    assert app.get("plotly_chart")
    assert not stored()
    app.button(key="keep").click().run()
    assert not app.exception
    assert len(stored()) == 1
    assert app.session_state["dataset"] == f"upload:{stored()[0].name}"
    assert not app.toggle(key="bring").value
    assert app.get("plotly_chart")
    assert "**Train on this**" in [link.label for link in app.get("page_link")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"day,load\n", "row"),
        (b"day,name\n" + b"2024-01-01,x\n2024-01-02,y\n" * 20, "No column holds numbers"),
        (b"day,load\n" + b"".join(b"2024-01-%02d,5\n" % day for day in range(1, 29)), "constant"),
        (b"day,load\n" + b"".join(b"2024-01-%02d,%d\n" % (day, day) for day in range(1, 13)), "At least 20"),
        (b"day,load\n" + b"2024-01-01,1\n" * 10 + b"2024-01-02,2\n" * 20, "may occur once"),
        (bytes(np.random.default_rng(0).integers(0, 256, 500, dtype=np.uint8)), ""),
    ],
)
def test_bad_files_get_a_sentence_and_leave_nothing_behind(open_page, content, said):
    app = upload(open_page("data"), content)
    assert not app.exception
    assert app.error or app.info
    assert said in text_of(app)
    assert "Something went wrong" not in text_of(app)
    assert not stored()
    assert not [button for button in app.button if button.key == "keep"]
