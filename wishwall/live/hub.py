"""The open streams of this process: one thread, one selector, no thread or buffer for each viewer.

Everything is done by the hub's own thread; others leave errands (`open`, `tell`, `end`), which are
done in the order in which they were left. A viewer who is slow has a bounded backlog and is dropped
beyond it: they come again and catch up. A viewer who has gone is noticed by their closed end, or by
a ping that nobody takes.
"""

import logging
import os
import random
import selectors
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from typing import NamedTuple

from wishwall.live.frames import LAST_CHUNK, chunk, named

BACKLOG = 256 * 1024  # bytes that wait for a slow viewer
PING_EVERY = 15  # seconds
BACK_WITHIN = (500, 8000)  # milliseconds over which viewers come back to a server that ends
log = logging.getLogger("wishwall.live")


class Audience(NamedTuple):
    """Who gets the same bytes: the listeners of one channel in one language."""

    channel: Hashable
    language: str


class Viewer:
    """One open stream; `who` counts them together, `visit` is theirs if the stream is private."""

    __slots__ = ("audience", "chunked", "descriptor", "pending", "visit", "who")

    def __init__(
        self,
        descriptor: int,
        audience: Audience,
        *,
        chunked: bool,
        who: Iterable[str] = (),
        visit: str = "",
    ) -> None:
        self.descriptor, self.audience, self.chunked = descriptor, audience, chunked
        self.who, self.visit = tuple(who), visit
        self.pending: bytes | bytearray = b""


