"""Builders: a station, people and wishes as a test needs them, committed."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from wishwall.accounts.models import Department, Person, Role, Visit
from wishwall.config import SETTINGS
from wishwall.kit.db import db, writing
from wishwall.stations.models import AMENITIES, Amenity, Station
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish
from wishwall.wishes.rules import Rules, from_settings

PASSWORD = "warm tea at noon"
# of PASSWORD, by the cheapest method: a test that signs in need not wait
PASSWORD_HASH = (
    "pbkdf2:sha256:1$FuRh$1fab13466a8b4cca4fe3adc0cbe3d3a881c585781037fb5574fb9ab8d2721c77"
)
RULES: Rules = from_settings({setting.name: setting.default for setting in SETTINGS})
Row = TypeVar("Row", Station, Person)
_numbers = count(1)


def a_station(code: str = "", **fields: Any) -> Station:
    """A station with all ten amenities, open day and night."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": code or f"TY{number:06d}",
        "name": f"南寒第{number}暖心驿站",
        "district": "小店区",
        "street": "南寒街道",
        "address": f"小店区南寒街道{number}号",
        "host": "党群服务中心",
        "lat": 37.8,
        "lon": 112.55,
        "hours": "24小时",
        "phone": "0351-0000000",
    }
    station = Station(**(values | fields))
    station.amenities = [Amenity(kind=kind) for kind in AMENITIES]
    return _saved(station)


def a_person(
    role: str = "courier", *, station: Station | None = None, department: str = ""
) -> Person:
    """Someone who has signed up, or was granted a role."""
    number = next(_numbers)
    person = Person(
        phone=f"+86139{number:08d}",
        nickname=f"小哥{number}" if role == "courier" else f"{role}{number}"[:20],
        password_hash=PASSWORD_HASH,
        courier_group="food" if role == "courier" else None,
    )
    home = Department(name=department) if department else None
    role_row = Role(kind=role, station_id=station.id if station else None, department=home)
    person.roles = [role_row]
    return _saved(person)


def a_courier() -> Person:
    return a_person("courier")


def a_volunteer() -> Person:
    return a_person("volunteer")


def an_officer(department: str = "市总工会") -> Person:
    return a_person("officer", department=department)


def a_keeper(station: Station) -> Person:
    return a_person("keeper", station=station)


def an_organiser() -> Person:
    return a_person("organiser")


def a_wish(station: Station | None = None, author: Person | None = None, **fields: Any) -> Wish:
    """An open wish, posted by its author."""
    station, author = station or a_station(), author or a_courier()
    words: Mapping[str, Any] = {"text": "想要一双42码防滑鞋", "category": "goods"} | fields
    with writing():
        wish = Wish.post(station=station, author=author, by=author, rules=RULES, **words)
    return wish


def many_wishes(station: Station, how_many: int, **fields: Any) -> list[Wish]:
    """Open wishes on one wall, oldest first, in one transaction; of one author who may."""
    author = fields.pop("author", None) or a_courier()
    rules = replace(RULES, open_wishes=how_many + 100)
    with writing():
        return [
            Wish.post(
                station=station,
                author=author,
                by=author,
                rules=rules,
                **({"text": f"第{number}个心愿", "category": "goods"} | fields),
            )
            for number in range(1, how_many + 1)
        ]


def a_claimed_wish(claimant: Person | None = None, **fields: Any) -> Wish:
    """A wish that a volunteer has claimed."""
    wish, claimant = a_wish(**fields), claimant or a_volunteer()
    with writing():
        wish.claim(by=claimant, rules=RULES)
    return wish


def a_delivered_wish(claimant: Person | None = None, **fields: Any) -> Wish:
    """A wish whose claimant says that it has arrived."""
    claimant = claimant or a_volunteer()
    wish = a_claimed_wish(claimant, **fields)
    with writing():
        wish.deliver(by=claimant, note="放在前台了")
    return wish


def the_claim(wish: Wish) -> Claim:
    """The live claim of a wish."""
    claim = wish.live_claim
    assert claim is not None
    return claim


def sign_in(client: Any, person: Person) -> None:
    """Sign a person in on this browser, without the form."""
    with writing():
        token = Visit.begin(person)
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = token
        session["_fresh"] = True


def _saved(row: Row) -> Row:
    with writing():
        db.session.add(row)
    return row
