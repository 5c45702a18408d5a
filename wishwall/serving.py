"""Serving the site: gunicorn with threads, configured from the settings."""

import resource
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from wishwall import create_app, ticking
from wishwall.live.streams import Live

GRACE_SECONDS = 10


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's, which also sends the listeners away when it ends."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM, at the end or for a reload: streams first, they would not end by themselves."""
        live: Live = self.wsgi.extensions["live"]
        threading.Thread(target=live.end, name="live-end").start()  # not in a signal's handler
        super().handle_exit(sig, frame)


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn, without a configuration file of its own."""

    def __init__(self, instance: Path, options: dict[str, Any]) -> None:
        self._instance, self._options = instance, options
        self._app: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        _may_hold_many_streams()
        for name, value in self._options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", lambda _worker: ticking.start(self.load()))

    def load(self) -> Flask:
        if self._app is None:
            self._app = create_app(instance=self._instance)
        return self._app


def _may_hold_many_streams() -> None:
    """Each listener is an open file: as many as the system lets us have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Gunicorn's settings for this site."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - memory, not a disk that may be busy
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": Worker,
        "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 60,
        "keepalive": 15,
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "loglevel": "warning",
        "forwarded_allow_ips": "",
    }
