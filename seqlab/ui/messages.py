"""What a person sees when something goes wrong: a sentence with the fix, or a short apology with a number."""

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from seqlab.errors import SeqlabError

__all__ = ["attempt", "draw_problem", "escape", "guard", "show_error"]

_PROBLEM = "problem"
_log = logging.getLogger("seqlab.ui")

# Everything Streamlit's Markdown would read as markup: emphasis, code, links, headings, tables, html,
# formulas, coloured text and icons (":red[x]", ":material/x:").
_MARKUP = set("\\`*_{}[]()#+-.!|<>~$:^=&")


def escape(text: object) -> str:
    r"""``text`` from a user (a column, a file, a label), so that Markdown shows it exactly as it is.

    Example:
        >>> print(escape("*a*"))
        \*a\*
    """
    flat = " ".join(str(text).split())
    return "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in flat)


def show_error(error: SeqlabError) -> None:
    """The sentence of one of our own errors."""
    st.error(escape(error), icon=":material/error:")


def attempt(action: Callable[..., object], *arguments: object) -> None:
    """What a button's ``on_click`` calls: does it; if we refuse, the next :func:`draw_problem` says why."""
    try:
        action(*arguments)
    except SeqlabError as error:
        st.session_state[_PROBLEM] = str(error)


def draw_problem() -> None:
    """Why the last click did nothing, once."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(escape(problem), icon=":material/error:")


@contextlib.contextmanager
def guard(doing: str = "drawing this page") -> Iterator[None]:
    """Keeps the app up: our errors become their sentence, all others an apology with the number of a log entry.

    Args:
        doing: what was being done, to finish "Something went wrong while …".
    """
    try:
        yield
    except SeqlabError as error:
        show_error(error)
    except (RerunException, StopException):
        raise  # how Streamlit ends a script run; not errors
    except Exception:
        number = secrets.token_hex(3)
        _log.exception("error %s while %s", number, doing)
        st.error(
            f"Something went wrong while {escape(doing)}. It is written in the server's log under the number {number}; "
            "the rest of the app goes on working.",
            icon=":material/bug_report:",
        )
