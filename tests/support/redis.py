"""A real Redis server on a free port (its imitations do not run Lua)."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.needs import find, missing

PATIENCE_SECONDS = 10


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running, empty Redis."""
    program = find(["redis-server", "valkey-server"])
    if program is None:
        missing("redis-server")
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    with _started(program, port, folder) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _started(program: Path, port: int, folder: Path) -> subprocess.Popen[bytes]:
    switches = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        [program, *switches, "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail("redis-server does not start", pytrace=False)
            time.sleep(0.02)
        else:
            return server
