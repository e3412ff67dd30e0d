"""Starting the dashboard's server."""

from collections.abc import Sequence
from pathlib import Path

from streamlit.web import cli

__all__ = ["launch"]


def launch(script: Path, options: Sequence[str]) -> None:
    """Runs ``streamlit run script`` in this process; returns when its server ends.

    Args:
        script: the dashboard's ``app.py``.
        options: further options of ``streamlit run``.
    """
    cli.main(args=["run", str(script), *options], prog_name="seqlab")
