"""Bells wake whoever watches; a broken one costs nothing but time."""

import os
import signal
import threading
import time
from pathlib import Path

import redis

from wishwall.live.bells import Doorbell, RedisBell

PATIENCE_SECONDS = 10


def test_a_doorbell_wakes_and_sweeps_away_who_is_gone(tmp_path: Path) -> None:
    woken = threading.Event()
    bell = Doorbell(tmp_path)
    bell.listen(woken.set)
    gone = tmp_path / "bells" / "999999"
    gone.touch()
    Doorbell(tmp_path).ring()
    assert woken.wait(PATIENCE_SECONDS)
    assert not gone.exists() and (tmp_path / "bells" / str(os.getpid())).exists()


def test_a_doorbell_hangs_elsewhere_where_the_path_is_too_long(tmp_path: Path) -> None:
    instance = tmp_path / ("x" * 120)
    instance.mkdir()
    woken = threading.Event()
    Doorbell(instance).listen(woken.set)
    Doorbell(instance).ring()
    assert woken.wait(PATIENCE_SECONDS)


def test_redis_wakes_another_process(redis_url: str) -> None:
    woken = threading.Event()
    RedisBell(redis_url).listen(woken.set)
    assert woken.wait(PATIENCE_SECONDS), "it looks when it has begun to listen"
    woken.clear()
    RedisBell(redis_url).ring()
    assert woken.wait(PATIENCE_SECONDS)


def test_a_frozen_redis_holds_up_nobody_and_is_rung_again(redis_url: str) -> None:
    woken = threading.Event()
    RedisBell(redis_url).listen(woken.set)
    assert woken.wait(PATIENCE_SECONDS)
    process = int(redis.Redis.from_url(redis_url).info()["process_id"])
    bell = RedisBell(redis_url)
    os.kill(process, signal.SIGSTOP)
    try:
        woken.clear()
        for _ in range(1000):
            bell.ring()  # each would take a second if somebody waited for it
        assert not woken.is_set()
    finally:
        os.kill(process, signal.SIGCONT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not woken.is_set() and time.monotonic() < deadline:
        bell.ring()
        time.sleep(0.1)
    assert woken.is_set()


def test_a_redis_that_is_not_there_is_no_fault() -> None:
    woken = threading.Event()
    bell = RedisBell("redis://127.0.0.1:1/0")
    bell.listen(woken.set)
    bell.ring()
    assert not woken.wait(0.5)
