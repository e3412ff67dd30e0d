import numpy as np
import pytest

from seqlab.data.catalog import DATASETS
from seqlab.data.home import home as home_folder

ROWS = "\n".join(f"2024-01-{day:02d},{day % 7 + day / 50:.2f},{day}" for day in range(1, 32))
GOOD = f"day,<b>load</b>,count\n{ROWS}\n".encode()


def text_of(app):
    return " ".join(item.value for kind in ("markdown", "caption", "info", "error", "warning") for item in app.get(kind))


# The smallest of each kind, task and origin: opening all of them in a page costs a minute, and tests/data opens every one.
LARGEST_FIRST = sorted(DATASETS, key=lambda key: -DATASETS[key].rows)
SOME = list({(DATASETS[key].kind, DATASETS[key].task, bool(DATASETS[key].generator)): key for key in LARGEST_FIRST}.values())


@pytest.mark.parametrize("key", SOME)
def test_every_kind_of_data_set_is_drawn_with_its_parts(open_page, key):
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


SENTENCES = "\n\n".join(f"Peter{number} I-PER\nruns O\nin O\nParis I-LOC" for number in range(24))
CONLL = f"-DOCSTART- O\n\n{SENTENCES}\n"
TEXTS = "text,label\n" + "".join(f"<b>a {'fine' if number % 2 else 'dull'}</b> film {number},{number % 2}\n" for number in range(40))


@pytest.mark.parametrize(("content", "name", "said"), [(CONLL, "mine.conll", "Read as CoNLL"), (TEXTS, "mine.csv", "Read as texts")])
def test_sequences_that_are_brought_are_understood_and_kept(open_page, content, name, said):
    app = upload(open_page("data"), content.encode(), name)
    assert not app.exception
    assert not app.error
    assert said in text_of(app)
    app.button(key="keep").click().run()
    assert not app.exception
    assert app.session_state["dataset"] == f"upload:{stored()[0].name}"
    assert "**Train on this**" in [link.label for link in app.get("page_link")]


def test_a_broken_line_of_conll_is_named(open_page):
    app = upload(open_page("data"), CONLL.replace("runs O", "runs", 1).encode(), "mine.conll")
    assert "Line 4" in text_of(app)
    assert not [button for button in app.button if button.key == "keep"]


def test_the_kind_of_data_leads_to_its_data_sets_and_back(open_page):
    app = open_page("data", dataset="names_origin", preset="good_text", settings='{"epochs":3}')
    kinds = next(widget for widget in app.segmented_control if widget.label == "Kind of data")
    assert kinds.value == "Texts"
    kinds.set_value("Tags").run()
    assert not app.exception
    assert app.session_state["dataset"] == "tagging_us_address"
    assert not app.session_state["preset"]
    assert not app.session_state["settings"]
    menu = next(widget for widget in app.selectbox if widget.label == "Data set")
    assert "Voice commands" in menu.options
    assert "Movie sentiment" not in menu.options
    next(widget for widget in app.segmented_control if widget.label == "Kind of data").set_value("Texts").run()
    assert app.session_state["dataset"] == "names_origin"  # where one was last
