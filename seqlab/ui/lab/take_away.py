"""The numbers of a view to take away: a CSV, and a zip with the model and a script that makes the same CSV again."""

import io
import textwrap
import zipfile
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

import seqlab
from seqlab.runs.export import model_files
from seqlab.ui.lab.bench import Bench

__all__ = ["offer", "offer_trace", "script_of"]

_PRELUDE = '''"""Makes {name}.csv again, with seqlab {version}: python {name}.py"""

import os
from pathlib import Path

here = Path(__file__).resolve().parent
if (here / "uploads").is_dir():  # the table that was uploaded for this run
    os.environ["SEQLAB_HOME"] = str(here)

import seqlab

fitted = seqlab.load_run(here)
x, future, y = fitted.prepared.windows({part!r}).gather({samples})  # the window on the screen is the first
layer, direction, unit, step = {layer}, {direction!r}, {unit}, {step}
'''

_CUT = """
from seqlab.gates.lengths import cut_padding

x, y = cut_padding(x, y)  # without the steps that none of these sequences has; shorter ones are NaN after their end
"""


def offer(bench: Bench, name: str, table: pd.DataFrame | Callable[[], pd.DataFrame], script: str, *, also: Sequence[str] = ()) -> None:
    """Two buttons under a view's picture; pictures of Plotly have their own button for an image.

    Args:
        bench: what is looked at.
        name: file name without ending, such as ``ledger``; small letters, digits and ``_``.
        table: the numbers of the view, one row each, in the columns' natural order; a function is called on the click.
        also: names of further files of the run that the script reads.
        script: Python that ends with the same DataFrame called ``table``. It may use what :func:`script_of` puts
            before it: ``seqlab``, ``fitted``, ``x``, ``future``, ``y``, ``layer``, ``direction``, ``unit``, ``step``.
    """

    def csv() -> bytes:
        return (table() if callable(table) else table).to_csv(index=False).encode()

    def packed() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}/{name}.csv", csv())
            archive.writestr(f"{name}/{name}.py", script_of(bench, name, script))
            for inside, content in model_files(bench.run.folder.path):
                archive.writestr(f"{name}/{inside}", content)
            for inside in also:
                archive.write(bench.run.folder.path / inside, f"{name}/{inside}")
        return buffer.getvalue()

    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Numbers", csv, file_name=f"{name}.csv", mime="text/csv", icon=":material/table:", on_click="ignore", key=f"csv.{name}",
            help="What this picture is drawn from, as CSV.",
        )  # fmt: skip
        st.download_button(
            "Script", packed, file_name=f"{name}.zip", mime="application/zip", icon=":material/code:", on_click="ignore",
            key=f"script.{name}", help="The model, and a short Python script that computes these numbers again.",
        )  # fmt: skip


def offer_trace(bench: Bench) -> None:
    """A button for every gate of every layer, direction, window and step on the bench, as one ``.npz``."""

    def packed() -> bytes:
        buffer = io.BytesIO()
        arrays = {f"{gate}_layer{layer + 1}_{direction}": values for (layer, direction, gate), values in bench.trace.gates.items()}
        np.savez(buffer, x=bench.x, windows=bench.samples, **arrays)  # type: ignore[arg-type]  # allow_pickle is no array
        return buffer.getvalue()

    st.download_button(
        "Whole trace",
        packed,
        file_name="trace.npz",
        mime="application/octet-stream",
        icon=":material/data_array:",
        on_click="ignore",
        key="npz.trace",
        help=f"Every gate of {len(bench.samples)} windows as NumPy arrays (window, step, unit), the window on the screen first.",
    )


def script_of(bench: Bench, name: str, script: str) -> str:
    """A complete Python script: opens the model beside it, gathers the same windows, and writes ``<name>.again.csv``."""
    prelude = _PRELUDE.format(
        name=name,
        version=seqlab.__version__,
        part=bench.choice.part,
        samples=bench.samples.tolist(),
        layer=bench.layer,
        direction=bench.direction,
        unit=bench.unit,
        step=bench.step,
    ) + ("" if bench.of_series else _CUT)
    return f'{prelude}\n{textwrap.dedent(script).strip()}\n\ntable.to_csv(here / "{name}.again.csv", index=False)\n'
