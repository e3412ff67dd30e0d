"""The `seqlab` command: opens the dashboard in the browser."""

import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["dashboard_script", "main"]

USAGE = """\
usage: seqlab [--server.port PORT] [--server.headless true] [any other option of `streamlit run`]

Opens the seqlab dashboard in the browser. Runs and uploads are kept in the folder named by the
environment variable SEQLAB_HOME, or in ~/.seqlab.
"""


def dashboard_script() -> Path:
    """The dashboard's ``app.py``: beside the package in a checkout, inside it where a wheel was installed.

    Raises:
        FileNotFoundError: neither place has it.
    """
    package = Path(__file__).resolve().parent
    places = (package.parent, package / "_dashboard")
    for folder in places:
        if (folder / "app.py").is_file() and (folder / "pages").is_dir():
            return folder / "app.py"
    raise FileNotFoundError(f"The dashboard is in neither of: {', '.join(map(str, places))}. Install seqlab again.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Starts the dashboard and returns when its server ends.

    Streamlit reads the settings in ``.streamlit/config.toml`` from beside ``app.py``, whatever the
    current folder is.

    Args:
        arguments: options handed on to ``streamlit run``; those of the command line by default.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        return
    if given[:1] == ["--version"]:
        from seqlab import __version__

        sys.stdout.write(f"seqlab {__version__}\n")
        return
    from seqlab.ui.launch import launch

    launch(dashboard_script(), given)


if __name__ == "__main__":
    main()
