"""Reading: the discount list of the city and of a station, a shop, its picture, one's own shops."""

from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_login import current_user

from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.answers import page_or
from wishwall.kit.db import db
from wishwall.merchants.access import find
from wishwall.merchants.blueprint import bp
from wishwall.merchants.models import Merchant
from wishwall.merchants.page import opening_of, read, shop_page
from wishwall.merchants.queries import (
    A_PAGE,
    Near,
    Wanted,
    nearest,
    offers_in_force,
    shops,
    shops_of,
)
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
    offers = offers_in_force(each.shop.id for each in found)
    rows = [_row(each, offers.get(each.shop.id, [])) for each in found]
    if asked["open"] == "1":
        rows = [row for row in rows if row["opening"] and row["opening"].is_open]
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


def _found(wanted: Wanted, near: str) -> tuple[list[Near], str]:
    """Shops with their distance, if a place was asked for, and where the next page begins."""
    if near:
        try:
            return nearest(*parse_near(near), wanted), ""
        except ValueError:
            abort(400)
    page = shops(wanted, request.args.get("before", ""))
    found = [Near(each, -1) for each in page[:A_PAGE]]
    return found, page[A_PAGE - 1].public_id if len(page) > A_PAGE else ""


def _row(near: Near, offers: list[Any]) -> dict[str, Any]:
    shop: Merchant = near.shop
    known = near.metres >= 0
    return {
        "shop": shop,
        "kind_word": KINDS[shop.kind],
        "opening": opening_of(shop.hours),
        "metres": near.metres if known else None,
        "walk": minutes_on_foot(near.metres) if known else None,
        "ride": minutes_by_e_bike(near.metres) if known else None,
        "offers": [{"offer": offer, **read(offer)} for offer in offers],
    }
