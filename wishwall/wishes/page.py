"""A wish's own page: everything one viewer sees of it, and the forms they may use."""

from typing import Any

from flask import Response
from flask_wtf import FlaskForm

from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.answers import page_or
from wishwall.wishes import story
from wishwall.wishes.access import may, rules
from wishwall.wishes.facts import Claim
from wishwall.wishes.forms import (
    ClaimForm,
    ConfirmationForm,
    DeliveryForm,
    EditForm,
    HideForm,
    PlainForm,
    ReasonForm,
    ReportForm,
)
from wishwall.wishes.models import Wish
from wishwall.wishes.queries import confirmation_of, last_claim, trail_of
from wishwall.wishes.words import CATEGORIES, STATES

FORMS: dict[str, tuple[str, type[FlaskForm]]] = {
    "claim": ("wish.claim", ClaimForm),
    "release": ("wish.release", ReasonForm),
    "extension": ("wish.extend", PlainForm),
    "delivery": ("wish.done", DeliveryForm),
    "contact": ("wish.contact", PlainForm),
    "confirmation": ("wish.confirm", ConfirmationForm),
    "reopening": ("wish.reopen", ReasonForm),
    "withdrawal": ("wish.withdraw", PlainForm),
    "edit": ("wish.edit", EditForm),
    "report": ("wish.report", ReportForm),
    "hiding": ("wish.moderate", HideForm),
}


def wish_page(
    wish: Wish,
    status: int = 200,
    *,
    problem: str = "",
    said: str = "",
    phone: str = "",
    filled: dict[str, FlaskForm] | None = None,
) -> Response:
    """The page, or for htmx the wish alone; `filled` are forms that came back with errors."""
    claim = last_claim(wish)
    person = viewer_or_none()
    own = person is not None and person.id == wish.author_id
    involved = own or may("wish.thread", wish, claim)
    context: dict[str, Any] = {
        "wish": wish,
        "text": wish.text if own else wish.public_text,
        "category_word": CATEGORIES[wish.category],
        "state_word": STATES[wish.state],
        "claim": claim,
        "claimant": claim.public_name if claim else "",
        "confirmation": confirmation_of(claim) if claim and wish.state == "confirmed" else None,
        "own": own,
        "holds_claim": bool(person and claim and not claim.ended_at and claim.is_held_by(person)),
        "involved": involved,
        "forms": {**_forms(wish, claim, own=own), **(filled or {})},
        "story": story.tell(list(trail_of(wish)), involved=involved),
        "problem": problem,
        "said": said,
        "phone": phone,
    }
    return page_or("wishes/_wish.html", "wishes/wish.html", status, **context)


def _forms(wish: Wish, claim: Claim | None, *, own: bool) -> dict[str, FlaskForm]:
    """The forms for what the viewer may do in the wish's present state."""
    return {
        deed: form(formdata=None, obj=wish if deed == "edit" else None)
        for deed, (action, form) in FORMS.items()
        if may(action, wish, claim) and _possible(deed, wish, claim, own=own)
    }


def _possible(deed: str, wish: Wish, claim: Claim | None, *, own: bool) -> bool:
    return {
        "claim": wish.is_open and not own,
        "edit": wish.is_open,
        "release": wish.is_claimed,
        "delivery": wish.is_claimed,
        "contact": wish.is_claimed,
        "extension": wish.is_claimed and claim is not None and claim.extended_at is None,
        "confirmation": wish.is_delivered,
        "reopening": wish.is_delivered and claim is not None and claim.may_be_reopened(rules()),
        "withdrawal": wish.is_withdrawable,
        "report": wish.on_wall and not own,
        "hiding": not wish.is_hidden,
    }[deed]
