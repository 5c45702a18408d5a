"""Where SQLite's writers stand in line: first within the process, then between processes.

SQLite's own waiting sleeps and retries, so under load some writers wait very long; a queue in
front of `BEGIN IMMEDIATE` keeps the longest wait short.
"""

import fcntl
import os
import time
from pathlib import Path
from threading import Lock
from typing import Any

PATIENCE_SECONDS = 5.0


class QueueTooLong(Exception):
    """The turn did not come in time; nothing was written."""


class WriteQueue:
    """One turn at a time; its holder is known by the identity of its connection's info."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._turn = Lock()
        self._holder: dict[Any, Any] | None = None
        self._file: int | None = None
        self._owner_pid = os.getpid()

    def enter(self, holder: dict[Any, Any]) -> None:
        """Wait for the turn, at most `PATIENCE_SECONDS`; raises `QueueTooLong`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self._forget_parent()
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            raise QueueTooLong
        try:
            self._lock_between_processes(deadline)
        except BaseException:
            self._turn.release()
            raise
        self._holder = holder

    def leave(self, holder: dict[Any, Any]) -> None:
        """Give the turn to the next one, if this connection had it."""
        if self._holder is holder and self._file is not None:
            self._holder = None
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._turn.release()

    def _lock_between_processes(self, deadline: float) -> None:
        if self._file is None:
            self._file = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        pause = 0.0002
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise QueueTooLong from None
                time.sleep(pause)
                pause = min(pause * 1.5, 0.004)

    def _forget_parent(self) -> None:
        """After a fork the file would be shared with the parent, and so would its lock."""
        if self._owner_pid != os.getpid():
            self._owner_pid = os.getpid()
            self._turn, self._holder, self._file = Lock(), None, None
