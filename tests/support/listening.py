"""A page that listens, without a browser: it opens a stream and reads what is said there."""

import http.client
import time
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Self

PATIENCE_SECONDS = 10.0


class Said(NamedTuple):
    """One message of a stream."""

    id: int | None
    event: str
    data: str


class Listener:
    """One open stream; `heard` goes on where it stopped."""

    def __init__(
        self,
        port: int,
        path: str,
        *,
        last: int | None = None,
        cookie: str = "",
        language: str = "zh",
        connection: http.client.HTTPConnection | None = None,
    ) -> None:
        headers = {"Cookie": cookie, "Accept-Language": language}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self._connection = connection or http.client.HTTPConnection(
            "127.0.0.1", port, timeout=PATIENCE_SECONDS
        )
        self._connection.request("GET", path, headers=headers)
        self.answer = self._connection.getresponse()
        self.status = self.answer.status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up, in the middle of whatever is said."""
        self.answer.close()
        self._connection.close()

    def cut(self, after: int) -> None:
        """Take so many bytes more of what is said, and hang up."""
        self._connection.sock.settimeout(0.2)
        left = after
        while left > 0 and (taken := self._connection.sock.recv(left)):
            left -= len(taken)
        raise ConnectionAbortedError

    def heard(self) -> Iterator[Said]:
        """What is said, until the stream ends or nothing is said for long."""
        last: int | None = None
        event, data = "", []
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "id":
                last = int(value)
            elif name == "event":
                event = value
            elif name == "data":
                data.append(value)
            elif not line.strip() and (data or event):
                yield Said(last, event, "\n".join(data))
                last, event, data = None, "", []

    def next(self, *, event: str = "") -> Said:
        """The next message of this name; those of other names are passed over."""
        for said in self.heard():
            if said.event == event:
                return said
        raise AssertionError("the stream ended")

    def is_ended_within(self, seconds: float) -> bool:
        """Whether the stream ends soon, whatever is said before."""
        deadline = time.monotonic() + seconds
        try:
            for _said in self.heard():
                if time.monotonic() > deadline:
                    return False
        except TimeoutError:
            return False
        except (OSError, http.client.HTTPException):
            return True
        return True
