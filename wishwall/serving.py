"""Serving the site: gunicorn with threads, configured from the settings."""

from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from wishwall import create_app, ticking

GRACE_SECONDS = 10


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn, without a configuration file of its own."""

    def __init__(self, instance: Path, options: dict[str, Any]) -> None:
        self._instance, self._options = instance, options
        self._app: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", lambda _worker: ticking.start(self.load()))

    def load(self) -> Flask:
        if self._app is None:
            self._app = create_app(instance=self._instance)
        return self._app


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Gunicorn's settings for this site."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - memory, not a disk that may be busy
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 60,
        "keepalive": 15,
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "loglevel": "warning",
        "forwarded_allow_ips": "",
    }
