"""The numbers of a small cell to take away: a CSV of every value, and a script that computes it again."""

import pprint

import streamlit as st

import seqlab
from seqlab.gates.hand_cell import value_table
from seqlab.gates.hand_lesson import HandProblem

__all__ = ["offer_cell", "script_of_cell"]

_SCRIPT = '''"""Works a small {cell} cell by hand, with seqlab {version}: python cell.py"""

from seqlab.gates.hand_cell import value_table, work_by_hand

x = {x}
initial = {initial}
parameters = {parameters}

values = work_by_hand({cell!r}, parameters, x, initial)
table = value_table(x, values)
print(table.to_string(index=False))
table.to_csv("cell.again.csv", index=False)
'''


def script_of_cell(problem: HandProblem) -> str:
    """A complete Python script with all numbers in it."""

    def written(numbers: object) -> str:
        return pprint.pformat(numbers, width=110, sort_dicts=False)

    return _SCRIPT.format(
        cell=problem.cell,
        version=seqlab.__version__,
        x=written(problem.x.tolist()),
        initial=written({state: values.tolist() for state, values in problem.initial.items()}),
        parameters=written({name: values.tolist() for name, values in problem.parameters.items()}),
    )


def offer_cell(problem: HandProblem) -> None:
    """Two buttons."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Numbers", lambda: value_table(problem.x, problem.work()).to_csv(index=False).encode(), file_name="cell.csv",
            mime="text/csv", icon=":material/table:", on_click="ignore", key="csv.cell", help="Every value of every step, as CSV.",
        )  # fmt: skip
        st.download_button(
            "Script", lambda: script_of_cell(problem).encode(), file_name="cell.py", mime="text/x-python", icon=":material/code:",
            on_click="ignore", key="script.cell", help="A short Python script with these weights that computes these numbers again.",
        )  # fmt: skip
