import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/{page}.py", default_timeout=60).run()
assert not app.exception and app.get("plotly_chart")
print("heavy:", [name for name in ("torch", "statsmodels", "scipy") if name in sys.modules])
"""


@pytest.mark.parametrize("page", ["home", "data", "compare"])
def test_only_opening_a_model_imports_torch(page, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(page=page)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SEQLAB_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("heavy: []")
