"""What the user is told, and that names from users never become markup."""

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.ui.messages import escape


@pytest.mark.parametrize("name", ["*bold*", "[a](http://x)", "`code`", "<b>x</b>", ":red[x]", "$x^2$", "# head", "a|b", ":material/home:"])
def test_no_markup_survives(name):
    shown = escape(name)
    assert shown.replace("\\", "") == name
    assert all(shown[i - 1] == "\\" for i, letter in enumerate(shown) if letter in "*[]`<>:$#|_")


def test_a_name_stays_on_one_line():
    assert escape("two\nlines\t here") == "two lines here"


def _refused():
    from seqlab.errors import DataError
    from seqlab.ui.messages import guard

    with guard("reading it"):
        raise DataError("The file *x* is empty. Give another.")


def _broken():
    import streamlit as st

    from seqlab.ui.messages import guard

    with guard("counting"):
        _ = [][1]
    st.write("still here")


def _stopped():
    import streamlit as st

    from seqlab.ui.messages import guard

    with guard():
        st.stop()
    st.write("never")


def _clicked():
    import streamlit as st

    from seqlab.errors import RunError
    from seqlab.ui.messages import attempt, draw_problem

    def refuse(word):
        raise RunError(f"no {word}")

    draw_problem()
    st.button("try", on_click=attempt, args=(refuse, "way"))


def test_our_own_error_is_shown_as_text():
    app = AppTest.from_function(_refused).run()
    assert [error.value for error in app.error] == [escape("The file *x* is empty. Give another.")]
    assert not app.exception


def test_any_other_error_is_an_apology_with_the_number_of_the_log_entry(caplog):
    app = AppTest.from_function(_broken).run()
    assert not app.exception
    (message,) = [error.value for error in app.error]
    number = caplog.records[-1].args[0]
    assert "while counting" in message
    assert number in message
    assert "list index" not in message
    assert caplog.records[-1].exc_info is not None
    assert [text.value for text in app.markdown] == ["still here"]


def test_stopping_a_script_is_no_error():
    app = AppTest.from_function(_stopped).run()
    assert not app.error
    assert not app.markdown


def test_a_refused_click_says_why_once():
    app = AppTest.from_function(_clicked).run()
    app.button[0].click().run()
    assert [error.value for error in app.error] == ["no way"]
    app.run()
    assert not app.error
