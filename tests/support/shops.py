"""Builders: a shop, an offer and a voucher as a test needs them, committed."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import update

from tests.support.city import a_courier, a_station
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import LIVE, Offer
from wishwall.merchants.vouchers import Voucher
from wishwall.stations.models import Station

AN_HOUR = timedelta(hours=1)
_numbers = count(1)


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
    offer: Offer | None = None, courier: Person | None = None, *, code: str = ""
) -> Voucher:
    """A voucher that has just been taken."""
    offer, courier = offer or an_offer(), courier or a_courier()
    with writing():
        offer, courier = db.session.get_one(Offer, offer.id), db.session.get_one(Person, courier.id)
        voucher = Voucher.issue(offer, to=courier, lasts=AN_HOUR)
        if code:
            db.session.execute(update(Voucher).where(Voucher.id == voucher.id).values(code=code))
    return voucher
