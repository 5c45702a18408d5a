"""A shop's own page: what one viewer sees of it, and the forms they may use."""

from datetime import datetime
from typing import Any

from flask import Response
from flask_wtf import FlaskForm

from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.answers import page_or
from wishwall.kit.clock import now
from wishwall.merchants import sentences
from wishwall.merchants.access import may
from wishwall.merchants.forms import (
    ComplaintForm,
    OwnerForm,
    PlainForm,
    QuestionForm,
    RefusalForm,
)
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.queries import alike, has_saved, held_at, left_of, offers_of
from wishwall.merchants.words import COMPLAINTS, KINDS, OFFER_STATES
from wishwall.stations.hours import HoursError, Opening, parse_hours
from wishwall.stations.places import map_link
from wishwall.trail.queries import newest_happening

Filled = dict[tuple[str, str], FlaskForm]


def shop_page(
    shop: Merchant,
    status: int = 200,
    *,
    problem: str = "",
    said: str = "",
    filled: Filled | None = None,
) -> Response:
    """The page, or for htmx the shop alone; `filled`: forms that came back, by offer and deed."""
    person = viewer_or_none()
    own = person is not None and shop.owner_id == person.id
    checks = may("merchant.approve", shop)
    offers = offers_of(shop, shown_only=not (own or checks))
    left, held = left_of(offers, now()), held_at(shop, person) if person else {}
    context: dict[str, Any] = {
        "shop": shop,
        "kind_word": KINDS[shop.kind],
        "opening": opening_at(shop.hours, now()),
        "map_link": map_link(shop.name, shop.lat, shop.lon),
        "offers": [
            {
                **shown(offer, filled or {}, own=own, checks=checks),
                "remaining": left[offer.id],
                "held": held.get(offer.id, ""),
            }
            for offer in offers
        ],
        "own": own,
        "checks": checks,
        "may_edit": may("merchant.edit", shop),
        "owning": (filled or {}).get((shop.public_id, "owner")) or OwnerForm(formdata=None),
        "alike": alike(shop) if checks else [],
        "is_courier": person is not None and person.is_courier,
        "may_give": may("gift.give", shop),
        "is_saved": person is not None and has_saved(person, shop),
        "saving": PlainForm(formdata=None),
        "complaints": COMPLAINTS,
        "problem": problem,
        "said": said,
        "stream": f"/stations/{shop.station.code}/live",
        "after": newest_happening(),
    }
    return page_or("merchants/_shop.html", "merchants/shop.html", status, **context)


def shown(offer: Offer, filled: Filled, *, own: bool, checks: bool) -> dict[str, Any]:
    """An offer as `merchants/_offer.html` needs it, but for how many are left and held."""
    forms: dict[str, FlaskForm] = {
        "question": QuestionForm,
        "refusal": RefusalForm,
        "complaint": ComplaintForm,
    }
    return {
        "offer": offer,
        **read(offer),
        "state_word": OFFER_STATES[offer.state],
        "is_now": offer.is_valid_at(now()),
        "forms": {
            name: filled.get((offer.public_id, name)) or form(formdata=None)
            for name, form in forms.items()
        },
        "plain": PlainForm(formdata=None),
        "may_pause": offer.is_live and (own or checks),
        "may_resume": offer.is_paused and (own or checks),
        "may_check": offer.is_waiting and checks and (offer.is_gift or not own),
        "may_ask": not offer.is_gift,
        "may_receive": offer.is_waiting and offer.is_gift and own,
        "may_edit": own and not offer.is_gift,
    }


def read(offer: Offer) -> dict[str, str]:
    """How an offer reads."""
    return {
        "what": sentences.what(offer.method, offer.value),
        "how_often": sentences.how_often(offer.quota_count, offer.quota_period),
        "times": sentences.minutes(offer.from_minute, offer.until_minute),
        "until": sentences.until(offer.valid_until),
    }


def opening_at(hours: str, moment: datetime) -> Opening | None:
    """Whether a shop is open at a moment; None where its hours are not known."""
    try:
        return parse_hours(hours).at(moment)
    except HoursError:
        return None


def is_open(hours: str, moment: datetime) -> bool:
    """Whether a shop is known to be open at a moment."""
    opening = opening_at(hours, moment)
    return opening is not None and opening.is_open
