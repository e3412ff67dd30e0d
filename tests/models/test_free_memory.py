"""Free memory in a container, whose files are made up; and bytes in words."""

from pathlib import Path

import psutil
import pytest
import torch

from seqlab.models import free_memory as module
from seqlab.models.free_memory import free_memory, size_text

CPU = torch.device("cpu")


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A container that may use 1 MB, of which 600 KB are used: 250 KB of them files that were read and not used since."""
    monkeypatch.setattr(module, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("600000\n")
    (tmp_path / "memory.stat").write_text("anon 300000\nfile 300000\ninactive_anon 7\ninactive_file 250000\nactive_file 50000\n")
    return tmp_path


def test_files_that_were_read_make_room_when_it_is_wanted(container: Path) -> None:
    assert free_memory(CPU) == 650_000


def test_a_container_that_does_not_say_what_it_used_it_for(container: Path) -> None:
    (container / "memory.stat").unlink()
    assert free_memory(CPU) == 400_000


def test_a_container_is_never_given_more_than_its_machine_has_or_less_than_nothing(container: Path) -> None:
    (container / "memory.current").write_text("2000000")
    assert free_memory(CPU) == 0
    (container / "memory.max").write_text(str(10**18))
    assert free_memory(CPU) <= psutil.virtual_memory().total


def test_without_a_limit_it_is_what_the_machine_has(container: Path) -> None:
    (container / "memory.max").write_text("max\n")
    assert 10_000_000 < free_memory(CPU) <= psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (999_999, "1 MB"),
        (1_000_000, "1 MB"),
        (999_999_999, "1 GB"),
        (10**15, "1,000 TB"),
        (12_345 * 10**12, "12,345 TB"),
    ],
)
def test_bytes_in_words(count: int, text: str) -> None:
    assert size_text(count) == text
