"""A page that listens: its request is answered as any other, then its connection changes owner.

The server puts the connection's socket into the request's environ. Once the head of the answer has
gone out, the hub gets a duplicate of it, and the server keeps one end of a dead pair, which it may
close. A server that shows no socket, or that does the TLS itself, has a thread of its own carry a
stream; of those there are few, and whoever gets none polls.
"""

import os
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from werkzeug.datastructures import Headers

from wishwall.kit.db import db
from wishwall.kit.i18n import language
from wishwall.kit.limits import TooOften, address
from wishwall.live.bells import Bell, Doorbell, Listen, RedisBell
from wishwall.live.channels import Channel
from wishwall.live.frames import named
from wishwall.live.hub import Audience, Viewer
from wishwall.live.watching import EndedVisits, Watching
from wishwall.trail.models import is_written

SEND_BUFFER = 64 * 1024  # bytes; left alone, the kernel gives a sleeper megabytes
GONE_AFTER = 60_000  # milliseconds without an answer to what was sent
SOON = 1000  # milliseconds before a page whose stream broke comes again
BACK_AFTER = 30  # seconds, for who found no place
LARGEST_ID = 2**63 - 1
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Live:
    """What one process has for its listeners; nothing is started before the first of them."""

    def __init__(self, app: Flask, ended_visits: EndedVisits) -> None:
        self._app, self._ended_visits = app, ended_visits
        self._starting = threading.Lock()
        self._watching: Watching | None = None
        self._bells = _bells(app)

    def watching(self) -> Watching:
        """The watching of this process, which begins now if it has not yet."""
        with self._starting:
            if self._watching is None:
                self._watching = Watching(self._app, self._ended_visits)
                for bell in self._bells:
                    bell.listen(self._watching.wake)
            return self._watching

    def ring(self) -> None:
        """After a commit: wake whoever watches, here and elsewhere, if the trail has got longer."""
        if is_written(db.session):
            if self._watching:
                self._watching.wake()
            for bell in self._bells:
                bell.ring()

    def end(self) -> None:
        """Send the listeners away, to come back soon."""
        if self._watching:
            self._watching.hub.end()


def init_app(app: Flask, ended_visits: EndedVisits) -> None:
    """Let pages listen; `ended_visits` tells which of some visits have ended."""
    live = Live(app, ended_visits)
    app.extensions["live"] = live
    app.extensions["after-writing"] = live.ring


def stream(channel: Channel, *, person_id: int | None = None, visit: str = "") -> Response:
    """The answer to a page that listens to a channel; with `visit` for as long as that lasts."""
    live: Live = current_app.extensions["live"]
    watching, after = live.watching(), _after()
    environ = request.environ
    connection = environ.get("gunicorn.socket")
    carried = connection is None or isinstance(connection, ssl.SSLSocket)
    who = [("all", _most("LIVE_AT_MOST")), (f"address {address()}", _most("LIVE_PER_ADDRESS"))]
    if person_id is not None:
        who.append((f"person {person_id}", _most("LIVE_PER_PERSON")))
    if carried:
        who.append(("carried", _most("LIVE_CARRIED")))
    if not watching.hub.admit(who):
        raise TooOften(BACK_AFTER)
    viewer = Viewer(
        -1,
        Audience(channel, language()),
        chunked=not carried and environ["SERVER_PROTOCOL"] != "HTTP/1.0",
        who=[name for name, _most in who],
        visit=visit,
    )
    body = _Handed(watching, viewer, after, None if carried else connection)
    return Response(body, headers=Headers(HEADERS), mimetype="text/event-stream")


class _Handed:
    """The body of the answer: a greeting; the hub says everything else."""

    def __init__(
        self, watching: Watching, viewer: Viewer, after: int, connection: socket.socket | None
    ) -> None:
        self._watching, self._viewer, self._after = watching, viewer, after
        self._connection = connection
        self._is_handed = False

    def __iter__(self) -> Iterator[bytes]:
        yield named("hello", retry=SOON)
        if self._connection is not None:
            self._hand_over(_taken_from(self._connection))
            return
        ours, theirs = socket.socketpair()
        self._hand_over(theirs.detach())
        with ours:
            while said := ours.recv(SEND_BUFFER):
                yield said

    def _hand_over(self, descriptor: int) -> None:
        self._is_handed = True
        self._viewer.descriptor = descriptor
        self._watching.join(self._viewer, self._after)

    def close(self) -> None:
        """The answer is over; a stream that was never handed over gives its place back."""
        if not self._is_handed:
            self._is_handed = True
            self._watching.hub.dismiss(self._viewer.who)


def _taken_from(connection: socket.socket) -> int:
    """A descriptor for the connection that is ours; the server is left with a dead one."""
    ours = connection.dup()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if ours.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER)
    dead, end = socket.socketpair()
    with dead, end:
        os.dup2(dead.fileno(), connection.fileno())
    return ours.detach()


def _after() -> int:
    """The trail row up to which the page knows everything: it says so when it comes back."""
    asked = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not (asked.isascii() and asked.isdigit()) or int(asked) > LARGEST_ID:
        abort(400)
    return int(asked)


def _most(setting: str) -> int:
    return int(current_app.config[setting])


def _bells(app: Flask) -> Sequence[Bell]:
    with app.app_context():
        url = db.engine.url
    bells: list[Bell] = []
    if url.get_backend_name() == "sqlite":
        bells.append(Doorbell(Path(app.instance_path)))
    else:
        bells.append(Listen(url))
    if app.config["REDIS_URL"]:
        bells.append(RedisBell(app.config["REDIS_URL"]))
    return bells
