"""Scripts and styles of our components are declared as files of the package, so that no message carries them."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager

import seqlab
from seqlab.ui.component import COMPONENTS, declare

PACKAGE = Path(seqlab.__file__).parent


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_installed_package_declares_them(name):
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    assert manager.get_component_asset_root(f"seqlab.{name}") == PACKAGE / "ui" / "assets"


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_folder_that_was_never_installed_declares_them_too(name):
    manager = BidiComponentManager()
    declare(manager)
    declare(manager)
    assert manager.get_component_asset_root(f"seqlab.{name}") == PACKAGE / "ui" / "assets"


def test_the_manifest_bears_the_package_s_name():
    manifest = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest["project"] == {"name": metadata.metadata("seqlab")["Name"]}


@pytest.mark.parametrize("path", sorted((PACKAGE / "ui" / "assets").glob("*.js")), ids=lambda path: path.name)
def test_no_markup_is_built_from_data(path):
    script = path.read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script
