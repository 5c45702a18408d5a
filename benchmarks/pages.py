"""A wall of thirty cards against a bare Flask hello: cold, unchanged, and not modified.

Cold asks for the walls of more stations than the site remembers, one after the other, so that
every answer renders its cards anew. Warm asks for one wall that does not change. Not modified asks
for it as browsers do that have it, with the ETag of their first answer. Strangers are many, each
with the cookie that a first visit leaves; the courier is signed in.
"""

import json
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy import event

from benchmarks import meter
from benchmarks.city import City
from benchmarks.load import Answer, Asking, ask, ask_all
from benchmarks.serving import Served
from wishwall.kit.db import db
from wishwall.kit.kept_pages import PAGES_KEPT
from wishwall.kit.prepared import Prepared, Rows
from wishwall.wishes.queries import A_PAGE
from wishwall.wishes.walls import WALLS_REMEMBERED, forget_all

WISHES, GROWN = 100_000, 1_000_000
ROUNDS, WARM_UP = 31, 40
STRANGERS = 50
CARD = b'<article class="note'
HELLO = "hello"


class Run(NamedTuple):
    """One kind of request, and where its requests come from."""

    name: str
    server: Served
    askings: Iterator[Asking]
    a_round: int


class Browser(NamedTuple):
    """What a browser holds that has opened a page: its cookie, and the page's ETag."""

    cookie: str
    etag: str


class Cost(NamedTuple):
    """What one request of a round cost: what the meter counts, and seconds on the clock."""

    spent: float
    seconds: float


Costs = dict[str, list[Cost]]


def main() -> None:
    city, grown = City(WISHES), City(GROWN)
    queries = _queries(city)
    with ExitStack() as ending:
        instances = (None, city.instance, grown.instance)
        hello, site, big = (ending.enter_context(Served(instance)) for instance in instances)
        weights = _weights(site, city)
        costs = _measure(_runs(hello, site, big, city, grown))
    _report(costs, queries, weights)


def _runs(hello: Served, site: Served, big: Served, city: City, grown: City) -> list[Run]:
    walls, courier = city.full_walls(), city.cookie_of("courier")
    if len(walls) < 2 * max(WALLS_REMEMBERED, PAGES_KEPT) + 2:
        raise RuntimeError(f"only {len(walls)} full walls: some would be remembered")
    path = _path(walls[0])
    strangers = [_as_seen(site, path) for _ in range(STRANGERS)]
    couriers = [_as_seen(site, path, courier)]
    # half of the walls for each: none comes again while it is remembered
    half = len(walls) // 2
    return [
        Run(HELLO, hello, cycle([Asking("/", contains=b"hello")]), 300),
        Run("cold", site, _cold(walls[:half], strangers), 60),
        Run("cold_grown", big, _cold(grown.full_walls(), [_as_seen(big, path)]), 60),
        Run("warm", site, _warm(path, strangers), 150),
        Run("not_modified", site, _not_modified(path, strangers), 300),
        Run("cold_courier", site, _cold(walls[half:], couriers), 60),
        Run("warm_courier", site, _warm(path, couriers), 150),
        Run("not_modified_courier", site, _not_modified(path, couriers), 300),
    ]


def _as_seen(site: Served, path: str, cookie: str = "") -> Browser:
    """A browser that has opened the page."""
    answer = ask(site.port, Asking(path, (("Cookie", cookie),) if cookie else ()))
    return Browser(answer.header("Set-Cookie").partition(";")[0] or cookie, answer.header("ETag"))


def _cold(codes: Sequence[str], browsers: Sequence[Browser]) -> Iterator[Asking]:
    for code, browser in zip(cycle(codes), cycle(browsers), strict=False):
        yield _page(_path(code), browser)


def _warm(path: str, browsers: Sequence[Browser]) -> Iterator[Asking]:
    return cycle([_page(path, browser) for browser in browsers])


def _page(path: str, browser: Browser) -> Asking:
    return Asking(path, (("Cookie", browser.cookie),), contains=CARD, times=A_PAGE)


def _not_modified(path: str, browsers: Sequence[Browser]) -> Iterator[Asking]:
    return cycle(
        [
            Asking(path, (("Cookie", one.cookie), ("If-None-Match", one.etag)), status=304)
            for one in browsers
        ]
    )


def _measure(runs: Sequence[Run]) -> Costs:
    for run in runs:
        ask_all(run.server.port, list(islice(run.askings, WARM_UP)))
    costs: Costs = {run.name: [] for run in runs}
    for _ in range(ROUNDS):
        for run in runs:
            costs[run.name].append(_cost(run))
    return costs


