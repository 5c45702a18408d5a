"""What shops offer, as it hangs beside a station's wishes and as the stream tells of it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Select, bindparam, case, func, or_, select

from wishwall.kit.clock import now, today
from wishwall.kit.db import db
from wishwall.kit.prepared import read
from wishwall.live.frames import Message
from wishwall.merchants import sentences
from wishwall.merchants.importing import LISTED
from wishwall.merchants.models import Merchant
from wishwall.merchants.offered import GIFT
from wishwall.merchants.offers import LIVE, SHOWN, SUBJECT, Offer
from wishwall.merchants.periods import DAY, EVER, MONTH, YEAR, period_of
from wishwall.merchants.queries import left_of
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import SUBJECT as VOUCHER
from wishwall.trail.models import Happening

SUBJECTS = {SUBJECT, VOUCHER}  # both name an offer
SHOWN_AT_MOST = 6

_today = bindparam("today", type_=Offer.valid_from.type)
_period = case(
    *((Offer.supply_period == kind, bindparam(kind)) for kind in (DAY, MONTH, YEAR)),
    else_=EVER,
)
_left = case(
    (Offer.supply_count.is_(None), None),
    else_=func.coalesce(Supply.granted - Supply.live - Supply.used, Offer.supply_count),
)
_in_force: Select[*tuple[Any, ...]] = (
    select(
        Offer.public_id,
        Offer.text,
        Offer.method,
        Offer.value,
        Offer.quota_count,
        Offer.quota_period,
        Merchant.public_id,
        Merchant.name,
        _left,
    )
    .select_from(Offer)
    .join(Merchant, Merchant.id == Offer.merchant_id)
    .outerjoin(Supply, (Supply.offer_id == Offer.id) & (Supply.period == _period))
    .where(
        Merchant.station_id == bindparam("station_id"),
        Offer.state == LIVE,
        Offer.valid_from <= _today,
        or_(Offer.valid_until.is_(None), Offer.valid_until >= _today),
        or_(Offer.method != GIFT, _left > 0),
    )
    .order_by(case((Offer.method == GIFT, 0), else_=1), Offer.id.desc())
    .limit(SHOWN_AT_MOST)
)


class Note(NamedTuple):
    """One offer, as it hangs there."""

    link: str
    shop: str
    what: str
    text: str
    how_often: str
    remaining: int | None
    is_gift: bool


def beside_wall(station_id: int, code: str) -> Markup:
    """What hangs beside the wishes of a station; ready for a page."""
    template = current_app.jinja_env.get_template("merchants/_beside.html")
    html = template.render(notes=notes_of(station_id), code=code)
    return Markup(html)  # noqa: S704 - a template of ours has escaped it


def notes_of(station_id: int) -> list[Note]:
    """What is in force around a station: what others have paid for first, then the newest."""
    moment = now()
    periods = {kind: period_of(kind, moment) for kind in (DAY, MONTH, YEAR)}
    return [
        Note(
            link=f"/merchants/{shop}#offer-{offer}",
            shop=name,
            what=sentences.what(method, value),
            text=text,
            how_often=sentences.how_often(count, period),
            remaining=left,
            is_gift=method == GIFT,
        )
        for offer, text, method, value, count, period, shop, name, left in read(
            _in_force, {"station_id": station_id, "today": today(), **periods}
        )
    ]


def tell(station_id: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    """One message for all that has happened to the offers around a station."""
    concerned = [each for each in happenings if each.subject in SUBJECTS or each.deed == LISTED]
    if not concerned:
        return
    offers = {each.subject_id for each in concerned if each.subject in SUBJECTS}
    html = current_app.jinja_env.get_template("merchants/_news.html").render(
        notes=notes_of(station_id),
        remaining=_remaining(offers),
    )
    yield Message(max(each.id for each in concerned), html)


def _remaining(offer_ids: Iterable[int]) -> dict[str, int]:
    """How many are left of each that is shown and limited, by its public id."""
    found = select(Offer).where(Offer.id.in_(offer_ids), Offer.state.in_(SHOWN))
    shown = db.session.scalars(found).all()
    left = left_of(shown, now())
    return {each.public_id: n for each in shown if (n := left[each.id]) is not None}
