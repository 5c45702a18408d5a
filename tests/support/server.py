"""The site as people meet it: served by its own command, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.redis import free_port

PATIENCE_SECONDS = 30


class Site:
    """A served site with an instance folder and a database of its own."""

    def __init__(self, instance: Path, database_url: str, settings: Mapping[str, str]) -> None:
        self.instance = instance
        self.database_url = database_url or f"sqlite:///{instance / 'wishwall.db'}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if "WISHWALL_" not in name},
            "WISHWALL_INSTANCE": str(instance),
            "WISHWALL_DATABASE_URL": database_url,
            "WISHWALL_PORT": str(self.port),
            **{f"WISHWALL_{name}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The main process, which is also the process group of all of them."""
        assert self._process is not None, "the site is not running"
        return self._process.pid

    @property
    def log(self) -> str:
        """What the site has said so far."""
        return (self.instance / "served.log").read_text("utf-8", errors="replace")

    def command(self, *words: str) -> str:
        """Run `wishwall …` on this site; what it prints."""
        done = subprocess.run(
            [program(), *words], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.fail(f"wishwall {' '.join(words)}: {done.stdout}{done.stderr}", pytrace=False)
        return done.stdout

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        with (self.instance / "served.log").open("ab") as log:
            self._process = subprocess.Popen(
                [program(), "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that kill() reaches the workers too
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"the site does not start:\n{self.log[-3000:]}", pytrace=False)
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether /readyz answers 200."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def send(self, what: signal.Signals) -> None:
        """Give its main process a signal."""
        os.kill(self.pid, what)

    def stop(self) -> None:
        """End it as an operator would."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                pytest.fail(f"the site does not stop:\n{self.log[-3000:]}", pytrace=False)
            self._process = None

    def kill(self) -> None:
        """Pull the plug on all its processes at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


MakeSite = Callable[..., Site]


@pytest.fixture
def new_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeSite]:
    """Starts sites of a test's own: `new_site(WORKERS="4")`; they end with the test."""
    with ExitStack() as ending:

        def make(**settings: str) -> Site:
            instance = tmp_path / f"site-{free_port()}"
            instance.mkdir()
            site = Site(instance, database_of(request), settings)
            ending.callback(site.kill)
            site.start()
            return site

        yield make


@pytest.fixture(scope="module")
def site_settings() -> Mapping[str, str]:
    """What the site of a file is set to; a file or a folder may say otherwise."""
    return {}


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    site_settings: Mapping[str, str],
) -> Iterator[Site]:
    """One served site for all tests of a file."""
    with serving(request, tmp_path_factory, site_settings) as served:
        yield served


@contextmanager
def serving(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    settings: Mapping[str, str],
) -> Iterator[Site]:
    """A served site with a folder and a database of its own, for as long as it is needed."""
    served = Site(tmp_path_factory.mktemp("site"), database_of(request), settings)
    served.start()
    yield served
    served.stop()


def database_of(request: pytest.FixtureRequest) -> str:
    if request.config.getoption("--database") == "postgresql":
        url: str = request.getfixturevalue("postgresql").new_database()
        return url
    return ""


def program() -> str:
    return str(Path(sys.executable).with_name("wishwall"))
