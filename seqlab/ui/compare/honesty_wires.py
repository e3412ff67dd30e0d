"""The second honesty check: tripwires on the run itself."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from seqlab.runs.folder import RunFolder
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key, open_fitted

if TYPE_CHECKING:
    from seqlab.evaluation.check import Check

__all__ = ["draw_wires"]

_ICONS = {True: ":green[:material/check_circle:]", None: ":orange[:material/help:]", False: ":red[:material/error:]"}


def draw_wires(stand: Stand) -> None:
    """One line per tripwire, with what it found."""
    st.subheader("Has anything of the test part found its way into training?", anchor=False)
    st.markdown(
        "Each line is computed now, from this run's own data, windows, loss curve and stored weights. Any of them can turn red, "
        "and with each of the leaks further below at least one does."
    )
    with st.spinner("The model is opened and its losses are computed again …", show_time=False):
        checks = _checks(*model_key(stand.run.folder))
    red = sum(check.ok is False for check in checks)
    amber = sum(check.ok is None for check in checks)
    if red:
        st.error(f"{red} of {len(checks)} checks found a leak: read its line before you believe any number here.", icon=":material/error:")
    st.markdown("\n".join(f"- {_ICONS[check.ok]} **{escape(check.label)}.** {escape(check.sentence)}" for check in checks))
    st.caption(
        f"{len(checks) - red - amber} of {len(checks)} are all right"
        + (f", {amber} only you can answer" if amber else "")
        + ". What no check can see: whether this test part has been looked at many times, and the settings chosen by it."
    )
    table = _table(checks)
    with st.expander("The numbers behind the checks", icon=":material/pin:"):
        st.dataframe(table, hide_index=True, alt="Numbers behind every check")
        offer(stand, "tripwires", table, stamp=stamp_lines(stand))


@st.cache_data(max_entries=50, show_spinner=False)
def _checks(path: str, stamp: int) -> "tuple[Check, ...]":  # noqa: ARG001 - the stamp notices new weights under the same path
    from seqlab.evaluation.tripwires import check_run

    return check_run(open_fitted(RunFolder(Path(path))))


def _table(checks: "tuple[Check, ...]") -> pd.DataFrame:
    said = {True: "all right", None: "for you to judge", False: "leak"}
    return pd.DataFrame(
        [
            {"Check": check.label, "Result": said[check.ok], "Number": name, "Value": value}
            for check in checks
            for name, value in (check.numbers.items() or [("", float("nan"))])
        ]
    )
