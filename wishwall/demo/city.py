"""The whole demo city, written within the caller's one transaction."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from wishwall.accounts.models import Department, Person
from wishwall.accounts.roles import (
    COURIER,
    GRID_WORKER,
    KEEPER,
    MERCHANT,
    OFFICER,
    ORGANISER,
    VOLUNTEER,
)
from wishwall.config import SETTINGS
from wishwall.demo import rows, shops
from wishwall.demo.bulk import Bulk, Progress
from wishwall.demo.crowd import ACCOUNTS, DEPARTMENTS, PREFIX, REASON, Crowd
from wishwall.demo.lives import Lives, Place, allot
from wishwall.demo.scenes import Scenes
from wishwall.demo.shops import Hands, Spot
from wishwall.demo.stations import PlannedStation, plan_stations
from wishwall.demo.tales import Tales
from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.stations.models import Station
from wishwall.wishes.rules import Rules, from_settings

DEFAULT_RULES = from_settings({setting.name: setting.default for setting in SETTINGS})
WHERE = {
    COURIER: "/me/wishes",
    VOLUNTEER: "/wishes",
    OFFICER: "/me/claims",
    KEEPER: "/desk",
    GRID_WORKER: "/me",
    ORGANISER: "/desk",
    MERCHANT: "/me/merchants",
}


class RealPeople(Exception):
    """People live in this database who are no demo people."""


class AlreadyBuilt(Exception):
    """A demo city stands in this database."""


@dataclass(frozen=True)
class DemoAccount:
    """Someone to sign in as, and where to look then."""

    role: str
    phone: str
    password: str
    where: str


def build(
    stations: int = 2080,
    wishes: int = 900,
    people: int = 300,
    seed: int = 1,
    progress: Progress | None = None,
    *,
    among_real_people: bool = False,
    rules: Rules = DEFAULT_RULES,
) -> list[DemoAccount]:
    """Build the city inside `writing()`; `progress` is told how many rows of how many are written.

    Stations that are in the directory already are kept and get wishes too. The same seed gives
    the same city, but for the password and the moments, which are counted from now.
    """
    _refuse(among_real_people=among_real_people)
    bulk = Bulk(db.session.connection(), progress)
    moment = now()
    existing, added = _stations(max(stations, 1), seed)
    first_station = bulk.first_free_id("station")
    station_ids = [*existing, *range(first_station, first_station + len(added))]
    departments = dict(enumerate(_department_names(), bulk.first_free_id("department")))
    crowd = Crowd(
        people,
        first_id=bulk.first_free_id("person"),
        departments=list(departments),
        stations=station_ids,
        rules=rules,
        moment=moment,
        random=Random(f"people {seed}"),
    )
    tales = Tales(rules, moment)
    _tell(tales, wishes, crowd, station_ids)
    tales.put_in_order(
        wish_id=bulk.first_free_id("wish"),
        claim_id=bulk.first_free_id("claim"),
        step_id=bulk.first_free_id("trail"),
    )

    password = _password()
    bulk.expect(rows.expected(added, crowd, tales) + shops.expected(len(station_ids)))
    rows.write_stations(bulk, added, first_station, moment)
    rows.write_people(bulk, crowd, departments, generate_password_hash(password))
    rows.write_wishes(bulk, tales)
    rows.write_claims(bulk, tales)
    rows.write_trail(bulk, tales, set(crowd.accounts.values()))
    rows.write_walls(bulk, tales)
    people_of_shops = Hands(crowd.accounts[MERCHANT], crowd.accounts[VOLUNTEER])
    shops.write_shops(bulk, _spots(), people_of_shops, moment, Random(f"shops {seed}"))
    bulk.finish()
    db.session.expire_all()
    phones = [one.phone.removeprefix("+86") for one in crowd.people]
    return [
        DemoAccount(role, phone, password, WHERE[role])
        for role, phone in zip(ACCOUNTS, phones, strict=False)
    ]


def _refuse(*, among_real_people: bool) -> None:
    is_demo = Person.phone.startswith(PREFIX)
    if db.session.scalar(select(Person.id).where(is_demo).limit(1)):
        raise AlreadyBuilt
    if not among_real_people and db.session.scalar(select(Person.id).where(~is_demo).limit(1)):
        raise RealPeople


def _stations(count: int, seed: int) -> tuple[list[int], list[PlannedStation]]:
    """The ids of those in the directory, by code, and as many invented ones as are lacking."""
    listed = db.session.execute(select(Station.id, Station.code).order_by(Station.code)).all()
    taken = {code for _key, code in listed}
    free = (one for one in plan_stations(count, seed) if one.columns["code"] not in taken)
    return [key for key, _code in listed], list(islice(free, max(0, count - len(listed))))


def _spots() -> Iterator[Spot]:
    """All stations, by code, as shops see them."""
    columns = (Station.id, Station.lat, Station.lon, Station.address)
    for row in db.session.execute(select(*columns).order_by(Station.code)):
        yield Spot(*row)


def _department_names() -> list[str]:
    taken = set(db.session.scalars(select(Department.name)))
    return [f"{name}（{REASON}）" if name in taken else name for name in DEPARTMENTS]


def _password() -> str:
    """Four groups of two syllables: readable aloud, about 49 bits."""
    syllables = [secrets.choice("bdfghjklmnprstw") + secrets.choice("aeiou") for _ in range(8)]
    return "-".join(map("".join, zip(syllables[::2], syllables[1::2], strict=True)))


def _tell(tales: Tales, count: int, crowd: Crowd, station_ids: list[int]) -> None:
    """The accounts' own wishes first, then everybody's."""
    first, *others = station_ids
    place = Place(first, crowd.accounts[KEEPER])
    for scene in islice(Scenes(tales, crowd, place), count):
        scene()
    lives = Lives(tales, crowd, [place, *(Place(key, None) for key in others)])
    for state, share in allot(count - len(tales.tales), crowd).items():
        for _ in range(share):
            lives.tell(state)
