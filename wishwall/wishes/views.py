"""Reading: a station's wall, the city's open wishes, one wish, and a person's own."""

from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_login import current_user

from wishwall.accounts import viewing
from wishwall.kit.answers import page_or
from wishwall.kit.db import db
from wishwall.kit.kept_pages import keep
from wishwall.kit.pages import tagged, unless_seen
from wishwall.kit.urls import asked_number
from wishwall.photos.answers import photo_response
from wishwall.photos.uploads import photo_file
from wishwall.stations.places import parse_near
from wishwall.stations.queries import Nearby, Wanted, districts, nearest
from wishwall.trail.queries import newest_happening
from wishwall.wishes.access import find, find_for
from wishwall.wishes.blueprint import bp
from wishwall.wishes.city import shown
from wishwall.wishes.page import wish_page
from wishwall.wishes.queries import A_PAGE, city_wishes, claims_of, last_claim, wishes_of
from wishwall.wishes.walls import NO_FILTERS, head_or_404, version_of, wall_answer, wall_context
from wishwall.wishes.words import CATEGORIES, STATES

NEAREST_STATIONS = 50
WAITING_DAYS = (3, 7, 14)


@bp.get("/stations/<code:code>/wishes")
def wall(code: str) -> Response:
    head = head_or_404(code)
    filters = _asked(*NO_FILTERS)
    _refuse_unknown(filters["state"], head.counts)
    _refuse_unknown(filters["category"], CATEGORIES)
    version = (*version_of(head, filters), *viewing.frame())
    seen = unless_seen(*version)
    if seen is not None:
        return seen
    return keep(tagged(wall_answer(wall_context(head, None, **filters)), *version), version)


@bp.get("/wishes/<id:wish_id>")
def wish(wish_id: str) -> Response:
    return wish_page(find(wish_id))


@bp.get("/wishes/<id:wish_id>/photo")
def photo(wish_id: str) -> Response:
    picture = find(wish_id).photo
    if picture is None:
        abort(404)
    return photo_response(photo_file(picture, small="small" in request.args))


@bp.get("/wishes/<id:wish_id>/delivery/photo")
def delivery_photo(wish_id: str) -> Response:
    claim = last_claim(find_for("wish.thread", wish_id))
    picture = claim.delivery.photo if claim and claim.delivery else None
    if picture is None:
        abort(404)
    return photo_response(photo_file(picture, small=False))


@bp.get("/wishes")
def city() -> Response:
    asked = _asked("district", "category", "waiting", "near")
    _refuse_unknown(asked["category"], CATEGORIES)
    _refuse_unknown(asked["waiting"], map(str, WAITING_DAYS))
    newest, near = newest_happening(), _nearest(asked["near"])
    rows = city_wishes(
        district=asked["district"] or None,
        category=asked["category"] or None,
        waiting_days=int(asked["waiting"] or 0),
        station_ids=list(near) if asked["near"] else None,
        after=request.args.get("after") or None,
    )
    wishes = [shown(row, near.get(row.station_id)) for row in rows[:A_PAGE]]
    if asked["near"]:
        wishes.sort(key=lambda wish: float(wish["metres"] or 0))
    return page_or(
        "wishes/_city_results.html",
        "wishes/city.html",
        wishes=wishes,
        next_after=rows[A_PAGE - 1].public_id if len(rows) > A_PAGE else "",
        asked=asked,
        districts=districts(db.session),
        categories=CATEGORIES,
        waiting_days=WAITING_DAYS,
        is_whole=len(rows) <= A_PAGE and not (asked["near"] or asked["waiting"]),
        stream="/wishes/live",
        after=newest,
    )


@bp.get("/me/wishes")
def mine() -> Response:
    newest = newest_happening()
    wishes = wishes_of(current_user, request.args.get("after"))
    page = render_template(
        "wishes/mine.html",
        wishes=wishes[:A_PAGE],
        next_after=wishes[A_PAGE - 1].public_id if len(wishes) > A_PAGE else "",
        states=STATES,
        stream="/me/live",
        after=newest,
    )
    return make_response(page)


@bp.get("/me/claims")
def claims() -> Response:
    newest = newest_happening()
    found = claims_of(current_user, asked_number("before"))
    page = render_template(
        "wishes/claims.html",
        claims=found[:A_PAGE],
        next_before=found[A_PAGE - 1][0].id if len(found) > A_PAGE else "",
        states=STATES,
        stream="/me/live",
        after=newest,
    )
    return make_response(page)


def _asked(*names: str) -> dict[str, str]:
    asked = request.args.to_dict()
    return {name: asked.get(name, "") for name in names}


def _refuse_unknown(value: str, known: Any) -> None:
    if value and value not in known:
        abort(400)


def _nearest(near: str) -> dict[int, Nearby]:
    if not near:
        return {}
    try:
        lat, lon = parse_near(near)
    except ValueError:
        abort(400)
    found = nearest(db.session, lat, lon, Wanted(), limit=NEAREST_STATIONS)
    return {nearby.station.id: nearby for nearby in found}
