"""A city's list of shops comes in: rows become a plan, the plan is carried out whole.

A row is one shop with one thing that it offers. A shop is known by its station and name, an offer
by its shop and text. The city has checked its list, so a new offer is in force at once; one that is
there keeps its state. Importing the same file twice changes nothing. What the file does not name is
left alone, and so is every shop that has an owner, who looks after it on the site.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from wishwall.kit.clock import now, today
from wishwall.kit.db import db
from wishwall.merchants.checking import OPTIONAL, REQUIRED
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import LIVE, Offer
from wishwall.merchants.periods import EVER
from wishwall.merchants.planning import (
    FACTS,
    TERMS,
    City,
    Decision,
    ListedOffer,
    ListedShop,
    ListedStation,
    Plan,
)
from wishwall.merchants.supply import Supply
from wishwall.stations.models import Station
from wishwall.stations.reading import Row, read_rows
from wishwall.trail.models import record, record_each

CHUNK = 500
LISTED = "shops-listed"  # the deed that each station hears of
UNLIMITED = {"quota_count": None, "quota_period": None, "valid_until": None}


def read_merchants(content: bytes, filename: str) -> list[Row]:
    """The rows of a list of shops; raises `UnreadableFile`."""
    return read_rows(content, filename, REQUIRED, OPTIONAL)


def listed() -> City:
    """The city as it is; its shops and offers stay so until the transaction ends."""
    places = select(Station.code, Station.id, Station.lat, Station.lon)
    found = db.session.execute(places)
    stations = {code: ListedStation(key, lat, lon) for code, key, lat, lon in found}
    codes = {station.id: code for code, station in stations.items()}
    columns = [getattr(Merchant, name) for name in FACTS]
    every = select(Merchant.station_id, Merchant.name, Merchant.id, Merchant.owner_id, *columns)
    locked = every.order_by(Merchant.id).with_for_update(key_share=True)
    rows = db.session.execute(locked).all()
    offers = _listed_offers()
    shops = {}
    for station_id, name, shop_id, owner_id, *values in rows:
        facts, own = dict(zip(FACTS, values, strict=True)), offers.get(shop_id, {})
        shops[codes[station_id], name] = ListedShop(shop_id, owner_id is not None, facts, own)
    return City(stations, shops)


def apply(
    plan: Plan,
    progress: Callable[[int], None] | None = None,
    *,
    actor_id: int | None = None,
) -> None:
    """Write a plan, and into the trail that it was; the caller commits.

    `progress` is told how many more rows are done; `actor_id` is None from the shell.
    """
    told = progress or (lambda _done: None)
    writes = plan.writes
    for start in range(0, len(writes), CHUNK):
        chunk = writes[start : start + CHUNK]
        _write_shops(chunk)
        _add_offers([each for each in chunk if each.offer is None])
        _edit_offers(chunk)
        told(len(chunk))
    if writes:
        counts = {name: plan.count(name) for name in ("added", "updated", "refused")}
        record("imported", subject="merchants", subject_id=0, actor_id=actor_id, **counts)
        stations = sorted({each.station.id for each in writes if each.station})
        record_each(
            LISTED,
            subject="station",
            subject_ids=stations,
            station_ids=stations,
            actor_id=actor_id,
        )
    db.session.expire_all()


def _listed_offers() -> dict[int, dict[str, ListedOffer]]:
    """By shop and text; if a text stands there twice, the one in force counts."""
    own = Offer.id, Offer.state, Offer.revision, Offer.valid_from, Offer.supply_count
    columns = [getattr(Offer, name) for name in TERMS]
    every = select(Offer.merchant_id, Offer.text, *own, *columns)
    locked = every.order_by(Offer.state == LIVE, Offer.id).with_for_update(key_share=True)
    offers: dict[int, dict[str, ListedOffer]] = {}
    for shop_id, text, key, state, revision, since, supply, *values in db.session.execute(locked):
        terms = dict(zip(TERMS, values, strict=True))
        offer = ListedOffer(key, state, revision, since, supply, terms)
        offers.setdefault(shop_id, {})[text] = offer
    return offers


def _write_shops(decisions: Sequence[Decision]) -> None:
    added = [
        {
            "phone": "",
            **each.facts,
            "name": each.name,
            "station_id": each.station.id,
            "lat": each.station.lat,
            "lon": each.station.lon,
        }
        for each in decisions
        if each.shop_id is None and each.facts and each.station
    ]
    if added:
        db.session.execute(insert(Merchant), added)
    edited = [
        {"id": each.shop_id, **each.facts}
        for each in decisions
        if each.shop_id is not None and not set(FACTS).isdisjoint(each.changes)
    ]
    if edited:
        db.session.execute(update(Merchant), edited)


def _add_offers(decisions: Sequence[Decision]) -> None:
    shops = _shop_ids(each.station.id for each in decisions if each.station)
    first_day = today()
    rows: list[dict[str, Any]] = []
    for each in decisions:
        if each.station:
            terms = {**UNLIMITED, **each.terms}
            terms["merchant_id"] = shops[each.station.id, each.name]
            terms["supply_period"] = terms["quota_period"] or EVER
            rows.append({**terms, "valid_from": first_day, "state": LIVE})
    if rows:
        db.session.execute(insert(Offer), rows)


def _shop_ids(station_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    found = select(Merchant.station_id, Merchant.name, Merchant.id).where(
        Merchant.station_id.in_(set(station_ids))
    )
    return {(station_id, name): key for station_id, name, key in db.session.execute(found)}


def _edit_offers(decisions: Sequence[Decision]) -> None:
    """Other terms from now on; a voucher that is out keeps what it promised."""
    moment = now()
    edited = [
        {"id": each.offer.id, **each.terms, "revision": each.offer.revision + 1}
        | {"changed_at": moment}
        for each in decisions
        if each.offer and not set(TERMS).isdisjoint(each.changes)
    ]
    if edited:
        db.session.execute(update(Offer), edited)
    for each in decisions:
        if each.offer and "quota_period" in each.changes:
            _regrant(each.offer.id, each.terms["quota_period"] or EVER)


def _regrant(offer_id: int, period: str) -> None:
    """No limit, counted in another period; where there was one, the plan has refused the row."""
    db.session.execute(update(Offer).where(Offer.id == offer_id).values(supply_period=period))
    Supply.regrant(offer_id, period, None)
