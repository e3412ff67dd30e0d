"""Trained models opened on the server: loaded when first looked at, then shared. The only place of the pages that imports torch."""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from seqlab.config import RunSpec
from seqlab.runs.folder import RunFolder

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["open_fitted"]


def open_fitted(folder: RunFolder) -> "Fitted":
    """The model of a run, on the CPU. Never change it: all visitors share it.

    Raises:
        SeqlabError: the weights cannot be read, or their data is gone or has changed.
    """
    return _open(folder.path, folder.model_path.stat().st_mtime_ns, folder.spec.to_json())


@st.cache_resource(max_entries=4, show_spinner=False)
def _open(path: Path, stamp: int, spec: str) -> "Fitted":  # noqa: ARG001 - the stamp notices new weights under the same path
    from seqlab.training.fit import load  # torch takes seconds to import; only who opens a model waits for it

    return load(path / "model.safetensors", RunSpec.from_json(spec))
