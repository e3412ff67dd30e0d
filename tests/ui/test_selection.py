"""What is selected lives in the address."""

import pytest
from streamlit.testing.v1 import AppTest


def _page():
    import streamlit as st

    from seqlab.ui import selection

    with st.sidebar:
        selection.draw_address()
    chosen = selection.pick("dataset", "Data set", {"a": "Same", "b": "Same", "c": "Other"}, default="a")
    st.text(f"{chosen}|{selection.run_id()}|{selection.dataset_key()}|{selection.preset_key()}|{selection.settings_text()}")
    st.button("go", on_click=selection.select_run, args=("r1",))
    st.button("back", on_click=selection.select_run, args=("example",))


@pytest.fixture
def page():
    return AppTest.from_function(_page)


def test_defaults_stay_out_of_the_address(page):
    page.run()
    assert page.text[0].value == "a|example|airline_passengers||"
    assert dict(page.query_params) == {}


def test_the_address_is_read(page):
    page.query_params.update({"run": "r7", "dataset": "c", "preset": "good", "settings": "{}"})
    page.run()
    assert page.text[0].value == "c|r7|c|good|{}"
    assert page.selectbox[0].value == "c"


def test_a_click_changes_the_address_and_back(page):
    page.run()
    page.button[0].click().run()
    assert page.query_params["run"] == "r1"
    page.button[1].click().run()
    assert "run" not in page.query_params


def test_the_menu_follows_the_address_and_drops_old_settings(page):
    page.query_params["settings"] = '{"cell":"gru"}'
    page.run()
    page.selectbox[0].select("c").run()
    assert page.query_params["dataset"] == "c"
    assert "settings" not in page.query_params
    assert page.text[0].value.startswith("c|")
    page.selectbox[0].select("a").run()
    assert "dataset" not in page.query_params
    assert page.text[0].value.startswith("a|")


def test_an_unknown_value_leaves_the_menu_empty_and_is_handed_back(page):
    page.query_params["dataset"] = "<nonsense>"
    page.run()
    assert page.selectbox[0].value is None
    assert page.text[0].value.startswith("<nonsense>|")


def test_equal_labels_are_told_apart(page):
    page.run()
    assert len(set(page.selectbox[0].options)) == 3


def test_only_names_of_the_address_can_be_selected():
    from seqlab.ui import selection

    with pytest.raises(KeyError):
        selection.select("anything", "x")
