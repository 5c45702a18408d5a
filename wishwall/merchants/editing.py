"""A shop is looked after: its facts change, and one without an owner is given to its owner."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request

from wishwall.accounts.limited import limited
from wishwall.accounts.models import Person
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done, wants_fragment
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once
from wishwall.merchants.access import find_for, owner_by_phone
from wishwall.merchants.blueprint import bp
from wishwall.merchants.errors import NameTaken, NotAnOwner
from wishwall.merchants.forms import OwnerForm, ShopEditForm
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.page import shop_page
from wishwall.photos.storing import UnusablePhoto
from wishwall.photos.uploads import photo_taken, photographed
from wishwall.stations.places import map_link


@bp.get("/merchants/<id:shop_id>/edit")
def edit_shop(shop_id: str) -> Response:
    """The form as the shop is; `near` fills in its place, for htmx that part alone."""
    shop = find_for("merchant.edit", shop_id)
    form = ShopEditForm(formdata=None, obj=shop)
    form.place.data, form.photo.data = request.args.get("near", "")[:60], None
    if wants_fragment():
        return make_response(render_template("merchants/_place.html", form=form, shop=shop))
    return _page(shop, form)


@bp.post("/merchants/<id:shop_id>/edit")
@limited("LIMIT_ACTIONS")
@photographed
@once
def change_shop(shop_id: str) -> Response:
    shop, form = find_for("merchant.edit", shop_id), ShopEditForm()
    if not form.validate():
        return _page(shop, form, 422)
    try:
        again = change(shop, by=actor(), facts=_facts(form))
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return _page(shop, form, 422)
    except NameTaken as taken:
        form.name.errors = [str(taken.sentence)]
        return _page(shop, form, taken.status)
    said = _("改好了，等站长再核对一次。已经领走的券照样能用。") if again else _("改好了。")
    return done(shop.link, said)


@bp.post("/merchants/<id:shop_id>/owner")
@limited("LIMIT_ACTIONS")
@once
def hand_over(shop_id: str) -> Response:
    shop, form = find_for("merchant.approve", shop_id), OwnerForm()
    if form.validate():
        try:
            owner = owner_by_phone(form.owner_phone.data)
            shop.hand_over(to=owner, by=actor())
            return done(shop.link, _("交给 %(name)s 了，以后由店主管理。", name=owner.nickname))
        except NotAnOwner as refusal:
            form.owner_phone.errors = [str(refusal.sentence)]
    return shop_page(shop, 422, filled={(shop.public_id, "owner"): form})


def change(shop: Merchant, *, by: Person, facts: Mapping[str, Any]) -> bool:
    """Change its facts; True if what it offers is checked anew.

    The shop is held first, as an import does, and lets vouchers pass until its offers are held too.
    """
    shop.lock()
    offers = Offer.held_of(shop)
    again = shop.edit(by=by, shop=facts)
    if again:
        for offer in offers:
            offer.wait_again(by=by)
    return again


def _facts(form: ShopEditForm) -> dict[str, Any]:
    photo = photo_taken(by_id=actor().id)
    if photo is None and not form.without_photo.data:
        return form.shop
    return {**form.shop, "photo_id": photo and photo.id}


def _page(shop: Merchant, form: ShopEditForm, status: int = 200) -> Response:
    page = render_template(
        "merchants/edit.html",
        shop=shop,
        form=form,
        map_link=map_link(shop.name, shop.lat, shop.lon),
        photo_lost=bool(form.photo.data) and not form.photo.errors,
    )
    return make_response(page, status)
