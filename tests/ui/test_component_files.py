"""The chart's script and style are declared as files of the package, so that no message carries them."""

import tomllib
from importlib import metadata
from pathlib import Path

from streamlit.components.v2.component_manager import BidiComponentManager

import seqlab
from seqlab.ui import live_chart

PACKAGE = Path(seqlab.__file__).parent


def test_the_installed_package_declares_them():
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    assert manager.get_component_asset_root("seqlab.live_chart") == PACKAGE / "ui" / "assets"


def test_a_folder_that_was_never_installed_declares_them_too():
    manager = BidiComponentManager()
    live_chart._declare(manager)
    live_chart._declare(manager)
    assert manager.get_component_asset_root("seqlab.live_chart") == PACKAGE / "ui" / "assets"


def test_the_manifest_bears_the_package_s_name():
    manifest = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest["project"] == {"name": metadata.metadata("seqlab")["Name"]}


def test_no_markup_is_built_from_data():
    script = (PACKAGE / "ui" / "assets" / "live_chart.js").read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script
