"""A dashboard server of its own for a test: free port, fresh home folder, nothing left running."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

START_LIMIT = 60.0


@dataclass
class Server:
    """A running dashboard.

    Args:
        url: where it answers.
        home: its SEQLAB_HOME.
        process: the server's process.
        log: what it wrote.
    """

    url: str
    home: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def address(self, path: str = "") -> str:
        """The address of a page."""
        return f"{self.url}/{path.lstrip('/')}"

    def workers(self) -> list[psutil.Process]:
        """Processes other than the server that use this home: running and waiting workers."""
        return [p for p in users_of(self.home) if p.pid != self.process.pid]


def users_of(home: Path) -> list[psutil.Process]:
    """Processes that were started with this SEQLAB_HOME."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get("SEQLAB_HOME") == str(home):
                found.append(process)
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    home: Path, *, command: Sequence[str] = ("-m", "seqlab"), cwd: Path | None = None, keep_workers: bool = False
) -> Iterator[Server]:
    """A server for the time of a ``with`` block; its workers are ended with it.

    Args:
        home: its SEQLAB_HOME.
        command: what Python is asked to run.
        cwd: the folder it is started in.
        keep_workers: lets workers go on when the server ends, as they do for a user.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = home / "server.log"
    environment = {**os.environ, "SEQLAB_HOME": str(home), "OMP_NUM_THREADS": "1"}
    options = ["--server.headless", "true", "--server.port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *options], stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=cwd or home
        )
    server = Server(url=f"http://127.0.0.1:{port}", home=home, process=process, log=log)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        for left in [] if keep_workers else users_of(home):
            with contextlib.suppress(psutil.Error):
                left.kill()
        process.wait(10)


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended while starting:\n{server.log.read_text()}")
        with contextlib.suppress(OSError), urllib.request.urlopen(server.address("_stcore/health"), timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not answer within {START_LIMIT} s:\n{server.log.read_text()}")
