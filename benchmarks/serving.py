"""Servers to measure: the site and its rival, under the same gunicorn with the same settings.

`python -m benchmarks.serving PORT [INSTANCE]` serves the site of an instance folder, or, without
one, a Flask application that only says hello.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask
from gunicorn.app.base import BaseApplication

from wishwall import serving

WORKERS, THREADS = 1, 2
PATIENCE_SECONDS = 30


class Hello(BaseApplication):  # type: ignore[misc]
    """The rival: nothing but Flask."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        for name, value in serving.options("127.0.0.1", self._port, WORKERS, THREADS).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = Flask("hello")
        app.add_url_rule("/", view_func=lambda: "hello")
        return app


class Served:
    """A server in processes of its own; `worker` is the one that answers."""

    def __init__(self, instance: Path | None = None, **settings: str) -> None:
        self.port = free_port()
        outside = {name: value for name, value in os.environ.items() if "WISHWALL_" not in name}
        words = [str(self.port), *([str(instance)] if instance else [])]
        self._process = subprocess.Popen(  # noqa: S603 - this very file
            [sys.executable, "-m", "benchmarks.serving", *words],
            cwd=Path(__file__).parent.parent,
            env={
                **outside,
                "WISHWALL_TICK_SECONDS": "0",
                **{f"WISHWALL_{name}": value for name, value in settings.items()},
            },
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait()
            self.worker = _only_child(self._process.pid)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it and its worker."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as asking:
                asking.sendall(b"HEAD / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if asking.recv(12):
                    return
            time.sleep(0.05)
        raise RuntimeError("the server does not start")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _only_child(parent: int) -> int:
    """The process id of gunicorn's worker."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after_name = stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                children.append(int(stat.parent.name))
    (child,) = children
    return child


def main() -> None:
    port = int(sys.argv[1])
    if sys.argv[2:]:
        options = serving.options("127.0.0.1", port, WORKERS, THREADS)
        serving.Site(Path(sys.argv[2]), options).run()
    else:
        Hello(port).run()


if __name__ == "__main__":
    main()
