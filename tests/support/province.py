"""Several servers behind nginx, put together of the files in deploy/ as an operator would.

Changed in those files is only what belongs to a machine: ports, folders, users, the certificate.
"""

import http.client
import os
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.crowd import Phone, phone_of
from tests.support.needs import find, missing
from tests.support.redis import Redis, free_port
from tests.support.server import Site
from wishwall import create_app
from wishwall.accounts.models import Person
from wishwall.config import ROOT
from wishwall.kit.db import db

DEPLOY = ROOT / "deploy"
PATIENCE_SECONDS = 30
NAME = "wishes.example"


class Unit(Site):
    """A server as `systemctl start wishwall@PORT` starts it, with an instance folder of its own."""

    def __init__(self, instance: Path, shared: dict[str, str]) -> None:
        super().__init__(instance, shared["WISHWALL_DATABASE_URL"], {})
        lines = _pairs("wishwall@.service")
        (command,) = (value for name, value in lines if name == "ExecStart")
        assert command == "/srv/wishwall/.venv/bin/wishwall serve", "start() does another thing"
        own = dict(value.split("=", 1) for name, value in lines if name == "Environment")
        assert own == {"WISHWALL_INSTANCE": "/var/lib/wishwall", "WISHWALL_PORT": "%i"}
        outside = {name: value for name, value in os.environ.items() if "WISHWALL_" not in name}
        here = {"WISHWALL_INSTANCE": str(instance), "WISHWALL_PORT": str(self.port)}
        self.environment = {**outside, **shared, **here}


def settings(database_url: str, redis_url: str, **more: str) -> dict[str, str]:
    """deploy/wishwall.env, with addresses of this machine."""
    found = dict(_pairs("wishwall.env"))
    own = {"WISHWALL_DATABASE_URL": database_url, "WISHWALL_REDIS_URL": redis_url}
    assert own.keys() <= found.keys()
    return {**found, **own, **{f"WISHWALL_{name}": value for name, value in more.items()}}


def _pairs(file: str) -> list[tuple[str, str]]:
    lines = (DEPLOY / file).read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return [(name, value) for name, _, value in pairs]


class Got(NamedTuple):
    """What nginx answered."""

    status: int
    headers: Message
    page: str


def _got(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> Got:
    with closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read().decode())


class Nginx:
    """nginx with deploy/nginx.conf."""

    def __init__(self, folder: Path, servers: list[int]) -> None:
        program = find(["nginx"], ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])
        if program is None:
            missing("nginx")
        self._program, self._folder = program, folder
        self.port, self.plain_port = free_port(), free_port()
        self._certificate()
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(self._adapted(servers), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        words = ["-c", str(self._configuration), "-p", str(self._folder), "-e", "stderr"]
        with (self._folder / "nginx.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *words, "-g", "daemon off;"], stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((self._folder / "nginx.log").read_text("utf-8"), pytrace=False)
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def log_of(self, path: str) -> list[str]:
        """What is noted of `path`, once it is: nginx answers first and writes afterwards."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            log = (self._folder / "access.log").read_text("utf-8")
            lines = [line for line in log.splitlines() if path in line]
            if lines or time.monotonic() > deadline:
                return lines
            time.sleep(0.01)

    def trust(self, *protocols: str) -> ssl.SSLContext:
        """What a browser that knows this certificate brings along."""
        trust = ssl.create_default_context(cafile=str(self._folder / "fullchain.pem"))
        trust.check_hostname = False  # the name is not in this machine's list of hosts
        if protocols:
            trust.set_alpn_protocols(list(protocols))
        return trust

    def connection(self, *protocols: str) -> http.client.HTTPSConnection:
        """A connection to the site."""
        trust = self.trust(*protocols)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=trust)

    def get(self, path: str, **headers: str) -> Got:
        """What is answered to a visitor."""
        return _got(self.connection(), path, headers)

    def plain(self, path: str) -> Got:
        """What is answered without TLS."""
        return _got(http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=5), path, {})

    def _answers(self) -> bool:
        try:
            return self.plain("/").status == 301
        except OSError:
            return False

    def _certificate(self) -> None:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
                *("-keyout", self._folder / "privkey.pem", "-out", self._folder / "fullchain.pem"),
            ],
            check=True,
            capture_output=True,
        )

    def _adapted(self, servers: list[int]) -> str:
        changes = {
            "user www-data;\n": "",
            "worker_processes auto;": "worker_processes 1;",
            "worker_rlimit_nofile 100000;": "",
            "worker_connections 50000;": "worker_connections 2000;",
            "pid /run/nginx.pid;": f"pid {self._folder}/pid;",
            "error_log /var/log/nginx/error.log warn;": "error_log stderr warn;",
            "http {\n": "http {\n" + "".join(self._temporary()),
            "access_log /var/log/nginx/": f"access_log {self._folder}/",
            "/etc/ssl/wishwall/": f"{self._folder}/",
            "    listen 80 default_server;": f"    listen 127.0.0.1:{self.plain_port};",
            "    listen [::]:80 default_server;\n": "",
            "    listen 443 ssl": f"    listen 127.0.0.1:{self.port} ssl",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "127.0.0.1:8001": f"127.0.0.1:{servers[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{servers[1]}",
        }
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        for there, here in changes.items():
            assert there in text, f"deploy/nginx.conf no longer says {there!r}"
            text = text.replace(there, here)
        return text

    def _temporary(self) -> list[str]:
        """Where nginx puts long bodies, which is compiled in otherwise."""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return [f"    {kind}_temp_path {self._folder}/{kind};\n" for kind in kinds]


class Province:
    """Two servers on one PostgreSQL and one Redis, and nginx before them."""

    def __init__(self, folder: Path, database_url: str, redis: Redis, **more: str) -> None:
        self.redis = redis
        shared = settings(database_url, redis.url, **more)
        self.units = []
        for number in range(2):
            instance = folder / f"machine-{number}"
            instance.mkdir()
            self.units.append(Unit(instance, shared))
        self.nginx = Nginx(folder, [unit.port for unit in self.units])
        names = ("DATABASE_URL", "SECRET_KEY", "TRUSTED_HOSTS")
        self.app = create_app(
            {
                **{name: shared[f"WISHWALL_{name}"] for name in names},
                "HTTPS": True,
                "PROXIES": 1,
                "TICK_SECONDS": 0,
            },
            instance=self.units[0].instance,
        )

    def start(self) -> None:
        """Everything at once, as after a power cut: both servers migrate an empty database."""
        self.redis.start()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(Unit.start, self.units))
        self.nginx.start()

    def stop(self) -> None:
        """End it all."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.nginx.stop()
        for unit in self.units:
            unit.kill()
        self.redis.stop()

    def phone_of(self, person: Person) -> Phone:
        """A phone that reaches the site by its front door."""
        phone = phone_of(self.app, self.units[0], person)
        return SecurePhone(self.nginx.port, phone.cookie, phone.csrf_token, self.nginx)


@dataclass(frozen=True)
class SecurePhone(Phone):
    """A phone that speaks TLS with nginx."""

    nginx: Nginx

    def connection(self) -> http.client.HTTPConnection:
        return self.nginx.connection()

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Referer": f"https://127.0.0.1:{self.port}/"}
