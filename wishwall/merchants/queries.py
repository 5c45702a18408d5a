"""Named selects of shops, offers and vouchers; the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from math import cos, radians

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from wishwall.accounts.visitors import SignedIn
from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.merchants.complaints import Complaint
from wishwall.merchants.models import Merchant, Saved
from wishwall.merchants.offers import SHOWN, WAITING, Offer
from wishwall.merchants.periods import period_of
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import LIVE, Voucher

A_PAGE = 20
METRES_A_DEGREE = 111_195.0


def shop_by_id(public_id: str) -> Merchant | None:
    """The shop with this public id, with its station."""
    found = select(Merchant).where(Merchant.public_id == public_id)
    return db.session.scalar(found.options(joinedload(Merchant.station)))


def offer_by_id(public_id: str) -> Offer | None:
    """The offer with this public id, with its shop."""
    found = select(Offer).where(Offer.public_id == public_id)
    return db.session.scalar(found.options(joinedload(Offer.merchant)))


def voucher_by_id(public_id: str) -> Voucher | None:
    """The voucher with this public id, with its shop."""
    found = select(Voucher).where(Voucher.public_id == public_id)
    return db.session.scalar(found.options(joinedload(Voucher.merchant)))


def has_shown_offer(merchant_id: int) -> bool:
    """Whether a keeper has approved anything of this shop."""
    found = select(Offer.id).where(Offer.merchant_id == merchant_id, Offer.state.in_(SHOWN))
    return db.session.scalar(found.limit(1)) is not None


def left_of(offers: Sequence[Offer], moment: datetime) -> dict[int, int | None]:
    """How many are left of each in its present period; None where there is no limit."""
    periods = {offer.id: period_of(offer.supply_period, moment) for offer in offers}
    asked = Supply.offer_id.in_(periods), Supply.period.in_(set(periods.values()))
    taken = {
        (supply.offer_id, supply.period): supply.remaining
        for supply in db.session.scalars(select(Supply).where(*asked))
    }
    return {
        offer.id: taken.get((offer.id, periods[offer.id]), offer.supply_count) for offer in offers
    }


def offers_of(shop: Merchant, *, shown_only: bool) -> Sequence[Offer]:
    """All that a shop offers, or what a keeper has approved."""
    found = select(Offer).where(Offer.merchant_id == shop.id).order_by(Offer.id)
    return db.session.scalars(found.where(Offer.state.in_(SHOWN)) if shown_only else found).all()


def waiting_offers(station_ids: Sequence[int] | None) -> Sequence[Offer]:
    """What waits for a keeper's check, longest first, for these stations or (None) the city."""
    waiting = (
        select(Offer)
        .join(Offer.merchant)
        .join(Merchant.station)
        .where(Offer.state == WAITING)
        .options(contains_eager(Offer.merchant).contains_eager(Merchant.station))
        .order_by(Offer.changed_at)
        .limit(A_PAGE)
    )
    if station_ids is not None:
        waiting = waiting.where(Merchant.station_id.in_(station_ids))
    return db.session.scalars(waiting).all()


def complained_of(station_ids: Sequence[int] | None) -> Sequence[tuple[Offer, int]]:
    """Offers that couriers could not use, and how many have said so."""
    counted = (
        select(Offer, func.count(Complaint.id))
        .join(Complaint, Complaint.offer_id == Offer.id)
        .join(Merchant, Merchant.id == Offer.merchant_id)
        .where(Complaint.settled_at.is_(None), Offer.state.in_(SHOWN))
        .group_by(Offer.id)
        .order_by(func.max(Complaint.id).desc())
        .limit(A_PAGE)
    )
    if station_ids is not None:
        counted = counted.where(Merchant.station_id.in_(station_ids))
    return [(offer, count) for offer, count in db.session.execute(counted).all()]


def alike(shop: Merchant) -> Sequence[Merchant]:
    """Shops that may be the same: the same telephone, or the same name within 200 m."""
    side = 200 / METRES_A_DEGREE
    narrowing = max(cos(radians(shop.lat)), 0.01)
    near = (
        (Merchant.name == shop.name)
        & Merchant.lat.between(shop.lat - side, shop.lat + side)
        & Merchant.lon.between(shop.lon - side / narrowing, shop.lon + side / narrowing)
    )
    same = or_(near, (Merchant.phone == shop.phone) & (Merchant.phone != ""))
    return db.session.scalars(select(Merchant).where(same, Merchant.id != shop.id).limit(5)).all()


def shops_of(person: SignedIn) -> Sequence[Merchant]:
    """A person's own shops."""
    return db.session.scalars(
        select(Merchant).where(Merchant.owner_id == person.id).order_by(Merchant.id)
    ).all()


def vouchers_of(person: SignedIn, before: int | None) -> Sequence[Voucher]:
    """A courier's vouchers, newest first; one more than a page, if there are more."""
    found = select(Voucher).where(Voucher.person_id == person.id)
    if before is not None:
        found = found.where(Voucher.id < before)
    found = found.options(joinedload(Voucher.merchant)).order_by(Voucher.id.desc())
    return db.session.scalars(found.limit(A_PAGE + 1)).all()


def held_at(shop: Merchant, person: SignedIn) -> dict[int, str]:
    """Where a courier's own live vouchers of a shop are, by offer."""
    mine = Voucher.person_id == person.id, Voucher.merchant_id == shop.id, Voucher.state == LIVE
    live = select(Voucher).where(*mine, Voucher.expires_at > now()).order_by(Voucher.id.desc())
    return {voucher.offer_id: voucher.link for voucher in db.session.scalars(live)}


def redemptions_of(shop: Merchant) -> Sequence[tuple[Redemption, Voucher]]:
    """What a shop has given, newest first."""
    given = (
        select(Redemption, Voucher)
        .join(Voucher, Voucher.id == Redemption.voucher_id)
        .where(Redemption.merchant_id == shop.id)
        .options(joinedload(Voucher.person))
        .order_by(Redemption.day.desc(), Redemption.redeemed_at.desc())
        .limit(A_PAGE)
    )
    return [(redemption, voucher) for redemption, voucher in db.session.execute(given).all()]


def gifts_by(person: SignedIn) -> Sequence[tuple[Offer, int]]:
    """What somebody has paid for, newest first, and how many of each were handed out."""
    given = (
        select(Offer, func.coalesce(func.sum(Supply.used), 0))
        .join(Offer.merchant)
        .outerjoin(Supply, Supply.offer_id == Offer.id)
        .where(Offer.given_by_id == person.id)
        .group_by(Offer.id, Merchant.id)
        .options(contains_eager(Offer.merchant))
        .order_by(Offer.id.desc())
        .limit(A_PAGE)
    )
    return [(offer, used) for offer, used in db.session.execute(given).all()]


def given_by_day(shop: Merchant, first: date, last: date) -> Sequence[tuple[date, Offer, int]]:
    """How many of each offer a shop has given on each of these days, newest day first."""
    counted = (
        select(Redemption.day, Redemption.offer_id, func.count().label("times"))
        .where(Redemption.merchant_id == shop.id, Redemption.day.between(first, last))
        .group_by(Redemption.day, Redemption.offer_id)
        .subquery()
    )
    given = (
        select(counted.c.day, Offer, counted.c.times)
        .join(Offer, Offer.id == counted.c.offer_id)
        .order_by(counted.c.day.desc(), Offer.id)
    )
    return [(day, offer, times) for day, offer, times in db.session.execute(given).all()]


def has_saved(person: SignedIn, shop: Merchant) -> bool:
    """Whether this person wants to find the shop again."""
    return db.session.get(Saved, (person.id, shop.id)) is not None
