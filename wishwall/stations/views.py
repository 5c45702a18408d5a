"""The list of stations: by words, by district, by nearness."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from wishwall.kit.answers import page_or
from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.stations.hours import HoursError, Opening, parse_hours
from wishwall.stations.models import AMENITIES, Station
from wishwall.stations.places import minutes_by_e_bike, minutes_on_foot, parse_near
from wishwall.stations.queries import Wanted, districts, find, nearest
from wishwall.stations.words import AMENITIES as AMENITY_WORDS

bp = Blueprint("stations", __name__)


@dataclass(frozen=True)
class Row:
    """A station as the list shows it; distances only when a place was asked for."""

    station: Station
    opening: Opening | None
    metres: float | None = None

    @property
    def walk(self) -> int | None:
        """Minutes on foot."""
        return None if self.metres is None else minutes_on_foot(self.metres)

    @property
    def ride(self) -> int | None:
        """Minutes by e-bike."""
        return None if self.metres is None else minutes_by_e_bike(self.metres)


@bp.get("/stations")
def index() -> Response:
    asked = {name: request.args.get(name, "") for name in ("q", "district", "amenity", "near")}
    open_now = request.args.get("open") == "1"
    if len(asked["q"]) > 200 or (asked["amenity"] and asked["amenity"] not in AMENITIES):
        abort(400)
    wanted = Wanted(asked["q"], asked["district"], asked["amenity"], now() if open_now else None)
    after = ""
    if asked["near"]:
        rows = _nearest_rows(asked["near"], wanted)
    else:
        page = find(db.session, wanted, after=request.args.get("after", "")[:20])
        rows = [Row(station, opening_of(station)) for station in page.stations]
        after = page.after or ""
    return page_or(
        "stations/_results.html",
        "stations/list.html",
        rows=rows,
        next_after=after,
        asked=asked,
        open_now=open_now,
        districts=districts(db.session),
        amenities=AMENITY_WORDS,
    )


def opening_of(station: Station) -> Opening | None:
    """Whether a station is open now; None where its hours cannot be read."""
    try:
        return parse_hours(station.hours).at(now())
    except HoursError:
        return None


def _nearest_rows(near: str, wanted: Wanted) -> list[Row]:
    try:
        lat, lon = parse_near(near)
    except ValueError:
        abort(400)
    found = nearest(db.session, lat, lon, wanted)
    return [Row(nearby.station, opening_of(nearby.station), nearby.metres) for nearby in found]
