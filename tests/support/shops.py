"""Builders: a shop, an offer and a voucher as a test needs them, committed; and their books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from tests.support.city import a_courier, a_keeper, a_person, a_station, a_volunteer
from wishwall.accounts.models import Person
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import LIVE, Offer
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import USED, Voucher
from wishwall.notices.models import Notice
from wishwall.stations.models import Station

AN_HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=CITY_ZONE)
_numbers = count(1)


@dataclass
class Street:
    """A shop, whose it is, who keeps its station, and a volunteer with money in hand."""

    shop: Merchant
    owner: Person
    keeper: Person
    other_keeper: Person
    giver: Person


def a_street() -> Street:
    """A barber's street."""
    station, owner = a_station(), a_person("merchant")
    shop = a_shop(station, owner=owner)
    return Street(shop, owner, a_keeper(station), a_keeper(station), a_volunteer())


def a_shop(
    station: Station | None = None, *, owner: Person | None = None, **fields: Any
) -> Merchant:
    """A barber beside its station."""
    station = station or a_station()
    values: dict[str, Any] = {
        "name": f"龙城理发{next(_numbers)}店",
        "kind": "barber",
        "address": "小店区龙城街道21号",
        "lat": station.lat,
        "lon": station.lon,
        "phone": "0351-0005000",
        "hours": "24小时",
    }
    with writing():
        shop = Merchant(station_id=station.id, owner_id=owner and owner.id, **(values | fields))
        db.session.add(shop)
    return shop


def an_offer(shop: Merchant | None = None, *, state: str = LIVE, **terms: Any) -> Offer:
    """A haircut for nothing, once a month, as if a keeper had dealt with it."""
    shop = shop or a_shop()
    values: dict[str, Any] = {
        "text": "免费理发",
        "method": "free",
        "quota_count": 1,
        "quota_period": "month",
        "valid_from": date(2020, 1, 1),
    }
    with writing():
        offer = Offer(merchant_id=shop.id, state=state, **(values | terms))
        db.session.add(offer)
    return offer


def a_voucher(
    offer: Offer | None = None,
    courier: Person | None = None,
    *,
    code: str = "",
    lasts: timedelta = AN_HOUR,
) -> Voucher:
    """A voucher that has just been taken."""
    offer, courier = offer or an_offer(), courier or a_courier()
    with writing():
        offer, courier = db.session.get_one(Offer, offer.id), db.session.get_one(Person, courier.id)
        voucher = Voucher.issue(offer, to=courier, lasts=lasts)
        if code:
            db.session.execute(update(Voucher).where(Voucher.id == voucher.id).values(code=code))
    return voucher


def redeem(voucher: Voucher, by: Person) -> None:
    """The shop gives what was promised."""
    with writing():
        voucher.redeem(by=by)


def told(person: Person) -> list[str]:
    """The kinds of notices that somebody got, in their order."""
    kinds = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(kinds))


def wrong_in_the_books(offer_id: int) -> list[str]:
    """Where an offer's counters say something else than its vouchers; nothing, as it should be."""
    db.session.rollback()
    return list(_wrong(offer_id))


def _wrong(offer_id: int) -> Iterator[str]:
    vouchers = db.session.scalars(select(Voucher).where(Voucher.offer_id == offer_id)).all()
    states = Counter((voucher.supply_period, voucher.state) for voucher in vouchers)
    supplies = db.session.scalars(select(Supply).where(Supply.offer_id == offer_id)).all()
    for supply in supplies:
        there = (states[supply.period, LIVE], states[supply.period, USED])
        if (supply.live, supply.used) != there:
            yield f"{supply.period} counts {(supply.live, supply.used)}, there are {there}"
        if supply.granted is not None and supply.remaining != supply.granted - sum(there):
            yield f"{supply.period}: {supply.remaining} remain of {supply.granted} but {there}"
        if supply.remaining is not None and supply.remaining < 0:
            yield f"{supply.period}: less than nothing remains"
    if lost := {voucher.supply_period for voucher in vouchers} - {each.period for each in supplies}:
        yield f"nothing is counted in {lost}"
    held = Counter(
        (voucher.person_id, voucher.period, voucher.slot)
        for voucher in vouchers
        if voucher.state in (LIVE, USED)
    )
    yield from (f"held twice: {slot}" for slot, times in held.items() if times > 1)
    given = Counter(
        db.session.scalars(
            select(Redemption.voucher_id).join(Voucher).where(Voucher.offer_id == offer_id)
        )
    )
    if given != Counter(voucher.id for voucher in vouchers if voucher.state == USED):
        yield f"given: {sorted(given.elements())}"
    if (issued := db.session.get_one(Offer, offer_id).issued) != len(vouchers):
        yield f"{issued} were issued, there are {len(vouchers)}"
