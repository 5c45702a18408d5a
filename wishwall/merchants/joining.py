"""A shop joins: by its owner, also before signing in, or by a keeper on the owner's behalf."""

from contextlib import suppress
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from wishwall.accounts.limited import limited
from wishwall.accounts.models import Person
from wishwall.accounts.roles import MERCHANT
from wishwall.accounts.viewing import actor, viewer_or_none
from wishwall.drafts import browser as drafts
from wishwall.kit.answers import done, go, wants_fragment
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once
from wishwall.kit.limits import address, allow
from wishwall.kit.permissions import table
from wishwall.merchants.access import owner_by_phone
from wishwall.merchants.blueprint import bp
from wishwall.merchants.errors import NameTaken, NotAnOwner
from wishwall.merchants.forms import ShopForm
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.policy import may_join
from wishwall.photos.models import Photo
from wishwall.photos.storing import UnusablePhoto
from wishwall.photos.uploads import photo_taken, photographed, prepare_photo
from wishwall.stations.models import Station
from wishwall.stations.places import parse_near
from wishwall.stations.queries import Wanted, nearest, station_by_code

STATIONS_OFFERED = 6


@bp.get("/merchants/new")
def new() -> Response:
    """The empty form; for htmx its first part alone. `near` offers the stations around."""
    form = ShopForm(formdata=None)
    form.station.data = request.args.get("station", "")[:20]
    form.place.data = request.args.get("near", "")[:60]
    if wants_fragment():
        where = {"form": form, "stations": _stations_near(form)}
        return make_response(render_template("merchants/_where.html", **where))
    return _page(form)


@bp.post("/merchants/new")
@limited("LIMIT_POSTING", "LIMIT_POSTING_ADDRESS")
@photographed
@once
def register() -> Response:
    form, by = ShopForm(), actor()
    station = _station_of(form)
    valid = form.validate()
    _say_what_is_wrong(form, station)
    owner = _owner(form, by, station)
    if not valid or form.errors or station is None:
        return _page(form, 422)
    try:
        photo = photo_taken(by_id=by.id)
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return _page(form, 422)
    try:
        shop = _register(form, station=station, by=by, owner=owner, photo=photo)
    except NameTaken as taken:
        form.name.errors = [str(taken.sentence)]
        return _page(form, taken.status)
    drafts.drop(drafts.SHOP)
    return done(shop.link, _("已提交，等站长核对。通过了会告诉您。"))


def keep_shop_draft() -> Response:
    """A stranger filled in the form: keep it, ask them to sign in, register it then."""
    allow("LIMIT_POSTING_ADDRESS", address())
    form = ShopForm()
    station, valid = _station_of(form), form.validate()
    _say_what_is_wrong(form, station)
    if not valid or form.errors:
        return _page(form, 422)
    prepare_photo()
    fields = {name: value for name, value in request.form.items() if name in form.data}
    try:
        with writing():
            drafts.keep(drafts.SHOP, fields, photo_taken(by_id=None))
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return _page(form, 422)
    return go("/sign-up?role=merchant")


def register_draft(person: Person) -> tuple[str, str] | None:
    """After signing in: register the shop that was begun; where to go then, and what to say."""
    draft = drafts.found(drafts.SHOP)
    if draft is None:
        drafts.drop(drafts.SHOP)
        return None
    if not may_join(table(), person):
        return "/merchants", _("您的身份不能登记商户，请店主自己来。")
    form = ShopForm(MultiDict(draft.fields), meta={"csrf": False})
    station = _station_of(form)
    if not form.validate() or station is None:
        return "/merchants/new", _("请再核对一下店铺资料。")
    try:
        with db.session.begin_nested():
            shop = _register(form, station=station, by=person, owner=person, photo=draft.photo)
    except Refusal as refusal:
        return "/merchants", str(refusal.sentence)
    drafts.drop(drafts.SHOP)
    return shop.link, _("已提交，等站长核对。通过了会告诉您。")


def _register(
    form: ShopForm, *, station: Station, by: Person, owner: Person | None, photo: Photo | None
) -> Merchant:
    if owner is not None and not owner.is_merchant:
        owner.grant(MERCHANT, by=None, reason="registered a shop")
    facts: dict[str, Any] = {"lat": station.lat, "lon": station.lon, **form.shop}
    shop = Merchant.register(station=station, by=by, shop=facts, owner=owner, photo=photo)
    Offer.propose(shop, by=by, terms=form.terms)
    return shop


def _owner(form: ShopForm, by: Person, station: Station | None) -> Person | None:
    """Whose shop it is: whoever registers it, or the owner at a keeper's counter, if known."""
    if station is None or station.id not in by.kept_station_ids():
        return by
    if not form.owner_phone.data:
        return None
    try:
        return owner_by_phone(form.owner_phone.data)
    except NotAnOwner as refusal:
        form.owner_phone.errors = [str(refusal.sentence)]
        return None


def _station_of(form: ShopForm) -> Station | None:
    return station_by_code(db.session, str(form.station.data or "")[:20])


def _say_what_is_wrong(form: ShopForm, station: Station | None) -> None:
    if station is None and not form.station.errors:
        form.station.errors = [_("没有这个编号的驿站，请从列表里选。")]


def new_again(problem: str, status: int) -> Response:
    """The form with what was typed, and why it was refused; the next press is a new deed."""
    form = ShopForm()
    form.renew_key()
    form.key.errors = [problem]
    return _page(form, status)


def _page(form: ShopForm, status: int = 200) -> Response:
    person = viewer_or_none()
    page = render_template(
        "merchants/new.html",
        form=form,
        stations=_stations_near(form),
        photo_lost=bool(form.photo.data) and not form.photo.errors,
        keeps=person is not None and person.is_keeper,
        signed_in=person is not None,
    )
    return make_response(page, status)


def _stations_near(form: ShopForm) -> list[Station]:
    """The stations to choose from: those around the place, and the one that was named."""
    named = _station_of(form)
    place = (named.lat, named.lon) if named else None
    with suppress(ValueError):
        place = parse_near(form.place.data) if form.place.data else place
    if place is None:
        return []
    found = [near.station for near in nearest(db.session, *place, Wanted(), STATIONS_OFFERED)]
    return found if named is None or named in found else [named, *found]
