"""The table of views: every one can be loaded, has a name of its own, and is described."""

from pathlib import Path

import pytest

from seqlab.ui.lab.views import VIEWS

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "laboratory.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", VIEWS)
def test_it_loads_and_is_described(key):
    assert callable(VIEWS[key].load())
    assert f"| {VIEWS[key].label} |" in DOCUMENT


def test_labels_tell_views_apart():
    assert len({view.label for view in VIEWS.values()}) == len(VIEWS)