def _cost(run: Run) -> Cost:
    askings = list(islice(run.askings, run.a_round))
    seconds = 0.0

    def work() -> None:
        nonlocal seconds
        seconds = ask_all(run.server.port, askings)

    spent = meter.spent(run.server.worker, work)
    return Cost(spent / run.a_round, seconds / run.a_round)


def _queries(city: City) -> dict[str, int]:
    """How many statements each page makes, counted in process, for who sees the most of it."""
    code, cookie = city.full_walls()[0], city.cookie_of("keeper")
    wish = re.findall(r"/wishes/\w{10}", city.app.test_client().get(_path(code)).text)[0]
    paths = (_path(code), wish, "/", f"/stations/{code}", "/stations", "/wishes")
    with city.app.app_context():
        engine = db.engine
    forget_all()
    made: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            made.append(statement)

    def note_prepared(self: Prepared, values: Mapping[str, object], on: Any = None) -> Rows:
        if on is not None:  # otherwise it asks itself again, on a connection
            made.append("prepared")
        return rows(self, values, on)

    keeper = city.app.test_client(use_cookies=False)  # it would send its own, and none of ours
    counted, rows = {}, Prepared.rows
    with patch.object(Prepared, "rows", note_prepared):
        for path in paths:
            made.clear()
            page = keeper.get(path, headers={"Cookie": cookie})
            if page.status_code != 200 or 'href="/desk"' not in page.text:
                raise RuntimeError(f"{path} is not shown to a keeper")
            counted[path] = len(made)
    return counted


def _weights(site: Served, city: City) -> dict[str, int]:
    """Bytes on the wire of a full wall and of each kind of file of ours that it loads."""
    page = ask(site.port, Asking(_path(city.full_walls()[0]), contains=CARD, times=A_PAGE))
    weights = {"html": len(page.body), "css": 0, "js": 0, "svg": 0, "htmx": 0}
    for path in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.content().decode())):
        kind = path.partition("?")[0].rpartition(".")[2]
        weights[kind] += len(ask(site.port, Asking(path)).body)
    for path in re.findall(r'data-local="(/static/[^"]+)"', page.content().decode()):
        copy = _get(site, path)
        weights["htmx"] += len(copy.body) if copy else 0
    return weights


def _get(site: Served, path: str) -> Answer | None:
    """A file that may be absent."""
    try:
        return ask(site.port, Asking(path))
    except AssertionError:
        return None


def _report(costs: Costs, queries: dict[str, int], weights: dict[str, int]) -> None:
    ratios = {name: _ratios(costs, name, lambda cost: cost.spent) for name in costs}
    speeds = {name: _ratios(costs, name, lambda cost: cost.seconds) for name in costs}
    print(
        f"Counted: {meter.unit()} of the worker, user and system, in {ROUNDS} interleaved rounds."
    )
    print("gunicorn gthread, 1 worker, 2 threads; ratios to a bare Flask hello: median [min-max]\n")
    print(f"{'':22}{meter.unit() + ' a request':>28}{'ratio':>24}{'req/s ratio':>22}")
    for name, rounds in costs.items():
        spent = statistics.median(cost.spent for cost in rounds)
        print(f"{name:22}{spent:28,.0f}{_spread(ratios[name]):>24}{_spread(speeds[name]):>22}")
    print("\nqueries: ", ", ".join(f"{path} {count}" for path, count in queries.items()))
    print("bytes:   ", ", ".join(f"{kind} {size:,}" for kind, size in weights.items()), "\n")
    cold, grown = _median(ratios["cold"]), _median(ratios["cold_grown"])
    own = sum(size for kind, size in weights.items() if kind != "htmx")
    result = {
        **{f"{name}_ratio": _median(ratios[name]) for name in ratios if name != HELLO},
        **{f"{name}_req_s_ratio": _median(speeds[name]) for name in speeds if name != HELLO},
        "queries": max(queries.values()),
        "growth_ratio": round(grown / cold, 3),
        "page_kb": round(own / 1000, 1),
        "page_kb_with_htmx": round((own + weights["htmx"]) / 1000, 1),
        "counted": meter.unit(),
    }
    print(json.dumps(result))


def _ratios(costs: Costs, name: str, of: Callable[[Cost], float]) -> list[float]:
    """Hello's cost to this one's, round by round."""
    pairs = zip(costs[HELLO], costs[name], strict=True)
    return [of(hello) / of(page) for hello, page in pairs]


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.3f} [{min(values):.3f}-{max(values):.3f}]"


def _path(code: str) -> str:
    return f"/stations/{code}/wishes"
