"""Pay it forward (待用): somebody pays at a shop for couriers who come later.

First come, first served, one a courier a day. It hangs on the wall when the shop's owner or a
keeper of its station has confirmed that it is paid for.
"""

from flask import Response, abort, make_response, render_template
from flask_login import current_user

from wishwall.accounts.limited import limited
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once
from wishwall.merchants.access import find_for, find_offer
from wishwall.merchants.blueprint import bp
from wishwall.merchants.deeds import answer, refuse_with_reason
from wishwall.merchants.forms import CheckForm, GiftForm
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.queries import gifts_by
from wishwall.merchants.words import OFFER_STATES


@bp.get("/merchants/<id:shop_id>/gifts/new")
def new_gift(shop_id: str) -> Response:
    return _gift_page(find_for("gift.give", shop_id), GiftForm(formdata=None))


@bp.post("/merchants/<id:shop_id>/gifts")
@limited("LIMIT_ACTIONS")
@once
def give(shop_id: str) -> Response:
    shop, form = find_for("gift.give", shop_id), GiftForm()
    if not form.validate():
        return _gift_page(shop, form, 422)
    Offer.give(shop, by=actor(), text=form.gift_text.data, count=form.gift_count.number or 0)
    return done("/me/gifts", _("谢谢您！店家或站长确认后就上墙。"))


@bp.post("/offers/<id:offer_id>/receipt")
@limited("LIMIT_ACTIONS")
@once
def receive_gift(offer_id: str) -> Response:
    """The shop has been paid for it."""
    gift = _gift_of_own_shop(offer_id)
    gift.approve(by=actor(), seen=CheckForm().seen)
    return answer(gift.merchant, _("上墙了，小哥现在能领。"))


@bp.post("/offers/<id:offer_id>/non-receipt")
@limited("LIMIT_ACTIONS")
@once
def decline_gift(offer_id: str) -> Response:
    """The shop was not paid, or cannot hand it out."""
    return refuse_with_reason(_gift_of_own_shop(offer_id), _("已告诉请客的人。"))


@bp.get("/me/gifts")
def my_gifts() -> Response:
    found = gifts_by(current_user)
    return make_response(render_template("merchants/gifts.html", gifts=found, states=OFFER_STATES))


def _gift_of_own_shop(offer_id: str) -> Offer:
    gift = find_offer("gift.receive", offer_id)
    if not gift.is_gift:
        abort(404)
    return gift


def _gift_page(shop: Merchant, form: GiftForm, status: int = 200) -> Response:
    return make_response(render_template("merchants/gift.html", shop=shop, form=form), status)
