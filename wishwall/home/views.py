"""The front page, a station's hall, and whether the site is alive."""

from flask import Blueprint, Response, abort, make_response, render_template
from sqlalchemy import select

from wishwall.accounts import viewing
from wishwall.kit.db import db
from wishwall.kit.i18n import day
from wishwall.kit.pages import tagged, unless_seen
from wishwall.stations.places import geo_link, map_link
from wishwall.stations.queries import districts, station_by_code
from wishwall.stations.views import opening_of
from wishwall.stations.words import AMENITIES
from wishwall.wishes.queries import newest_in_city
from wishwall.wishes.walls import NO_FILTERS, head_or_404, version_of, wall_context
from wishwall.wishes.words import CATEGORIES

bp = Blueprint("home", __name__)

NEWEST_SHOWN = 6


@bp.get("/")
def front() -> Response:
    newest = [
        {
            "id": row.public_id,
            "text": row.public_text,
            "category": row.category,
            "category_word": CATEGORIES[row.category],
            "date": day(row.posted_at),
            "station_code": row.code,
            "station_name": row.name,
        }
        for row in newest_in_city(NEWEST_SHOWN)
    ]
    page = render_template("home/front.html", districts=districts(db.session), newest=newest)
    return make_response(page)


@bp.get("/stations/<code:code>")
def hall(code: str) -> Response:
    head = head_or_404(code)
    station = station_by_code(db.session, code)
    if station is None:
        abort(404)
    opening = opening_of(station)
    version = (*version_of(head, NO_FILTERS), station.imported_at, opening, *viewing.frame())
    seen = unless_seen(*version)
    if seen is not None:
        return seen
    present = {amenity.kind for amenity in station.amenities}
    page = render_template(
        "home/hall.html",
        station=station,
        opening=opening,
        amenities=[(kind, word, kind in present) for kind, word in AMENITIES.items()],
        specialities=[part for part in station.specialities.replace(";", "；").split("；") if part],
        map_link=map_link(station.name, station.lat, station.lon),
        geo_link=geo_link(station.name, station.lat, station.lon),
        **wall_context(head),
    )
    return tagged(make_response(page), *version)


@bp.get("/healthz")
def healthz() -> Response:
    return _plain("ok")


@bp.get("/readyz")
def readyz() -> Response:
    db.session.execute(select(1))
    return _plain("ready")


def _plain(word: str) -> Response:
    response = make_response(word)
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "no-store"
    return response
