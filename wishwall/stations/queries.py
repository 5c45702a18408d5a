"""Named selects of the directory; the same on SQLite and PostgreSQL.

What would change for the nation's 186,000 stations: searching by words reads every row (about
90 times more than here), so it would need an index of bigrams; `open_at` first lists the
distinct hours, which would deserve an index or a table of their own; `districts` counts an
index and would become a row per district. Paging, nearest and one station stay as they are.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, scoped_session, selectinload

from wishwall.stations.hours import HoursError, parse_hours
from wishwall.stations.models import Amenity, Station
from wishwall.stations.places import metres

LONGEST_SEARCH = 200
MOST_WORDS = 5
MOST_CANDIDATES = 50
METRES_A_DEGREE = 111_195.0
BOXES = (1_500.0, 6_000.0, 25_000.0, 100_000.0)  # half a side in metres; then no box at all

Reader = Session | scoped_session[Any]


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a station; what is not asked is left empty."""

    q: str = ""
    district: str = ""
    amenity: str = ""
    open_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Stations in the order of their codes, and the code to go on after, if there are more."""

    stations: list[Station]
    after: str | None


@dataclass(frozen=True)
class Nearby:
    """A station and how many metres away it is."""

    station: Station
    metres: float


@dataclass(frozen=True)
class District:
    """A district and its number of stations."""

    name: str
    stations: int


def find(session: Reader, wanted: Wanted, after: str = "", limit: int = 30) -> Page:
    """The next stations by code."""
    query = _stations(session, wanted).order_by(Station.code).limit(limit + 1)
    if after:
        query = query.where(Station.code > _folded(after))
    found = list(session.scalars(query))
    return Page(found[:limit], found[limit - 1].code if len(found) > limit else None)


def nearest(
    session: Reader, lat: float, lon: float, wanted: Wanted, limit: int = 20
) -> list[Nearby]:
    """The nearest stations, nearest first; at most 50."""
    limit = min(limit, MOST_CANDIDATES)
    query = _stations(session, wanted)
    within: list[Nearby] = []
    for reach in (*BOXES, None):
        within = _within(session, query, lat, lon, reach)
        if len(within) >= limit:
            break
    return within[:limit]


def station_by_code(session: Reader, code: str) -> Station | None:
    """The station with this code on its door, or None."""
    query = select(Station).where(Station.code == _folded(code).upper())
    return session.scalars(query.options(selectinload(Station.amenities))).one_or_none()


def districts(session: Reader) -> list[District]:
    """The districts in the order of their stations' codes."""
    counted = (
        select(Station.district, func.count())
        .group_by(Station.district)
        .order_by(func.min(Station.code))
    )
    return [District(name, stations) for name, stations in session.execute(counted)]


def _stations(session: Reader, wanted: Wanted) -> Select[Station]:
    query = select(Station)
    for word in _folded(wanted.q).split()[:MOST_WORDS]:
        query = query.where(_says(word))
    if wanted.district:
        query = query.where(Station.district == _folded(wanted.district))
    if wanted.amenity:
        query = query.where(Station.amenities.any(Amenity.kind == _folded(wanted.amenity)))
    if wanted.open_at is not None:
        query = query.where(Station.hours.in_(_hours_open_at(session, wanted.open_at)))
    return query


def _folded(text: str) -> str:
    """As people mean it: full-width signs made plain, nothing that no database would take."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_SEARCH])
    printable = (" " if sign.isspace() else sign for sign in folded if _is_written(sign))
    return "".join(printable).strip()[:LONGEST_SEARCH]


def _is_written(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")


def _says(word: str) -> ColumnElement[bool]:
    """District and street read as one, as in 小店区龙城街道."""
    said = Station.district + Station.street + " " + Station.name + " " + Station.code
    return said.icontains(word, autoescape=True)


def _hours_open_at(session: Reader, moment: datetime) -> list[str]:
    """The hours texts, few and shared by many stations, that mean open at this moment."""
    texts = session.scalars(select(Station.hours).distinct())
    return [text for text in texts if _is_open(text, moment)]


def _is_open(text: str, moment: datetime) -> bool:
    try:
        return parse_hours(text).at(moment).is_open
    except HoursError:
        return False


def _within(
    session: Reader, query: Select[Station], lat: float, lon: float, reach: float | None
) -> list[Nearby]:
    """All within reach, or the nearest candidates of them, by their true distance."""
    narrowing = max(cos(radians(lat)), 0.01)
    north, east = Station.lat - lat, (Station.lon - lon) * narrowing
    if reach is not None:
        side = reach / METRES_A_DEGREE
        query = query.where(
            Station.lat.between(lat - side, lat + side),
            Station.lon.between(lon - side / narrowing, lon + side / narrowing),
        )
    query = query.order_by(north * north + east * east, Station.code).limit(MOST_CANDIDATES)
    near = [
        Nearby(station, metres(lat, lon, station.lat, station.lon))
        for station in session.scalars(query)
    ]
    near.sort(key=lambda each: (each.metres, each.station.code))
    # What lies in a corner of the box may be farther than something just outside it.
    return [each for each in near if reach is None or each.metres <= reach]


def has_stations(session: Reader) -> bool:
    """Whether the directory holds any station at all."""
    return session.scalar(select(Station.id).limit(1)) is not None
