"""A brought file of sequences, texts or tagged words: which columns are what, and its first lines."""

import io
from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.upload_roles import Roles
from seqlab.data.upload_sequences import SequenceInspection, inspect_sequences, read_sequences
from seqlab.errors import SeqlabError
from seqlab.tasks import TASKS
from seqlab.ui.messages import show_error

__all__ = ["read_chosen_sequences"]

NONE = ""
FIND = "Find it"
SCHEMES = {"": FIND, "IOB1": "IOB1", "BIO": "BIO (IOB2)", "BIOES": "BIOES"}
TEST_TYPES = ["txt", "conll", "iob", "bio", "csv", "tsv"]


def read_chosen_sequences(content: bytes, name: str, key: str, layout: str) -> SequenceDataset | TokenDataset | None:
    """Draws the choices of a layout and reads the file by them.

    Args:
        content, name: the file.
        key: names the widgets of this file.
        layout: key of :data:`seqlab.data.upload_sequences.SEQUENCE_LAYOUTS`.

    Returns:
        the data set; ``None`` while it cannot be read, which is then said.

    Raises:
        SeqlabError: the file cannot be looked at.
    """
    look = _look(content, name, layout)
    where = f"upload.{layout}.{key}"
    choices = _conll_choices(look, where) if layout == "conll" else _table_choices(look, where, layout)
    try:
        dataset = _read(content, name, layout=layout, **choices)
    except SeqlabError as error:
        show_error(error)
        _draw_first_lines(look, expanded=True)
        return None
    _draw_first_lines(look, expanded=False)
    return dataset


@st.cache_data(max_entries=8, show_spinner="Reading the file …")
def _look(content: bytes, name: str, layout: str) -> SequenceInspection:
    return inspect_sequences(_named(content, name), layout)


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def _read(content: bytes, name: str, *, test: bytes | None = None, test_name: str = "", **choices: Any) -> SequenceDataset | TokenDataset:
    second = None if test is None else _named(test, test_name)
    return read_sequences(_named(content, name), test=second, **choices)


def _named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def _column(label: str, columns: Sequence[str], found: str, key: str, help: str, *, none: str | None = FIND) -> str:
    options = [NONE, *columns] if none is not None else list(columns)
    at = options.index(found) if found in options else 0
    return st.selectbox(label, options, at, format_func=lambda name: name or str(none), key=key, help=help)


def _table_choices(look: SequenceInspection, key: str, layout: str) -> dict[str, Any]:
    """What the user says about the columns of a table."""
    roles = look.roles or Roles(layout=layout, answers=())
    columns, choices = look.columns, dict[str, Any]()
    with st.grid(4, min_column_width=200):
        if layout == "texts":
            choices["text"] = _column("Text", columns, roles.text, f"{key}.text", "The column that holds the texts.")
        if layout == "long":
            choices["sequence"] = _column(
                "Sequence", columns, roles.sequence, f"{key}.sequence", "Rows with the same value here are one sequence."
            )
            choices["step"] = _column(
                "Order of the steps",
                columns,
                roles.step,
                f"{key}.step",
                "The number or time of a step in its sequence.",
                none="As in the file",
            )
        answers = st.multiselect(
            "Answer",
            columns,
            [name for name in roles.answers if name in columns],
            key=f"{key}.answer",
            placeholder=FIND,
            help="What is to be said: a class, or a number. Several columns of numbers are said together.",
        )
        choices["answer"] = tuple(answers)
        if layout != "texts":
            tasks = {"": FIND, **{task: TASKS[task].label for task in ("classify", "tag", "regress", "regress_steps")}}
            if layout == "wide":
                tasks = {task: label for task, label in tasks.items() if task in ("", "classify", "regress")}
            choices["task"] = st.selectbox(
                "Task", list(tasks), format_func=tasks.__getitem__, key=f"{key}.task", help="Whether the answer is a class or a number."
            )
        if layout == "wide":
            choices["features_per_step"] = int(
                st.number_input(
                    "Numbers per step", value=1, step=1, key=f"{key}.features",
                    help="How many neighbouring columns make one step: 8 for an image of 8 columns that is read row by row.",
                )
                or 1
            )  # fmt: skip
        choices["group"] = _column(
            "Group",
            columns,
            roles.group,
            f"{key}.group",
            "Who or what a sequence comes from. A group never lies in two parts.",
            none="None",
        )
        choices["part"] = _column("Part", columns, roles.part, f"{key}.part", "A column that says train, validation or test.", none="None")
    return choices


def _conll_choices(look: SequenceInspection, key: str) -> dict[str, Any]:
    """Which columns are word and tag, the scheme, and a second file."""
    count = max(2, len(look.columns))
    places = list(range(count))

    def shown(place: int) -> str:
        sample = f" ({look.columns[place]})" if place < len(look.columns) else ""
        return f"Column {place + 1}{sample}"

    with st.grid(3, min_column_width=220):
        token = st.selectbox("Word", places, 0, format_func=shown, key=f"{key}.token", help="The column of words.")
        tag = st.selectbox("Tag", places, count - 1, format_func=shown, key=f"{key}.tag", help="The column of tags, often the last.")
        scheme = st.selectbox(
            "Scheme of the tags", list(SCHEMES), format_func=SCHEMES.__getitem__, key=f"{key}.scheme",
            help="How tags mark names of several words: in BIO every name begins with B-, in IOB1 only one that follows another at once.",
        )  # fmt: skip
    test = st.file_uploader("Test part (optional)", type=TEST_TYPES, key=f"{key}.test", help="A second file in the same columns.")
    choices: dict[str, Any] = {"token_column": token, "tag_column": tag, "scheme": scheme}
    return choices if test is None else {**choices, "test": test.getvalue(), "test_name": test.name}


def _draw_first_lines(look: SequenceInspection, *, expanded: bool) -> None:
    with st.expander("The file's first lines", icon=":material/table_rows:", expanded=expanded):
        st.code("\n".join(look.first_lines) or "(empty)", language=None)
