"""What the Runs page keeps in the address: the compared runs and the chosen sweep, by their ids."""

import streamlit as st

__all__ = ["RUNS", "SWEEP", "asked_runs", "asked_sweep", "draw_address"]

RUNS, SWEEP = "runs", "sweep"


def draw_address() -> None:
    """Two fields. Drawn before anything else, wherever they stand, and in every view of the page.

    Only then is known what the address says; and the address follows a button only if its field was there before.
    """
    with st.expander("This page's address", icon=":material/link:"):
        st.caption("Ids of the compared runs, with commas between them (empty: the newest ones), and of the sweep (empty: the newest).")
        st.text_input("Runs compared", key=RUNS, bind="query-params", max_chars=4000)
        st.text_input("Sweep", key=SWEEP, bind="query-params", max_chars=80)


def asked_runs() -> list[str]:
    """Ids in the address, each once; some may not exist, as anybody can write an address."""
    given = str(st.session_state.get(RUNS) or "")
    return list(dict.fromkeys(each.strip() for each in given.split(",") if each.strip()))


def asked_sweep() -> str:
    """Id in the address, or nothing; it may not exist."""
    return str(st.session_state.get(SWEEP) or "").strip()
