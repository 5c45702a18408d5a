"""Named selects about people."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from wishwall.accounts.models import Department, Person, Role
from wishwall.accounts.roles import COURIER, GRANTABLE, KEEPER
from wishwall.kit.db import db


class Account(NamedTuple):
    """A person as far as an employer's list is concerned."""

    id: int
    is_courier: bool
    is_verified: bool


def person_by_phone(number: str) -> Person | None:
    """The person with this number (E.164)."""
    return db.session.scalar(select(Person).where(Person.phone == number))


def accounts_of(numbers: Sequence[str]) -> dict[str, Account]:
    """Those of these numbers (E.164) with which somebody has signed up."""
    is_courier = select(Role.id).where(Role.person_id == Person.id, Role.kind == COURIER).exists()
    found = select(Person.phone, Person.id, is_courier, Person.verified_at.is_not(None))
    people = db.session.execute(found.where(Person.phone.in_(numbers)))
    return {phone: Account(key, courier, known) for phone, key, courier, known in people}


def keeper_ids(station_id: int) -> list[int]:
    """The people who keep a station."""
    keepers = select(Role.person_id).where(Role.kind == KEEPER, Role.station_id == station_id)
    return list(db.session.scalars(keepers))


def department_named(name: str) -> Department:
    """The department of this name, made if the city has not named it before."""
    department = db.session.scalar(select(Department).where(Department.name == name))
    if department is None:
        department = Department(name=name)
        db.session.add(department)
        db.session.flush()
    return department


def staff() -> Sequence[tuple[Role, Person]]:
    """Everybody who holds a granted role, newest first."""
    granted = (
        select(Role, Person)
        .join(Person, Person.id == Role.person_id)
        .where(Role.kind.in_(GRANTABLE))
        .order_by(Role.id.desc())
        .limit(200)
    )
    return [(role, person) for role, person in db.session.execute(granted)]
