"""What shops offer, as it hangs on a station's wall and as the stream tells of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.live.frames import Message
from wishwall.merchants.offers import SUBJECT, Offer
from wishwall.merchants.page import read
from wishwall.merchants.queries import left_of, newest_offers
from wishwall.merchants.vouchers import SUBJECT as VOUCHER
from wishwall.trail.models import Happening

SUBJECTS = {SUBJECT, VOUCHER}  # both name an offer
SHOWN_AT_MOST = 6


def notes_of(station_id: int) -> list[dict[str, Any]]:
    """The newest offers in force around a station, as `merchants/_notes.html` needs them."""
    return _notes(newest_offers(station_id, SHOWN_AT_MOST))


def version_of(notes: Sequence[dict[str, Any]]) -> tuple[object, ...]:
    """What must stay the same for these notes to stay the same."""
    return tuple((note["offer"].id, note["offer"].revision, note["remaining"]) for note in notes)


def tell(station_id: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    """One message for all that has happened to the offers around a station."""
    concerned = [each for each in happenings if each.subject in SUBJECTS]
    if not concerned:
        return
    ids = {each.subject_id for each in concerned}
    shown = select(Offer).where(Offer.id.in_(ids)).options(joinedload(Offer.merchant))
    html = current_app.jinja_env.get_template("merchants/_news.html").render(
        notes=notes_of(station_id),
        offers=_notes([offer for offer in db.session.scalars(shown) if offer.is_shown]),
    )
    yield Message(max(each.id for each in concerned), html)


def _notes(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    left = left_of(offers, now())
    return [{"offer": offer, **read(offer), "remaining": left[offer.id]} for offer in offers]
