"""Somebody for each column of the permission table."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.city import (
    a_courier,
    a_keeper,
    a_person,
    a_station,
    a_volunteer,
    an_officer,
    an_organiser,
)
from wishwall.accounts.models import Person
from wishwall.stations.models import Station


@dataclass(frozen=True)
class Someone:
    """A person in one capacity, and the station where they are at home."""

    column: str
    person: Person | None
    station: Station


def someone(column: str) -> Someone:
    """Somebody for a column of the table."""
    station = a_station()
    make: dict[str, Callable[[], Person | None]] = {
        "AN": lambda: None,
        "CO": a_courier,
        "VO": a_volunteer,
        "ME": lambda: a_person("merchant"),
        "DE": lambda: an_officer(f"部门 {station.code}"),
        "GR": lambda: a_person("grid-worker"),
        "ST": lambda: a_keeper(station),
        "CA": an_organiser,
    }
    return Someone(column, make[column](), station)
