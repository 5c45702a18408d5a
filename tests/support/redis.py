"""A real Redis server on a free port (its imitations do not run Lua)."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.needs import find, missing

PATIENCE_SECONDS = 10


class Redis:
    """One empty Redis, which may be stopped, frozen and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        program = find(["redis-server", "valkey-server"])
        if program is None:
            missing("redis-server")
        self._program, self._folder = program, folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        port = str(self._port)
        switches = ["--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [self._program, *switches, "--dir", self._folder], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail("redis-server does not start", pytrace=False)
                time.sleep(0.02)
            else:
                return

    def send(self, what: signal.Signals) -> None:
        """SIGSTOP freezes it, SIGCONT lets it go on."""
        assert self._process is not None, "Redis is not running"
        self._process.send_signal(what)

    def stop(self) -> None:
        """Pull the plug."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running, empty Redis."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url
    server.stop()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
