"""One wall and thousands who look at it: how soon the last hears, what a listener costs.

The site, a bare epoll loop and sse-starlette under uvicorn tell the same message to as many
listeners on the same machine, in turns. "Soon" is counted from the commit (or from the datagram
that makes a rival speak) to the moment in which a listener has it; p99 is over all deliveries.
"""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, create_connection, socket
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks import across, meter
from benchmarks.changing import Changing
from benchmarks.city import City
from benchmarks.crowd import Crowd, connected
from benchmarks.load import Asking, ask_all
from benchmarks.serving import Served, free_port

WISHES = 100_000
CROWDS = (2000, 5000)
ROUNDS, PUBLISHED = 3, 8
HELD, HELD_SECONDS = 10_000, 120
CHANGES_A_SECOND, PAGES_SECONDS = 5, 6
IDLE_SECONDS, CAME_AND_WENT = 30, 20_000
ROOMY = {"LIVE_AT_MOST": "20000", "LIVE_PER_ADDRESS": "20000"}
Publish = Callable[[], int]


class Cost(NamedTuple):
    """Of one crowd: nanoseconds from telling to hearing, and bytes of memory for a listener."""

    p50: float
    p99: float
    bytes_a_listener: float
    lost: int


def _measured(port: int, path: str, how_many: int, publish: Publish, pid: int) -> Cost:
    before = _resident(pid)
    with Crowd(port, path, how_many) as crowd:
        time.sleep(1)
        each = (_resident(pid) - before) / how_many
        waited, lost = [], 0
        for _ in range(PUBLISHED):
            crowd.expect()
            time.sleep(0.1)
            began = publish()
            told = crowd.told()
            waited += [moment - began for moment in told.moments]
            lost += told.lost
            time.sleep(0.2)
    waited.sort()
    return Cost(waited[len(waited) // 2], waited[int(len(waited) * 0.99)], each, lost)


@contextmanager
def _rival(kind: str, message: bytes) -> Iterator[tuple[int, int, Publish]]:
    port = free_port()
    with TemporaryDirectory() as folder, socket(AF_INET, SOCK_DGRAM) as bell:
        file = Path(folder) / "message"
        file.write_bytes(message)
        words = [sys.executable, "-m", "benchmarks.rivals", kind, str(port), str(file)]
        process = subprocess.Popen(words)  # noqa: S603
        try:
            _wait_for(port)

            def publish() -> int:
                began = time.monotonic_ns()
                bell.sendto(b"!", ("127.0.0.1", port))
                return began

            yield port, process.pid, publish
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _message(site: Served, changing: Changing) -> bytes:
    """What the site says of one change, without the chunks around it."""
    path = f"/stations/{changing.code}/live?after={changing.newest()}"
    changing.change()
    with create_connection(("127.0.0.1", site.port), timeout=10) as line:
        line.sendall(
            f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n\r\n".encode()
        )
        heard = b""
        while b"\n\nid: " not in heard or not heard.endswith(b"\n\n"):
            heard += line.recv(65536)
    return heard[heard.index(b"\n\nid: ") + 2 :]


def _page_rate_kept(site: Served, changing: Changing, path: str) -> float:
    """How many pages a second are answered while many listen to changes, against none."""
    asking = Asking(f"/stations/{changing.code}/wishes")

    def rate() -> float:
        began, answered = time.monotonic(), 0
        while time.monotonic() - began < PAGES_SECONDS:
            ask_all(site.port, [asking] * 20)
            answered += 20
        return answered / (time.monotonic() - began)

    alone = rate()
    with Crowd(site.port, path, CROWDS[0]):
        ended = threading.Event()

        def change() -> None:
            while not ended.wait(1 / CHANGES_A_SECOND):
                changing.change()

        thread = threading.Thread(target=change)
        thread.start()
        together = rate()
        ended.set()
        thread.join()
    return together / ((alone + rate()) / 2)


def _held(site: Served, changing: Changing, path: str) -> int:
    """How many of ten thousand have lost their line after two minutes of changes."""
    with Crowd(site.port, path, HELD) as crowd:
        ending, lost = time.monotonic() + HELD_SECONDS, 0
        while time.monotonic() < ending:
            crowd.expect()
            time.sleep(0.2)
            changing.change()
            lost = crowd.told().lost
            time.sleep(5)
    return lost


def _idle_share(site: Served, path: str) -> float:
    """How much of a core is spent on watching when nothing happens."""
    with Crowd(site.port, path, 1):
        time.sleep(2)
        began = time.monotonic_ns()
        spent = meter.spent(site.worker, lambda: time.sleep(IDLE_SECONDS))
        return spent / (time.monotonic_ns() - began)


def _grown(site: Served, path: str) -> tuple[int, int]:
    """Descriptors and bytes that many listeners who came and went have left in the worker."""

    def come_and_go(how_often: int) -> tuple[int, int]:
        for _ in range(how_often):
            connected(site.port, path).close()
        time.sleep(2)
        return len(list(Path(f"/proc/{site.worker}/fd").iterdir())), _resident(site.worker)

    before, after = come_and_go(CAME_AND_WENT // 10), come_and_go(CAME_AND_WENT)
    return after[0] - before[0], after[1] - before[1]


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no such process")


def main() -> None:
    """Measure, say it in a table, and as one line of JSON."""
    city = City(WISHES)
    changing = Changing(city.app, city.full_walls()[0])
    costs: dict[tuple[str, int], list[Cost]] = {}
    with Served(city.instance, **ROOMY) as site:
        message = _message(site, changing)
        path = f"/stations/{changing.code}/live?after={changing.newest()}"
        for _ in range(ROUNDS):
            for crowd in CROWDS:
                path = f"/stations/{changing.code}/live?after={changing.newest()}"
                found = _measured(site.port, path, crowd, changing.change, site.worker)
                costs.setdefault(("site", crowd), []).append(found)
                for kind in ("bare", "starlette"):
                    with _rival(kind, message) as (port, pid, publish):
                        found = _measured(port, "/live", crowd, publish, pid)
                        costs.setdefault((kind, crowd), []).append(found)
        path = f"/stations/{changing.code}/live?after={changing.newest()}"
        kept = _page_rate_kept(site, changing, path)
        path = f"/stations/{changing.code}/live?after={changing.newest()}"
        lost = _held(site, changing, path)
        rest = {"idle_share": round(_idle_share(site, "/wishes/live"), 4)}
        grown = _grown(site, "/wishes/live")
        rest |= {"descriptors_grown": grown[0], "kb_grown": grown[1] // 1024}
    _show(costs, kept, lost, rest)


def _show(
    costs: dict[tuple[str, int], list[Cost]],
    kept: float,
    lost: int,
    rest: dict[str, float],
) -> None:
    print(f"{'':22}{'p50 ms':>10}{'p99 ms':>10}{'KB a listener':>16}{'lost':>8}")
    for (kind, crowd), found in sorted(costs.items(), key=lambda item: item[0][1]):
        middle = [statistics.median(values) for values in zip(*found, strict=True)]
        print(
            f"{kind + ' ' + str(crowd):22}{middle[0] / 1e6:10.1f}{middle[1] / 1e6:10.1f}"
            f"{middle[2] / 1024:16.2f}{sum(each.lost for each in found):8}"
        )
    print(f"{lost} of {HELD} lost in {HELD_SECONDS} s")

    def ratio(over: str, under: str, crowd: int) -> float:
        pairs = zip(costs[over, crowd], costs[under, crowd], strict=True)
        return round(statistics.median(one.p99 / other.p99 for one, other in pairs), 2)

    answer = {f"p99_to_bare_{crowd}": ratio("site", "bare", crowd) for crowd in CROWDS}
    # the most: what an earlier crowd has left behind is taken up again by a later one
    memory = max(cost.bytes_a_listener for crowd in CROWDS for cost in costs["site", crowd])
    print(
        json.dumps(
            {
                **answer,
                "times_faster_than_sse_starlette": ratio("starlette", "site", CROWDS[0]),
                "kb_per_viewer": round(memory / 1024, 2),
                "page_rate_kept": round(kept, 2),
                "lost_of_10000": lost,
                **rest,
                **across.measured(),
            }
        )
    )
