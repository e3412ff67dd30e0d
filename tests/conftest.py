"""What all tests share: hypothesis repeats its examples and sets no deadline, and nobody's home folder is touched."""

import pytest
from hypothesis import settings

# Other work on the machine must not fail a test, and a failure must come again.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder of the test's own for runs and uploads."""
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path_factory.mktemp("home")))
