"""Threads, processes and a failing Redis: the count stays exact, and nobody waits long."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.limits import allowed, small_app
from tests.support.needs import find, missing
from tests.support.redis import free_port
from wishwall.kit import limits
from wishwall.kit.db import db
from wishwall.kit.limits import Allowance, TooOften, allow

SLACK = 0.7  # seconds: the machine of the tests has other things to do


@pytest.mark.usefixtures("limited_site")
def test_four_processes_let_exactly_so_many_through(tmp_path: Path) -> None:
    assert _by_processes(tmp_path, 4) == 50


def test_threads_let_exactly_so_many_through(limited_site: Flask) -> None:
    assert _by_threads([limited_site] * 8) == 50


def test_without_redis_the_database_counts_strictly_and_nobody_waits(
    tmp_path: Path, apps: list[Flask]
) -> None:
    apps.append(small_app(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"))
    with apps[-1].app_context():
        began = time.monotonic()
        assert allowed("LIMIT_TRY", "a", tries=9) == 3
        assert time.monotonic() - began < 0.3 + SLACK


def test_redis_counts_when_it_is_there(redis: "Redis", tmp_path: Path, apps: list[Flask]) -> None:
    apps.append(small_app(tmp_path, REDIS_URL=redis.url))
    with apps[-1].app_context():
        assert allowed("LIMIT_TRY", "+8613800138000", tries=9) == 5
        with pytest.raises(TooOften) as refusal:
            allow("LIMIT_TRY", "+8613800138000")
        assert 890 <= refusal.value.retry_after_seconds <= 900
        assert db.session.scalars(select(Allowance.key)).all() == []
    apps.append(small_app(tmp_path, REDIS_URL=redis.url))
    assert _by_threads(apps * 4) == 50


def test_a_redis_that_hangs_or_dies_slows_nobody_and_opens_nothing(
    redis: "Redis", tmp_path: Path, apps: list[Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REDIS_REST_SECONDS", 0.6)
    apps.append(small_app(tmp_path, REDIS_URL=redis.url))
    with apps[-1].app_context():
        assert allowed("LIMIT_TRY", "a", tries=9) == 5
        redis.process.send_signal(signal.SIGSTOP)
        assert _slowest_of_threads(apps[-1]) < 0.3 + SLACK
        assert allowed("LIMIT_TRY", "a", tries=9) == 3
        redis.process.send_signal(signal.SIGCONT)
        time.sleep(0.7)
        assert allowed("LIMIT_TRY", "a", tries=9) == 0  # Redis remembers
        redis.process.kill()
        redis.process.wait()
        assert allowed("LIMIT_TRY", "a", tries=9) == 0  # and so does the database
        assert allowed("LIMIT_TRY", "b", tries=9) == 3


def _slowest_of_threads(app: Flask) -> float:
    def timed(number: int) -> float:
        with app.app_context():
            began = time.monotonic()
            allow("LIMIT_MANY", f"someone else {number}")
            return time.monotonic() - began

    with ThreadPoolExecutor(4) as pool:
        return max(pool.map(timed, range(12)))


class Redis:
    """A redis-server that a test may stop and kill."""

    def __init__(self, program: Path, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise TimeoutError(self.url)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    program = find(["redis-server", "valkey-server"])
    if program is None:
        missing("redis-server")
    server = Redis(program, tmp_path)
    yield server
    server.process.kill()
    server.process.wait()


def _by_threads(apps: list[Flask]) -> int:
    """How many uses of one key are let through when threads hammer it at once."""

    def hammer(app: Flask) -> int:
        with app.app_context():
            return allowed("LIMIT_MANY", "everyone", tries=20)

    with ThreadPoolExecutor(len(apps)) as pool:
        return sum(pool.map(hammer, apps))


def _by_processes(folder: Path, how_many: int) -> int:
    """The same with processes of their own; one program imports all, then forks."""
    command = [sys.executable, "-m", "tests.kit.test_limits_in_a_crowd", str(folder), str(how_many)]
    output = subprocess.check_output(command, text=True, cwd=Path(__file__).parents[2])
    counts = [int(count) for count in output.split()]
    assert len(counts) == how_many
    return sum(counts)


def _hammer_as_process(folder: Path, start: Barrier, through: "SimpleQueue[int]") -> None:
    app = small_app(folder)
    with app.app_context():
        start.wait(timeout=30)
        through.put(allowed("LIMIT_MANY", "everyone", tries=40))


if __name__ == "__main__":
    fork = get_context("fork")
    start, through = fork.Barrier(int(sys.argv[2])), fork.SimpleQueue()
    processes = [
        fork.Process(target=_hammer_as_process, args=(Path(sys.argv[1]), start, through))
        for _ in range(int(sys.argv[2]))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
        sys.stdout.write(f"{through.get()} ")
