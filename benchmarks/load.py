"""A small HTTP client: many requests over a few open connections, every answer checked."""

import gzip
import socket
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

CONNECTIONS = 2
PATIENCE_SECONDS = 30


class Answer(NamedTuple):
    """An answer as it came over the wire, perhaps packed."""

    status: int
    head: bytes
    body: bytes

    def content(self) -> bytes:
        """The body, unpacked."""
        match self.header("Content-Encoding"):
            case "gzip":
                return gzip.decompress(self.body)
            case "deflate":
                return zlib.decompress(self.body)
            case _:
                return self.body

    def header(self, name: str) -> str:
        """One header, or nothing."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return ""


class Asking(NamedTuple):
    """A GET and what its answer must be."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    contains: bytes = b""
    times: int = 1

    def bytes(self) -> bytes:
        """What goes over the wire."""
        lines = [
            f"GET {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: text/html",
            "Accept-Encoding: gzip, deflate",  # what browsers offer over http
            "Accept-Language: zh-CN,zh;q=0.9",
            "User-Agent: benchmarks",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join((*lines, "", "")).encode()

    def check(self, answer: Answer) -> None:
        """Fail loudly when the answer is not the one that was to be measured."""
        content = answer.content()
        if answer.status != self.status or content.count(self.contains) < self.times:
            begins = (answer.head + b"\r\n\r\n" + content)[:1500].decode("utf-8", "replace")
            raise AssertionError(f"{self.path}: expected {self.status}, got\n{begins}")


class Connection:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, asking: Asking) -> Answer:
        """Ask once; the answer is checked."""
        self._socket.sendall(asking.bytes())
        answer = self._answer()
        asking.check(answer)
        return answer

    def close(self) -> None:
        self._socket.close()

    def _answer(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), head, b"")
        length = 0 if answer.status == 304 else int(answer.header("Content-Length"))
        while len(body) < length:
            body += self._more()
        return answer._replace(body=body)

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def ask(port: int, asking: Asking) -> Answer:
    """Ask once, on a connection of its own."""
    connection = Connection(port)
    try:
        return connection.ask(asking)
    finally:
        connection.close()


def ask_all(port: int, askings: Sequence[Asking]) -> float:
    """Ask them all, over a few connections at once; returns the seconds it took."""
    connections = [Connection(port) for _ in range(CONNECTIONS)]

    def run(nth: int) -> None:
        for asking in askings[nth::CONNECTIONS]:
            connections[nth].ask(asking)

    try:
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            list(threads.map(run, range(CONNECTIONS)))
        return time.perf_counter() - began
    finally:
        for connection in connections:
            connection.close()
