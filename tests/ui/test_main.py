"""The `seqlab` command."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from seqlab import __main__, __version__
from seqlab.__main__ import dashboard_script, main

ROOT = Path(__file__).resolve().parents[2]


def test_dashboard_of_a_checkout_is_found():
    assert dashboard_script() == ROOT / "app.py"


def test_dashboard_of_a_wheel_is_found(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "seqlab"
    (package / "_dashboard" / "pages").mkdir(parents=True)
    (package / "_dashboard" / "app.py").touch()
    monkeypatch.setattr(__main__, "__file__", str(package / "__main__.py"))
    assert dashboard_script() == package / "_dashboard" / "app.py"


def test_a_broken_installation_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(__main__, "__file__", str(tmp_path / "seqlab" / "__main__.py"))
    with pytest.raises(FileNotFoundError, match="Install seqlab again"):
        dashboard_script()


def test_options_are_handed_on(monkeypatch):
    from streamlit.web import cli

    seen = {}
    monkeypatch.setattr(cli, "main", lambda **given: seen.update(given))
    main(["--server.port", "8600"])
    assert seen["args"] == ["run", str(ROOT / "app.py"), "--server.port", "8600"]


def test_help_and_version(capsys):
    main(["--help"])
    assert "SEQLAB_HOME" in capsys.readouterr().out
    main(["--version"])
    assert capsys.readouterr().out == f"seqlab {__version__}\n"


def test_console_script_is_this_function():
    (script,) = [entry for entry in metadata.entry_points(group="console_scripts") if entry.name == "seqlab"]
    assert script.value == "seqlab.__main__:main"


def test_asking_for_help_imports_nothing_heavy():
    code = "import sys; from seqlab.__main__ import main; main(['--help']); print({'streamlit', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
