"""Reading: the discount list of the city and of a station, a shop, its picture, one's own shops."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request
from flask_login import current_user
from markupsafe import Markup

from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.answers import page_or
from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.kit.i18n import language
from wishwall.merchants import sentences
from wishwall.merchants.access import find
from wishwall.merchants.blueprint import bp
from wishwall.merchants.finding import A_PAGE, ShopRow, Wanted, nearest, shops
from wishwall.merchants.page import is_open, opening_at, shop_page
from wishwall.merchants.queries import shops_of
from wishwall.merchants.words import KINDS
from wishwall.photos.answers import photo_response
from wishwall.photos.uploads import photo_file
from wishwall.stations.models import Station
from wishwall.stations.places import minutes_by_e_bike, minutes_on_foot, parse_near
from wishwall.stations.queries import station_by_code


@bp.get("/merchants")
def city() -> Response:
    return _list(None)


@bp.get("/stations/<code:code>/merchants")
def of_station(code: str) -> Response:
    station = station_by_code(db.session, code)
    if station is None:
        abort(404)
    return _list(station)


@bp.get("/merchants/<id:shop_id>")
def shop(shop_id: str) -> Response:
    return shop_page(find(shop_id))


@bp.get("/merchants/<id:shop_id>/photo")
def photo(shop_id: str) -> Response:
    picture = find(shop_id).photo
    if picture is None:
        abort(404)
    return photo_response(photo_file(picture, small="small" in request.args))


@bp.get("/me/merchants")
def mine() -> Response:
    page = render_template("merchants/mine.html", shops=shops_of(current_user), kinds=KINDS)
    return make_response(page)


def _list(station: Station | None) -> Response:
    asked = {name: request.args.get(name, "") for name in ("kind", "free", "open", "near", "saved")}
    if asked["kind"] and asked["kind"] not in KINDS:
        abort(400)
    person = viewer_or_none()
    wanted = Wanted(
        kind=asked["kind"],
        free=asked["free"] == "1",
        station_id=station.id if station else None,
        saved_by=person.id if person and asked["saved"] == "1" else None,
    )
    found, next_before = _found(wanted, asked["near"])
    minute = now().replace(second=0, microsecond=0)
    if asked["open"] == "1":
        found = [shop for shop in found if is_open(shop.hours, minute)]
    rows = [_row(shop, minute, language()) for shop in found]
    return page_or(
        "merchants/_results.html",
        "merchants/list.html",
        rows=rows,
        next_before=next_before,
        asked=asked,
        kinds=KINDS,
        station=station,
        at=f"/stations/{station.code}/merchants" if station else "/merchants",
    )


def _found(wanted: Wanted, near: str) -> tuple[list[ShopRow], str]:
    """A page of shops, and where the next one begins."""
    if near:
        try:
            return nearest(*parse_near(near), wanted), ""
        except ValueError:
            abort(400)
    page = shops(wanted, request.args.get("before", "")[:10])
    return page[:A_PAGE], page[A_PAGE - 1].public_id if len(page) > A_PAGE else ""


def _row(shop: ShopRow, minute: datetime, spoken: str) -> tuple[Any, ...]:
    """A shop as ready strings: link, name, kind, address, opening sign, offers, distance."""
    offers = [
        (
            sentences.what(offer.method, offer.value),
            offer.text,
            sentences.how_often(offer.quota_count, offer.quota_period),
            sentences.minutes(offer.from_minute, offer.until_minute),
        )
        for offer in shop.offers
    ]
    far = "" if shop.metres is None else _far(round(shop.metres, -1), spoken)
    kind, sign = _kinds(spoken)[shop.kind], _sign(shop.hours, minute, spoken)
    return shop.link, shop.name, kind, shop.address, sign, offers, far


@lru_cache(maxsize=5000)
def _far(metres: float, _spoken: str) -> Markup:
    """How far a shop is, to ten metres."""
    far: Markup = _words().away(metres, minutes_on_foot(metres), minutes_by_e_bike(metres))
    return far


@lru_cache(maxsize=2000)
def _sign(hours: str, minute: datetime, _spoken: str) -> Markup:
    """Whether a shop with these hours is open; many shops share theirs."""
    if not hours:
        return Markup()
    sign: Markup = _words().open_sign(opening_at(hours, minute), hours)
    return sign


def _words() -> Any:
    return current_app.jinja_env.get_template("stations/words.html").module


@cache
def _kinds(_spoken: str) -> dict[str, str]:
    return {kind: str(word) for kind, word in KINDS.items()}
