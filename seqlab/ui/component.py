"""Our own components: scripts and styles that lie in the package as files, so that no message carries them."""

import functools
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.runtime import Runtime

__all__ = ["COMPONENTS", "component", "declare"]

COMPONENTS = ("live_chart", "trace_canvas")
"""Each is ``ui/assets/<name>.js`` and ``<name>.css``, and an entry of ``seqlab/pyproject.toml``."""

_PROJECT = "seqlab"
_PACKAGE = Path(__file__).resolve().parent.parent


def component(name: str) -> Any:
    """The function that puts one of :data:`COMPONENTS` on the page.

    Its script finds one empty element, whose class is the name with ``-`` for ``_``.
    """
    declare(Runtime.instance().bidi_component_registry)
    return _registered(name)


@functools.cache
def _registered(name: str) -> Any:
    html = f'<div class="{name.replace("_", "-")}"></div>'
    return st.components.v2.component(f"{_PROJECT}.{name}", html=html, js=f"{name}.js", css=f"{name}.css")


def declare(manager: BidiComponentManager) -> None:
    """Makes the components' files known where seqlab runs from a folder that was never installed.

    For an installed package Streamlit has read ``seqlab/pyproject.toml`` itself.
    """
    if all(manager.get_component_asset_root(f"{_PROJECT}.{name}") is not None for name in COMPONENTS):
        return
    configs = [ComponentConfig(name=name, asset_dir="ui/assets") for name in COMPONENTS]
    manager.register_from_manifest(ComponentManifest(name=_PROJECT, version="0", components=configs), _PACKAGE)
