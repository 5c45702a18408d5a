"""Bells: whoever has written to the trail rings, and the watching of every process looks at once.

A bell says nothing but "look", so one that is lost costs a second and nothing else. On SQLite it
is a datagram to a socket of each process in a folder; on PostgreSQL LISTEN and NOTIFY; and, where
there is a Redis, its publish and subscribe as well.
"""

import contextlib
import hashlib
import logging
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL

from wishwall.trail.models import BELL

LONGEST_PATH = 90  # bytes of a socket's address that are left to a folder, out of 107
PATIENCE = 1.0  # seconds after which a bell that has broken is tried again
log = logging.getLogger("wishwall.live")
Wake = Callable[[], None]


class Bell(Protocol):
    """A way to wake the other processes."""

    def ring(self) -> None:
        """Wake them; returns at once, whatever is broken."""

    def listen(self, wake: Wake) -> None:
        """Call `wake` whenever somebody rings, from now on, in a thread of its own."""


class Doorbell:
    """For the processes of one machine: a socket for each in a folder that is theirs alone."""

    def __init__(self, instance: Path) -> None:
        folder = instance / "bells"
        if len(os.fsencode(folder)) > LONGEST_PATH:
            name = hashlib.blake2b(os.fsencode(instance), digest_size=8).hexdigest()
            folder = Path(tempfile.gettempdir()) / f"wishwall-{os.getuid()}-{name}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def ring(self) -> None:
        """A datagram to each; one whose process has gone is swept away."""
        with os.scandir(self._folder) as bells, _datagrams() as sender:
            sender.settimeout(0)
            for bell in bells:
                try:
                    sender.sendto(b"!", bell.path)
                except BlockingIOError:
                    continue  # it has been rung enough
                except OSError:
                    with contextlib.suppress(OSError):
                        os.unlink(bell.path)  # noqa: PTH108 - a path as it was found

    def listen(self, wake: Wake) -> None:
        """Hang up a bell of this process."""
        bell = self._folder / str(os.getpid())
        bell.unlink(missing_ok=True)
        hung = _datagrams()
        hung.bind(str(bell))

        def wait() -> None:
            while hung.recv(16):
                wake()

        threading.Thread(target=wait, name="live-doorbell", daemon=True).start()


def _datagrams() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)


class Listen:
    """PostgreSQL tells all who listen, on any machine; it is rung by the transaction itself."""

    def __init__(self, url: URL) -> None:
        import psycopg  # noqa: PLC0415 - only where it is configured

        self._psycopg = psycopg
        plain = url.set(drivername="postgresql")
        self._address = plain.render_as_string(hide_password=False)

    def ring(self) -> None:
        """Nothing to do: `trail.record` notifies within the transaction."""

    def listen(self, wake: Wake) -> None:
        """Listen on a connection of its own, and on another one when that breaks."""

        def wait() -> None:
            while True:
                try:
                    with self._psycopg.connect(self._address, autocommit=True) as connection:
                        connection.execute(f'LISTEN "{BELL}"')
                        wake()
                        for _notice in connection.notifies():
                            wake()
                except self._psycopg.Error:
                    log.warning("nothing is heard from PostgreSQL; trying again")
                time.sleep(PATIENCE)

        threading.Thread(target=wait, name="live-listen", daemon=True).start()


class RedisBell:
    """Between machines through Redis; the ringing is done by a thread that nobody waits for."""

    def __init__(self, url: str) -> None:
        import redis  # noqa: PLC0415 - only where it is configured

        self._fault: type[Exception] = redis.RedisError
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._listening: Any = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE)
        self._wanted = threading.Event()
        self._started = False

    def ring(self) -> None:
        """Ask the ringing thread to publish."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._publish, name="live-redis-ring", daemon=True).start()
        self._wanted.set()

    def listen(self, wake: Wake) -> None:
        """Subscribe, and again when the connection breaks."""

        def wait() -> None:
            while True:
                try:
                    with self._listening.pubsub(ignore_subscribe_messages=True) as heard:
                        heard.subscribe(BELL)
                        wake()
                        for _message in heard.listen():
                            wake()
                except self._fault:
                    log.warning("nothing is heard from Redis; trying again")
                time.sleep(PATIENCE)

        threading.Thread(target=wait, name="live-redis", daemon=True).start()

    def _publish(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            try:
                self._redis.publish(BELL, "!")
            except self._fault:
                time.sleep(PATIENCE)
