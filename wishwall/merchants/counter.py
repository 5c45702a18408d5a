"""Vouchers in use: a courier takes one and shows it; the shop scans it or types its code."""

from datetime import datetime, timedelta

import segno
from flask import Response, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from wishwall.accounts.limited import limited
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done, wants_fragment
from wishwall.kit.clock import in_city, now
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import FIRST_REFUSAL, once
from wishwall.kit.limits import allow
from wishwall.kit.urls import asked_number
from wishwall.merchants import sentences
from wishwall.merchants.access import find_for, find_offer, find_voucher, voucher_named
from wishwall.merchants.blueprint import bp
from wishwall.merchants.forms import CounterForm, PlainForm
from wishwall.merchants.models import Merchant
from wishwall.merchants.queries import A_PAGE, redemptions_of, vouchers_of
from wishwall.merchants.vouchers import Voucher
from wishwall.merchants.words import VOUCHER_STATES

A_MINUTE = timedelta(minutes=1)


@bp.post("/offers/<id:offer_id>/vouchers")
@limited("LIMIT_ACTIONS")
@once
def issue(offer_id: str) -> Response:
    offer = find_offer("voucher.issue", offer_id)
    lasts = timedelta(minutes=current_app.config["VOUCHER_MINUTES"])
    voucher = Voucher.issue(offer, to=actor(), lasts=lasts)
    return done(voucher.link, _("领好了，到店给店家看。"))


@bp.get("/vouchers/<id:voucher_id>")
def voucher(voucher_id: str) -> Response:
    return voucher_page(find_voucher(voucher_id))


@bp.post("/vouchers/<id:voucher_id>/return")
@limited("LIMIT_ACTIONS")
@once
def give_back(voucher_id: str) -> Response:
    voucher = find_voucher(voucher_id)
    voucher.void(by=actor())
    return done(voucher.merchant.link, _("券退回了，次数还给您。"))


@bp.get("/me/vouchers")
def my_vouchers() -> Response:
    found = vouchers_of(current_user, asked_number("before"))
    page = render_template(
        "merchants/vouchers.html",
        vouchers=found[:A_PAGE],
        next_before=found[A_PAGE - 1].id if len(found) > A_PAGE else "",
        promised=sentences.promised,
        states=VOUCHER_STATES,
    )
    return make_response(page)


@bp.get("/merchants/<id:shop_id>/redemptions")
def counter(shop_id: str) -> Response:
    """What a scan opens, or the empty form; nothing is redeemed by looking."""
    shop = find_for("voucher.redeem", shop_id)
    asked = request.args.get("code", "")
    form = CounterForm(formdata=None, data={"code": asked})
    if not asked:
        return _counter_page(shop, form)
    allow("LIMIT_CODES", str(shop.id))
    found = voucher_named(shop, asked)
    if found is None:
        form.code.errors = [_("没有这张券，请核对 6 位码。")]
    return _counter_page(shop, form, voucher=found, status=404 if found is None else 200)


@bp.post("/merchants/<id:shop_id>/redemptions")
@limited("LIMIT_ACTIONS")
@once
def redeem(shop_id: str) -> Response:
    shop, form = find_for("voucher.redeem", shop_id), CounterForm()
    if not form.validate():
        return _counter_page(shop, form, status=422)
    found = voucher_named(shop, form.code.data)
    if found is None:
        form.code.errors = [_("没有这张券，请核对 6 位码。")]
        return _counter_page(shop, form, status=422)
    if form.used_at.minute is None:
        found.redeem(by=actor())
    else:
        found.redeem_noted(by=actor(), at=_moment_in(form.used_at.minute, found))
    said = _("核销好了：%(what)s", what=found.promise["text"])
    if wants_fragment():
        return _counter_page(shop, CounterForm(formdata=None), said=said)
    return done(f"{shop.link}/redemptions", said)


@bp.get("/merchants/<id:shop_id>/poster")
def poster(shop_id: str) -> Response:
    """The shop's page as a QR code for its door, to be printed on A4 or A5."""
    shop = find_for("offer.edit", shop_id)
    code = qr(url_for("merchants.shop", shop_id=shop.public_id, _external=True))
    return make_response(render_template("merchants/poster.html", shop=shop, qr=code))


def qr(text: str) -> Markup:
    """A QR code as inline SVG, black on white in both colour schemes."""
    svg = segno.make(text, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return Markup(svg)  # noqa: S704 - drawn by the library from what is encoded


def counter_page_of(shop_id: str, problem: str, status: int) -> Response:
    """The counter after a refusal: how the voucher stands, and why."""
    shop, form = find_for("voucher.redeem", shop_id), CounterForm()
    form.renew_key()  # the next press is a new deed
    found = voucher_named(shop, form.code.data or "")
    return _counter_page(shop, form, voucher=found, problem=problem, status=status)


def voucher_page(voucher: Voucher, status: int = 200, *, problem: str = "") -> Response:
    """A courier's voucher, large enough to be scanned."""
    scanned = url_for(
        "merchants.counter",
        shop_id=voucher.merchant.public_id,
        code=voucher.token,
        _external=True,
    )
    page = render_template(
        "merchants/voucher.html",
        voucher=voucher,
        what=sentences.promised(voucher.promise),
        state_word=VOUCHER_STATES[_state(voucher)],
        qr=qr(scanned) if voucher.is_live else "",
        clock=sentences.clock,
        giving_back=PlainForm(formdata=None),
        problem=problem,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _counter_page(
    shop: Merchant,
    form: CounterForm,
    *,
    voucher: Voucher | None = None,
    problem: str = "",
    said: str = "",
    status: int = 200,
) -> Response:
    """A refusal shows the verdict and the form alone: it is quick, however many scan at once."""
    refused = status >= FIRST_REFUSAL
    fragment = "merchants/_counter.html" if refused else "merchants/redeemed.html"
    page = render_template(
        fragment if wants_fragment() else "merchants/counter.html",
        shop=shop,
        form=form,
        voucher=voucher,
        promised=sentences.promised,
        state_word=VOUCHER_STATES[_state(voucher)] if voucher else "",
        given=None if refused else redemptions_of(shop),
        when=sentences.when,
        problem=problem,
        said=said,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _state(voucher: Voucher) -> str:
    """As people see it: its time may be over before anybody has noted that."""
    return "expired" if voucher.state == "live" and not voucher.is_live else voucher.state


def _moment_in(minute: int, voucher: Voucher) -> datetime:
    """When in this minute of today: as soon as the voucher was good, for nobody notes seconds."""
    start = in_city(now()).replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return min(max(start, voucher.issued_at), start + A_MINUTE - timedelta.resolution)
