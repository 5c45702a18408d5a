"""A PostgreSQL server of our own, from the system's programs, gone when the tests are."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.needs import find, missing

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Nothing is lost when the server crashes, only when the machine does: fast, and for tests only.
RECKLESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
LONGEST_SOCKET_PATH = 100
PATIENCE_SECONDS = 30


class PostgreSQL:
    """One server, reached through a socket in a folder of its own."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def create(self) -> None:
        """Make the cluster; in the C locale, which promises least."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
        options = ("--username=wishwall", "--auth=trust", "--encoding=UTF8", "--locale=C")
        made = subprocess.run(
            [self._programs / "initdb", *options, "--no-sync", self.folder / "data"],
            capture_output=True,
            check=False,
            **_not_as_root(self.folder),
        )
        if made.returncode:
            pytest.fail(f"initdb: {made.stderr.decode()}", pytrace=False)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {**RECKLESS, "max_connections": "200", "listen_addresses": ""}
        switches = [f"-c{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    self.folder / "data",
                    "-k",
                    self.folder,
                    *switches,
                ],
                stdout=log,
                stderr=log,
                **_not_as_root(self.folder),
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(
                    (self.folder / "log").read_text(errors="replace")[-2000:], pytrace=False
                )
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends connections in good order, SIGQUIT as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def new_database(self) -> str:
        """The address of a fresh, empty database."""
        self._databases += 1
        name = f"wishwall_{self._databases}"
        self._execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://wishwall@/{name}?host={self.folder}"

    def _answers(self) -> bool:
        import psycopg

        with contextlib.suppress(psycopg.OperationalError):
            self._execute("SELECT 1")
            return True
        return False

    def _execute(self, statement: str) -> None:
        import psycopg

        address = f"host={self.folder} user=wishwall dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running server (one for each test process)."""
    with running() as server:
        yield server


@contextlib.contextmanager
def running() -> Iterator[PostgreSQL]:
    """A running server, also for a benchmark."""
    postgres = find(["postgres"], FOLDERS)
    if postgres is None:
        missing("PostgreSQL's server")
    with tempfile.TemporaryDirectory(prefix="ww-", dir=_short_folder()) as folder:
        server = PostgreSQL(postgres.resolve().parent, Path(folder))
        server.create()
        server.start()
        yield server
        server.stop()


def _short_folder() -> str | None:
    """The temporary folder, unless a socket's path below it would be too long."""
    room_for_socket = len("/ww-12345678/.s.PGSQL.5432")
    too_long = len(tempfile.gettempdir()) + room_for_socket > LONGEST_SOCKET_PATH
    return "/tmp" if too_long else None  # noqa: S108 - a folder of our own is made in it


def _not_as_root(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; nobody it is, then."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    return {"cwd": folder, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
