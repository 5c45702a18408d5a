"""A keeper takes a voucher back: by its code, with a reason for its courier and their password."""

from flask import Response, make_response, render_template

from wishwall.accounts.limited import limited
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, once
from wishwall.kit.limits import allow
from wishwall.merchants.access import find_for, voucher_named
from wishwall.merchants.blueprint import bp
from wishwall.merchants.forms import VoidForm
from wishwall.merchants.models import Merchant


@bp.get("/merchants/<id:shop_id>/voids")
def voids(shop_id: str) -> Response:
    return _page(find_for("voucher.void", shop_id), VoidForm(formdata=None))


@bp.post("/merchants/<id:shop_id>/voids")
@limited("LIMIT_ACTIONS")
@keyed
def void(shop_id: str) -> Response:
    """The keeper's own password is asked again, outside the transaction that makes it void."""
    shop, form = find_for("voucher.void", shop_id), VoidForm()
    if not form.validate():
        return _page(shop, form, 422)
    keeper = actor()
    allow("LIMIT_SIGN_IN", keeper.phone)
    if not keeper.has_password(form.password.data or ""):
        form.password.errors = [_("密码不对，券没有作废。")]
        return _page(shop, form, 401)
    allow("LIMIT_CODES", str(shop.id))
    return _void(shop=shop, form=form)


@once
def _void(*, shop: Merchant, form: VoidForm) -> Response:
    found = voucher_named(shop, form.code.data)
    if found is None:
        form.code.errors = [_("没有这张券，请核对 6 位码。")]
        return _page(shop, form, 422)
    found.void(by=actor(), reason=form.reason.data)
    what = found.promise["text"]
    return done(f"{shop.link}/voids", _("作废了：%(what)s。已告诉小哥。", what=what))


def voids_page_of(shop_id: str, problem: str, status: int) -> Response:
    """The form after a refusal, with what was typed; the next press is a new deed."""
    shop, form = find_for("voucher.void", shop_id), VoidForm()
    form.renew_key()
    return _page(shop, form, status, problem=problem)


def _page(shop: Merchant, form: VoidForm, status: int = 200, *, problem: str = "") -> Response:
    page = render_template("merchants/voids.html", shop=shop, form=form, problem=problem, said="")
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
