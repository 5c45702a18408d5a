"""The discount list of a city with twenty thousand shops, against a bare Flask hello; importing.

Cold: each request asks for another page of the list (all kinds, one kind, free things, nearest), so
that nothing is remembered of an earlier answer.
"""

import json
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, insert, select

from benchmarks import meter
from benchmarks.city import City
from benchmarks.load import Asking, ask_all
from benchmarks.serving import Served
from wishwall.kit.clock import now, today
from wishwall.kit.db import db, writing
from wishwall.kit.ids import public_id
from wishwall.kit.prepared import Prepared, Rows
from wishwall.merchants.finding import A_PAGE
from wishwall.merchants.importing import apply, listed, read_merchants
from wishwall.merchants.models import KINDS, Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.planning import plan
from wishwall.stations.models import Station

WISHES, SHOPS, IMPORTED = 900, 20_000, 420
HEAD = "商户名称,类别,驿站编号,优惠内容,优惠方式,数值,限次,有效期至,地址,联系电话"
ROUNDS, WARM_UP, A_ROUND = 15, 20, 40
SHOP = b'href="/merchants/'
METHODS = (("free", None), ("discount", 20), ("price", 1000))


def main() -> None:
    """Measure, and say it as one line of JSON."""
    with TemporaryDirectory() as place:
        city = City(WISHES, Path(place))
        imported = _import_seconds(city)
        _fill(city)
        paths = _paths(city)
        queries = max(_queries(city, path) for path in paths[:8])
        with ExitStack() as ending:
            hello = ending.enter_context(Served())
            site = ending.enter_context(Served(city.instance))
            lists = cycle([Asking(path, contains=SHOP, times=A_PAGE) for path in paths])
            ratio = _ratio(hello, site, lists)
    print(
        json.dumps({"list_ratio": ratio, "queries": queries, "import_seconds": round(imported, 2)})
    )


def _import_seconds(city: City) -> float:
    """How long a city's list of 420 shops takes to be read, planned and written."""
    chance = random.Random(2)  # noqa: S311 - the same list every time
    with city.app.app_context():
        codes = db.session.scalars(select(Station.code).order_by(Station.code)).all()
        db.session.rollback()
        lines = [
            f"{number}号店,餐饮,{chance.choice(codes)},午餐8折,discount,20,1/天,2099-12-31,龙城街道{number}号,"
            for number in range(IMPORTED)
        ]
        began = time.monotonic()
        rows = read_merchants("\n".join([HEAD, *lines]).encode(), "merchants.csv")
        with writing():
            planned = plan(rows, listed(), today())
            apply(planned)
        seconds = time.monotonic() - began
    if planned.count("added") != IMPORTED:
        raise RuntimeError("not all of the list was taken")
    return seconds


def _fill(city: City) -> None:
    """Twenty thousand shops with an offer each, around the city's stations."""
    chance = random.Random(1)  # noqa: S311 - the same shops every time
    with city.app.app_context(), writing():
        stations = db.session.execute(select(Station.id, Station.lat, Station.lon)).all()
        newest = db.session.scalar(select(db.func.max(Merchant.id))) or 0
        shops, offers = [], []
        for number in range(newest + 1, newest + 1 + SHOPS):
            station_id, lat, lon = chance.choice(stations)
            shops.append(
                {
                    "id": number,
                    "public_id": public_id(),
                    "station_id": station_id,
                    "name": f"店{number}",
                    "kind": chance.choice(KINDS),
                    "address": f"小店区龙城街道{number}号",
                    "lat": lat + chance.uniform(-0.005, 0.005),
                    "lon": lon + chance.uniform(-0.005, 0.005),
                    "hours": "09:00-21:00",
                    "registered_at": now(),
                }
            )
            method, value = chance.choice(METHODS)
            offers.append(
                {
                    "public_id": public_id(),
                    "merchant_id": number,
                    "text": "给小哥的优惠",
                    "method": method,
                    "value": value,
                    "valid_from": date(2020, 1, 1),
                    "state": "live",
                }
            )
        db.session.execute(insert(Merchant), shops)
        db.session.execute(insert(Offer), offers)
    with city.app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _paths(city: City) -> list[str]:
    with city.app.app_context():
        befores = db.session.scalars(
            select(Merchant.public_id).where(Merchant.id % 97 == 50, Merchant.id > SHOPS // 4)
        ).all()
        places = db.session.execute(select(Station.lat, Station.lon).limit(200)).all()
    kinds = cycle(KINDS)
    found = [
        (
            f"/merchants?before={before}",
            f"/merchants?kind={next(kinds)}&before={before}",
            f"/merchants?free=1&before={before}",
            f"/merchants?near={lat:.5f},{lon:.5f}",
        )
        for before, (lat, lon) in zip(befores, places, strict=False)
    ]
    return [path for four in found for path in four]


def _queries(city: City, path: str) -> int:
    """How many statements a list makes, prepared ones too."""
    made, rows = 0, Prepared.rows

    def count(*_event: object) -> None:
        nonlocal made
        made += 1

    def count_prepared(self: Prepared, values: Mapping[str, object], on: Any = None) -> Rows:
        if on is not None:  # otherwise it asks itself again, on a connection
            count()
        return rows(self, values, on)

    with city.app.app_context(), patch.object(Prepared, "rows", count_prepared):
        event.listen(db.engine, "before_cursor_execute", count)
        page = city.app.test_client().get(path)
        event.remove(db.engine, "before_cursor_execute", count)
    if page.status_code != 200 or page.text.count(SHOP.decode()) < A_PAGE:
        raise RuntimeError(f"{path} does not show a full list")
    return made


def _ratio(hello: Served, site: Served, lists: Iterator[Asking]) -> float:
    """What a hello costs over what a list costs; the middle of many rounds."""
    greeting = [Asking("/", contains=b"hello")] * 300
    ask_all(hello.port, greeting[:WARM_UP])
    ask_all(site.port, list(islice(lists, WARM_UP)))
    ratios = []
    for _ in range(ROUNDS):
        plain = _spent(hello, greeting)
        ratios.append(plain / _spent(site, list(islice(lists, A_ROUND))))
    return round(statistics.median(ratios), 3)


def _spent(server: Served, askings: list[Asking]) -> float:
    """What the worker spends on one of them."""

    def work() -> None:
        ask_all(server.port, askings)

    return meter.spent(server.worker, work) / len(askings)
