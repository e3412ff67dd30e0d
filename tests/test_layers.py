"""The layers of docs/architecture.md, for the files import-linter does not see: app.py and pages/."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
LINES = 80  # a page arranges; what is longer belongs in seqlab/ui or the library


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def test_there_are_pages_and_nothing_else_in_their_folder() -> None:
    assert len(PAGES) > 6
    assert [p.name for p in (ROOT / "pages").iterdir() if p.suffix != ".py" and p.name != "__pycache__"] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_pages_arrange_and_do_not_compute(path: Path) -> None:
    for name in _imports(path):
        assert name.split(".")[0] in {"streamlit", "seqlab"}, f"{path.name} imports {name}"
    assert len(path.read_text().splitlines()) <= LINES


@pytest.mark.parametrize("path", PAGES[1:], ids=lambda p: p.stem)
def test_every_page_begins_with_the_frame(path: Path) -> None:
    calls = [
        ast.unparse(node) for node in ast.parse(path.read_text()).body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert calls[0] == f"frame.begin('{path.stem}')"
