from pathlib import Path

from seqlab.data.home import home


def test_the_environment_decides(monkeypatch, tmp_path):
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path / "lesson"))
    assert home() == tmp_path / "lesson"
    assert not home().exists()


def test_without_it_the_users_folder(monkeypatch):
    monkeypatch.setenv("SEQLAB_HOME", "  ")
    assert home() == Path.home() / ".seqlab"
    monkeypatch.setenv("SEQLAB_HOME", "~/here")
    assert home() == Path.home() / "here"
