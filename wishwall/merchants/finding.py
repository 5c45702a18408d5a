"""The discount list: shops with an offer in force, and those offers, by one prepared statement.

What a reader asks for (kind, free things, a station, saved ones, nearness) chooses the statement;
each is built once. A page is cut by shops, not by offers.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from math import cos, radians
from typing import Any, NamedTuple

from sqlalchemy import Float, Select, bindparam, literal, or_, select

from wishwall.kit.clock import today
from wishwall.kit.prepared import read
from wishwall.merchants.models import Merchant, Saved
from wishwall.merchants.offered import FREE
from wishwall.merchants.offers import LIVE, Offer
from wishwall.stations.places import metres

A_PAGE = 20
NEAREST = A_PAGE + 4  # a flat map puts a few of them in another order
METRES_A_DEGREE = 111_195.0
BOXES = (500.0, 2_000.0, 8_000.0, 25_000.0)  # half a side in metres; then no box at all
COLUMNS = ("id", "public_id", "name", "kind", "address", "hours", "lat", "lon")
Values = Mapping[str, Any]


class Wanted(NamedTuple):
    """What a person asks of shops; what is not asked is left empty."""

    kind: str = ""
    free: bool = False
    station_id: int | None = None
    saved_by: int | None = None


class Question(NamedTuple):
    """Which questions a statement answers; what they are about is bound to it later."""

    kind: bool
    free: bool
    station: bool
    saved: bool
    before: bool = False
    near: bool = False
    box: bool = False


class OfferRow(NamedTuple):
    """What of an offer the list says."""

    text: str
    method: str
    value: int | None
    quota_count: int | None
    quota_period: str | None
    from_minute: int | None
    until_minute: int | None


class ShopRow(NamedTuple):
    """A shop of the list with what it offers; `metres` only when a place was asked for."""

    public_id: str
    name: str
    kind: str
    address: str
    hours: str
    offers: list[OfferRow]
    metres: float | None

    @property
    def link(self) -> str:
        return f"/merchants/{self.public_id}"


def shops(wanted: Wanted, before: str = "") -> list[ShopRow]:
    """Shops with an offer in force, newest first; one more than a page, if there are more."""
    statement = _statement(_question(wanted)._replace(before=bool(before)))
    return list(_grouped(read(statement, {**_values(wanted), "before": before})))


def nearest(lat: float, lon: float, wanted: Wanted) -> list[ShopRow]:
    """The nearest shops with an offer in force, nearest first; a page of them at most."""
    found: list[ShopRow] = []
    narrowing = max(cos(radians(lat)), 0.01)
    values = {**_values(wanted), "lat": lat, "lon": lon, "narrowing": narrowing}
    for reach in (*BOXES, None):
        side = (reach or 0) / METRES_A_DEGREE
        edges = {
            "south": lat - side,
            "north": lat + side,
            "west": lon - side / narrowing,
            "east": lon + side / narrowing,
        }
        statement = _statement(_question(wanted)._replace(near=True, box=reach is not None))
        rows = read(statement, values | (edges if reach is not None else {}))
        found = sorted(_grouped(rows, lat, lon), key=lambda each: each.metres or 0.0)
        # What lies in a corner of the box may be farther than something just outside it.
        found = [each for each in found if reach is None or (each.metres or 0.0) <= reach]
        if len(found) >= A_PAGE:
            break
    return found[:A_PAGE]


def _question(wanted: Wanted) -> Question:
    return Question(
        kind=wanted.kind != "",
        free=wanted.free,
        station=wanted.station_id is not None,
        saved=wanted.saved_by is not None,
    )


def _values(wanted: Wanted) -> dict[str, Any]:
    return {
        "kind": wanted.kind,
        "station_id": wanted.station_id,
        "person_id": wanted.saved_by,
        "day": today(),
    }


def _grouped(
    rows: Iterable[tuple[Any, ...]], lat: float | None = None, lon: float | None = None
) -> Iterable[ShopRow]:
    for _place, of_shop in groupby(rows, key=lambda row: row[0]):
        found = list(of_shop)
        (_id, public_id, name, kind, address, hours, shop_lat, shop_lon, *_) = found[0]
        away = None if lat is None or lon is None else metres(lat, lon, shop_lat, shop_lon)
        offers = [OfferRow(*row[8:15]) for row in found]
        yield ShopRow(public_id, name, kind, address, hours, offers, away)


@lru_cache(maxsize=128)
def _statement(asked: Question) -> Select[*tuple[Any, ...]]:
    day = bindparam("day", type_=Offer.valid_from.type)
    in_force = (
        Offer.state == LIVE,
        Offer.valid_from <= day,
        or_(Offer.valid_until.is_(None), Offer.valid_until >= day),
    )
    there = select(Offer.id).where(Offer.merchant_id == Merchant.id, *in_force)
    if asked.free:
        there = there.where(or_(*(Offer.method == each for each in FREE)))
    place = _distance() if asked.near else literal(0)
    columns = [getattr(Merchant, name) for name in COLUMNS]
    page = select(*columns, place.label("place")).where(there.exists())
    if asked.kind:
        page = page.where(Merchant.kind == bindparam("kind"))
    if asked.station:
        page = page.where(Merchant.station_id == bindparam("station_id"))
    if asked.saved:
        mine = select(Saved.merchant_id).where(Saved.person_id == bindparam("person_id"))
        page = page.where(Merchant.id.in_(mine))
    if asked.before:
        last = select(Merchant.id).where(Merchant.public_id == bindparam("before"))
        page = page.where(Merchant.id < last.scalar_subquery())
    if asked.box:
        page = page.where(
            Merchant.lat.between(bindparam("south"), bindparam("north")),
            Merchant.lon.between(bindparam("west"), bindparam("east")),
        )
    if asked.near:
        shop = page.order_by(place, Merchant.id).limit(NEAREST).subquery()
    else:
        shop = page.order_by(Merchant.id.desc()).limit(A_PAGE + 1).subquery()
    return (
        select(
            *(shop.c[name] for name in COLUMNS),
            *(getattr(Offer, name) for name in OfferRow._fields),
        )
        .join(Offer, Offer.merchant_id == shop.c.id)
        .where(*in_force)
        .order_by(shop.c.place, shop.c.id.desc(), Offer.id)
    )


def _distance() -> Any:
    """Not in metres, but in the same order."""
    north = Merchant.lat - bindparam("lat", type_=Float)
    east = (Merchant.lon - bindparam("lon", type_=Float)) * bindparam("narrowing", type_=Float)
    return north * north + east * east
