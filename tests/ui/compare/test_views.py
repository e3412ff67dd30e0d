"""The table of views: each can be loaded without torch or statsmodels, and stands in the documentation."""

import subprocess
import sys
from pathlib import Path

from seqlab.ui.compare.views import VIEWS, WITHOUT_MODELS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "comparison.md"


def test_every_view_is_documented_and_known_by_its_key() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert all(key == entry.key and f"| {entry.label} |" in text for key, entry in VIEWS.items())
    assert set(WITHOUT_MODELS) <= set(VIEWS)


def test_loading_the_views_is_light() -> None:
    code = (
        "import sys\n"
        "from seqlab.ui.compare.views import VIEWS\n"
        "assert all(callable(entry.load()) for entry in VIEWS.values())\n"
        "print([name for name in ('torch', 'statsmodels', 'scipy', 'optuna') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