class Hub:
    """Streams and what is said on them."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._viewers: dict[int, Viewer] = {}
        # by descriptor, in the order in which they came: a set's order costs a tenth more
        self._alike: dict[tuple[Audience, bool], dict[int, Viewer]] = {}
        self._counts: Counter[str] = Counter()
        # who listens, from the moment in which the hub was asked to take them
        self._listening: Counter[Audience] = Counter()
        self._counting = threading.Lock()
        self._ends = False
        self._errands: deque[Callable[[], None]] = deque()
        self._bell, self._rung = socket.socketpair()
        for end in (self._bell, self._rung):
            end.settimeout(0)
        self._selector.register(self._rung, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="live-hub", daemon=True)
        self._thread.start()

    def admit(self, who: Iterable[tuple[str, int]]) -> bool:
        """Count one stream more for each of these names, if none of them has its most already."""
        who = list(who)
        with self._counting:
            if any(self._counts[name] >= most for name, most in who):
                return False
            self._counts.update(name for name, _most in who)
        return True

    def dismiss(self, who: Iterable[str]) -> None:
        """One stream less for each of these names."""
        with self._counting:
            self._counts.subtract(who)
            for name in who:
                if self._counts[name] <= 0:
                    del self._counts[name]

    def open(self, viewer: Viewer, first: bytes) -> None:
        """Take over a stream, whose descriptor is the hub's from now on, and say `first`."""
        with self._counting:
            self._listening[viewer.audience] += 1
        self._leave(lambda: self._open(viewer, first))

    def tell(self, audience: Audience, content: bytes) -> None:
        """Say the same to all of an audience."""
        self._leave(lambda: self._tell(audience, content))

    def close(self, viewers: Iterable[Viewer]) -> None:
        """End some streams."""
        gone = list(viewers)
        self._leave(lambda: self._close_all(gone))

    def end(self) -> None:
        """End all streams, and tell the viewers when to come back: spread over some seconds."""
        done = threading.Event()
        self._leave(lambda: self._say_goodbye(done))
        done.wait(timeout=5)

    def audiences(self) -> list[Audience]:
        """The audiences that somebody belongs to."""
        with self._counting:
            return list(self._listening)

    def private(self) -> list[Viewer]:
        """The viewers of private streams."""
        return [viewer for viewer in list(self._viewers.values()) if viewer.visit]

    def __len__(self) -> int:
        with self._counting:
            return self._listening.total()

    def _leave(self, errand: Callable[[], None]) -> None:
        self._errands.append(errand)
        with suppress(BlockingIOError):  # it has been rung enough
            self._bell.send(b"!")

    def _run(self) -> None:
        pinged = int(time.monotonic())
        while True:
            try:
                ready = self._selector.select(timeout=1)
                for key, events in ready:
                    if key.data is None:
                        self._rung.recv(4096)
                    elif events & selectors.EVENT_WRITE:
                        self._write_on(key.data)
                    else:
                        self._listen(key.data)
                while self._errands:
                    self._errands.popleft()()
                while pinged < int(time.monotonic()):
                    pinged += 1
                    self._ping(pinged % PING_EVERY)
            except Exception:
                log.exception("the hub met something that it does not know")

    def _open(self, viewer: Viewer, first: bytes) -> None:
        os.set_blocking(viewer.descriptor, False)
        self._viewers[viewer.descriptor] = viewer
        alike = viewer.audience, viewer.chunked
        self._alike.setdefault(alike, {})[viewer.descriptor] = viewer
        self._selector.register(viewer.descriptor, selectors.EVENT_READ, viewer)
        if first:
            self._write(viewer, chunk(first) if viewer.chunked else first)
        if self._ends:  # they came while the server was closing its doors
            self._send_away(viewer)

    def _tell(self, audience: Audience, content: bytes) -> None:
        """Say the same to each; for most that is one `write` and nothing else."""
        for chunked, said in ((False, content), (True, chunk(content))):
            self._tell_alike(self._alike.get((audience, chunked), {}), said)

    def _tell_alike(self, viewers: dict[int, Viewer], content: bytes) -> None:
        length, write = len(content), os.write
        behind: list[tuple[Viewer, int]] = []
        gone: list[Viewer] = []
        for descriptor, viewer in viewers.items():
            try:
                sent = 0 if viewer.pending else write(descriptor, content)
            except BlockingIOError:
                sent = 0
            except OSError:
                gone.append(viewer)
                continue
            if sent != length:
                behind.append((viewer, sent))
        for viewer, sent in behind:
            self._keep(viewer, content[sent:])
        for viewer in gone:
            self._close(viewer)

    def _ping(self, turn: int) -> None:
        plain = named("ping")
        chunked = chunk(plain)
        for viewer in list(self._viewers.values()):
            if viewer.descriptor % PING_EVERY == turn:
                self._write(viewer, chunked if viewer.chunked else plain)

    def _write(self, viewer: Viewer, content: bytes) -> None:
        try:
            sent = 0 if viewer.pending else os.write(viewer.descriptor, content)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(viewer)
            return
        if sent != len(content):
            self._keep(viewer, content[sent:])

    def _keep(self, viewer: Viewer, rest: bytes) -> None:
        """A viewer is slow: what they have not taken waits, up to a bound."""
        if not viewer.pending:
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self._selector.modify(viewer.descriptor, both, viewer)
            viewer.pending = bytearray()
        viewer.pending += rest
        if len(viewer.pending) > BACKLOG:
            self._close(viewer)

    def _write_on(self, viewer: Viewer) -> None:
        """A slow viewer has room again."""
        waiting, viewer.pending = bytes(viewer.pending), b""
        self._selector.modify(viewer.descriptor, selectors.EVENT_READ, viewer)
        if waiting:
            self._write(viewer, waiting)

    def _listen(self, viewer: Viewer) -> None:
        """A viewer says nothing on a stream: an end of it is all that there is to read."""
        try:
            said = os.read(viewer.descriptor, 4096)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self._close(viewer)

    def _close(self, viewer: Viewer) -> None:
        if self._viewers.pop(viewer.descriptor, None) is None:
            return
        alike = viewer.audience, viewer.chunked
        del self._alike[alike][viewer.descriptor]
        if not self._alike[alike]:
            del self._alike[alike]
        self._selector.unregister(viewer.descriptor)
        os.close(viewer.descriptor)
        with self._counting:
            self._listening[viewer.audience] -= 1
            if not self._listening[viewer.audience]:
                del self._listening[viewer.audience]
        self.dismiss(viewer.who)

    def _close_all(self, viewers: Iterable[Viewer]) -> None:
        for viewer in viewers:
            if self._viewers.get(viewer.descriptor) is viewer:
                self._close(viewer)

    def _say_goodbye(self, done: threading.Event) -> None:
        self._ends = True
        for viewer in list(self._viewers.values()):
            self._send_away(viewer)
        done.set()

    def _send_away(self, viewer: Viewer) -> None:
        back = random.randint(*BACK_WITHIN)  # noqa: S311 - to spread them, not to hide
        last = named("bye", retry=back)
        self._write(viewer, chunk(last) + LAST_CHUNK if viewer.chunked else last)
        self._close(viewer)
