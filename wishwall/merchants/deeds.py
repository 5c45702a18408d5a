"""What people do to a shop's offers: each view finds it, authorises, calls one verb, answers."""

from flask import Response, make_response, render_template
from flask_wtf import FlaskForm
from sqlalchemy import delete

from wishwall.accounts.limited import limited
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done, wants_fragment
from wishwall.kit.db import db, insert
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once
from wishwall.merchants import forms
from wishwall.merchants.access import find, find_for, find_offer
from wishwall.merchants.blueprint import bp
from wishwall.merchants.models import Merchant, Saved
from wishwall.merchants.offers import Offer
from wishwall.merchants.page import shop_page
from wishwall.merchants.queries import has_saved


@bp.post("/offers/<id:offer_id>/approval")
@limited("LIMIT_ACTIONS")
@once
def approve(offer_id: str) -> Response:
    offer = find_offer("merchant.approve", offer_id)
    offer.approve(by=actor(), seen=forms.CheckForm().seen)
    return answer(offer.merchant, _("通过了，小哥现在能看到。"))


@bp.post("/offers/<id:offer_id>/question")
@limited("LIMIT_ACTIONS")
@once
def ask(offer_id: str) -> Response:
    offer, form = find_offer("merchant.approve", offer_id), forms.QuestionForm()
    if not form.validate():
        return _again(offer, "question", form)
    offer.ask(by=actor(), question=form.question.data)
    return answer(offer.merchant, _("已问店主，等对方回答。"))


@bp.post("/offers/<id:offer_id>/refusal")
@limited("LIMIT_ACTIONS")
@once
def refuse(offer_id: str) -> Response:
    offer = find_offer("merchant.approve", offer_id)
    return refuse_with_reason(offer, _("已告诉店主没有通过，和为什么。"))


@bp.post("/offers/<id:offer_id>/pause")
@limited("LIMIT_ACTIONS")
@once
def pause(offer_id: str) -> Response:
    offer = find_offer("offer.pause", offer_id)
    offer.pause(by=actor())
    return answer(offer.merchant, _("已暂停。已经领走的券还能用。"))


@bp.post("/offers/<id:offer_id>/resumption")
@limited("LIMIT_ACTIONS")
@once
def resume(offer_id: str) -> Response:
    offer = find_offer("offer.pause", offer_id)
    offer.resume(by=actor())
    return answer(offer.merchant, _("又生效了。"))


@bp.post("/offers/<id:offer_id>/complaint")
@limited("LIMIT_ACTIONS")
@once
def complain(offer_id: str) -> Response:
    offer, form = find_offer("offer.complain", offer_id), forms.ComplaintForm()
    if not form.validate():
        return _again(offer, "complaint", form)
    offer.complain(by=actor(), reason=form.reason.data)
    return answer(offer.merchant, _("谢谢告诉我们，站长会来看。"))


@bp.get("/merchants/<id:shop_id>/offers/new")
def new_offer(shop_id: str) -> Response:
    return _offer_page(find_for("offer.edit", shop_id), forms.OfferForm(formdata=None))


@bp.post("/merchants/<id:shop_id>/offers")
@limited("LIMIT_ACTIONS")
@once
def propose(shop_id: str) -> Response:
    shop, form = find_for("offer.edit", shop_id), forms.OfferForm()
    if not form.validate():
        return _offer_page(shop, form, status=422)
    Offer.propose(shop, by=actor(), terms=form.terms)
    return done(shop.link, _("已提交，等站长核对。"))


@bp.get("/offers/<id:offer_id>/edit")
def edit_offer(offer_id: str) -> Response:
    offer = find_offer("offer.edit", offer_id)
    return _offer_page(offer.merchant, forms.filled_with(offer), offer)


@bp.post("/offers/<id:offer_id>/edit")
@limited("LIMIT_ACTIONS")
@once
def edit(offer_id: str) -> Response:
    offer, form = find_offer("offer.edit", offer_id), forms.OfferForm()
    if not form.validate():
        return _offer_page(offer.merchant, form, offer, status=422)
    offer.edit(by=actor(), terms=form.terms)
    return done(offer.merchant.link, _("改好了，等站长核对。已经领走的券照原来的算。"))


@bp.post("/merchants/<id:shop_id>/saving")
@limited("LIMIT_ACTIONS")
@once
def save(shop_id: str) -> Response:
    """Keep the shop, or let it go if it is kept."""
    shop, person = find(shop_id), actor()
    if has_saved(person, shop):
        mine = Saved.person_id == person.id, Saved.merchant_id == shop.id
        db.session.execute(delete(Saved).where(*mine))
        return answer(shop, _("不再收藏了。"))
    values = {"person_id": person.id, "merchant_id": shop.id}
    db.session.execute(insert(Saved).values(values).on_conflict_do_nothing())
    return answer(shop, _("收藏好了，在“我的”里能找到。"))


def refuse_with_reason(offer: Offer, said: str) -> Response:
    """Refuse it with the reason that was written, or ask for one."""
    form = forms.RefusalForm()
    if not form.validate():
        return _again(offer, "refusal", form)
    offer.refuse(by=actor(), reason=form.reason.data)
    return answer(offer.merchant, said)


def answer(shop: Merchant, said: str) -> Response:
    """The shop as it now stands, and what has been done."""
    db.session.expire_all()
    return shop_page(shop, said=said) if wants_fragment() else done(shop.link, said)


def _again(offer: Offer, deed: str, form: FlaskForm) -> Response:
    return shop_page(offer.merchant, 422, filled={(offer.public_id, deed): form})


def _offer_page(
    shop: Merchant, form: forms.OfferForm, offer: Offer | None = None, *, status: int = 200
) -> Response:
    at = f"/offers/{offer.public_id}/edit" if offer else f"{shop.link}/offers"
    page = render_template("merchants/offer.html", shop=shop, form=form, offer=offer, at=at)
    return make_response(page, status)
