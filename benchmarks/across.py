"""How long a commit takes to reach a listener of another process, and what a frozen Redis costs.

Counted above a listener of the process that commits. On SQLite the doorbell wakes the other
process, on PostgreSQL its NOTIFY; to see Redis alone the two processes get an instance folder
each, on one SQLite file, so that no doorbell is heard.
"""

import signal
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from socket import socketpair
from tempfile import TemporaryDirectory

from benchmarks.changing import Changing
from benchmarks.city import City
from benchmarks.crowd import Crowd
from benchmarks.painted import ROOMY, Courier
from benchmarks.serving import Served
from tests.support.postgresql import running as running_postgresql
from tests.support.redis import Redis
from wishwall.live.channels import Channel
from wishwall.live.hub import Audience, Viewer
from wishwall.live.streams import Live
from wishwall.wishes.live import STATION

WISHES, WAKES, POSTS = 20_000, 200, 50
PAUSE_SECONDS = 0.03


def measured() -> dict[str, object]:
    """Milliseconds: by what rings the bell, and by how much a post is slower without Redis."""
    with TemporaryDirectory() as place, running_postgresql() as postgresql:
        folder = Path(place)
        redis = Redis(folder)
        redis.start()
        try:
            found = {
                "sqlite": _of(City(WISHES, _new(folder, "sqlite"))),
                "postgresql": _of(
                    City(WISHES, _new(folder, "pg"), DATABASE_URL=postgresql.new_database())
                ),
                "redis": _of(
                    City(WISHES, _new(folder, "redis"), REDIS_URL=redis.url),
                    _new(folder, "elsewhere"),
                ),
            }
            frozen = _frozen(City(WISHES, _new(folder, "frozen"), REDIS_URL=redis.url), redis)
        finally:
            redis.stop()
    return {"cross_process_ms": found, "frozen_redis_ms": frozen}


def _new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def _of(city: City, elsewhere: Path | None = None) -> dict[str, float]:
    settings = dict(city.settings)
    if elsewhere:
        settings["DATABASE_URL"] = f"sqlite:///{city.instance / 'wishwall.db'}"
    changing = Changing(city.app, city.full_walls()[0])
    live: Live = city.app.extensions["live"]
    within, across = [], []
    with Served(elsewhere or city.instance, **settings) as site:
        ours, theirs = socketpair()
        here = Audience(Channel(STATION, changing.station_id), "zh")
        live.watching().join(Viewer(theirs.detach(), here, chunked=False), changing.newest())
        path = f"/stations/{changing.code}/live?after={changing.newest()}"
        with Crowd(site.port, path, 1) as crowd, ours:
            time.sleep(1)
            for _ in range(WAKES):
                crowd.expect()
                time.sleep(PAUSE_SECONDS)
                began = changing.change()
                ours.recv(65536)
                within.append(time.monotonic_ns() - began)
                across.append(crowd.told().moments[0] - began)
    return {
        f"p{name}": round((_at(across, share) - _at(within, share)) / 1e6, 2)
        for name, share in (("50", 0.5), ("99", 0.99))
    }


def _frozen(city: City, redis: Redis) -> dict[str, float]:
    """The slowest post while Redis says nothing, and once it has gone, above the usual one."""
    wall = f"/stations/{city.full_walls()[0]}/wishes"

    with Served(city.instance, **city.settings, **ROOMY) as site:
        courier = Courier(site.port, wall, city.cookie_of("courier"))

        def posts(kind: str) -> list[float]:
            waited = []
            for number in range(POSTS):
                began = time.monotonic()
                courier.post(f"{kind} {number}")
                waited.append((time.monotonic() - began) * 1000)
            return waited

        posts("warm")
        usual = statistics.median(posts("usual"))
        redis.send(signal.SIGSTOP)
        frozen = max(posts("frozen"))
        redis.send(signal.SIGCONT)
        redis.stop()
        stopped = max(posts("stopped"))
    return {"frozen": round(frozen - usual, 1), "stopped": round(stopped - usual, 1)}


def _at(values: Sequence[int], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
