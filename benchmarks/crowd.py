"""Many listeners in one process: `python -m benchmarks.crowd PORT PATH HOW_MANY`.

It says "there" when all are connected. For each line that comes in it waits until every listener
has been told something new, and answers with when they were, in nanoseconds of the system's
monotonic clock: `{"told": [...], "lost": 0}`.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from types import TracebackType
from typing import NamedTuple, Self

FIRST = b"id: "
PATIENCE_SECONDS = 30


class Told(NamedTuple):
    """When the listeners were told, in nanoseconds, and how many have lost their line."""

    moments: list[int]
    lost: int


class Crowd:
    """The process, and how to talk with it."""

    def __init__(self, port: int, path: str, how_many: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very file
            [sys.executable, "-m", "benchmarks.crowd", str(port), path, str(how_many)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._said() != "there":
            raise RuntimeError("the listeners could not all connect")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def expect(self) -> None:
        """Wait for something new, from now on."""
        self._write("listen")

    def told(self) -> Told:
        """When it came to each."""
        found = json.loads(self._said())
        return Told(found["told"], found["lost"])

    def _write(self, word: str) -> None:
        assert self._process.stdin  # noqa: S101
        print(word, file=self._process.stdin, flush=True)

    def _said(self) -> str:
        assert self._process.stdout  # noqa: S101
        return self._process.stdout.readline().strip()


def connected(port: int, path: str) -> socket.socket:
    """An open stream that has said hello."""
    listener = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    listener.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n\r\n".encode()
    )
    heard = b""
    while b"hello" not in heard:
        more = listener.recv(4096)
        if not more:
            raise RuntimeError(f"no stream: {heard[:200]!r}")
        heard += more
    listener.settimeout(0)
    return listener


def main(port: int, path: str, how_many: int) -> None:
    looking = select.epoll()
    listeners: dict[int, socket.socket] = {}
    for _ in range(how_many):
        listener = connected(port, path)
        listeners[listener.fileno()] = listener
        looking.register(listener.fileno(), select.EPOLLIN)
    print("there", flush=True)
    command = sys.stdin.fileno()
    looking.register(command, select.EPOLLIN)
    told: dict[int, int] = {}
    heard = bytearray(16384)
    is_asked, lost, deadline = False, 0, 0.0
    while True:
        for descriptor, _events in looking.poll(1):
            if descriptor == command:
                if not sys.stdin.readline():
                    return
                is_asked, deadline = True, time.monotonic() + PATIENCE_SECONDS
                told.clear()
                continue
            try:
                length = os.readv(descriptor, [heard])
            except OSError:
                length = 0
            if not length:
                looking.unregister(descriptor)
                listeners.pop(descriptor).close()
                lost += 1
            elif heard.find(FIRST, 0, length) >= 0 and descriptor not in told:
                told[descriptor] = time.monotonic_ns()
        if is_asked and (len(told) >= len(listeners) or time.monotonic() > deadline):
            missing = len(listeners) - len(told)
            print(json.dumps({"told": sorted(told.values()), "lost": lost + missing}), flush=True)
            is_asked = False


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
