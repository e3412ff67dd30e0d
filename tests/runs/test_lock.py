import subprocess
import sys
import threading
from pathlib import Path

from seqlab.runs.lock import hold, is_held, try_hold

HOLDER = """
import sys, pathlib
from seqlab.runs.lock import try_hold
lock = try_hold(pathlib.Path(sys.argv[1]))
print("held" if lock else "busy", flush=True)
sys.stdin.read()
"""


def test_a_lock_that_was_never_taken_is_free_and_probing_makes_no_file(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []


def test_one_holder_at_a_time_within_a_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path) as mine:
        assert mine
        assert is_held(path)
        assert try_hold(path) is None
        with hold(path) as second:
            assert not second
    assert not is_held(path)


def test_the_kernel_frees_the_lock_of_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_held(path)
        holder.kill()
        holder.wait()
        assert not is_held(path)
        lock = try_hold(path, timeout=1.0)
        assert lock is not None
        lock.release()


def test_a_holder_gets_its_lock_while_others_probe(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    done = threading.Event()

    def probe() -> None:
        while not done.is_set():
            is_held(path)

    probers = [threading.Thread(target=probe) for _ in range(3)]
    for prober in probers:
        prober.start()
    got = []
    for _ in range(20):
        with hold(path, timeout=5.0) as mine:
            got.append(mine)
    done.set()
    for prober in probers:
        prober.join()
    assert all(got)
