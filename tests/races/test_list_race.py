"""A courier signs up while their employer's list is imported: they are verified either way.

Requests and lists of this process against the real database, each with a session of its own.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.desk.files import EMPLOYER, a_sign_up, lines_of, of
from tests.stations.files import csv_of
from tests.support.city import PASSWORD_HASH, a_courier, a_keeper, a_station
from tests.support.client import Client
from tests.support.sending import sealed
from wishwall.accounts.expected import ExpectedCourier
from wishwall.accounts.models import Person, Role
from wishwall.desk.granting import verify
from wishwall.desk.rosters import apply, listed, plan, read_roster, welcome
from wishwall.kit.db import db, writing
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

NUMBER = "13712345678"
PATIENCE_SECONDS = 20
WAITING_HERE = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE NOT granted AND datname = current_database()"
)


def sign_up(client: Client, number: str) -> None:
    with client.application.app_context():
        fields = sealed(client, **a_sign_up(number))
        assert client.post("/sign-up", data=fields).status_code == 303


def bring_in(app: Flask, *numbers: str, employer: str = EMPLOYER) -> None:
    roster = read_roster(csv_of(lines_of(*numbers)), "名单.csv")
    with app.app_context(), writing():
        apply(plan(roster, listed(roster)), employer=employer)


def until_it_waits(other: Future[None]) -> None:
    """PostgreSQL goes on with the other until it waits for this one, or is through."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while db.engine.dialect.name == "postgresql" and not other.done():
        with db.engine.connect() as connection:
            if connection.scalar(WAITING_HERE):
                return
        assert time.monotonic() < deadline


def verified() -> list[int]:
    """Who was verified, as the trail says; as often as it says so."""
    db.session.rollback()
    people = db.session.scalars(select(Person.id).where(Person.verified_at.is_not(None)))
    told = db.session.scalars(select(Trail.subject_id).where(Trail.deed == "verified")).all()
    assert sorted(people) == sorted(told)
    return sorted(told)


def how_many_expected() -> int:
    return db.session.scalar(select(func.count()).select_from(ExpectedCourier)) or 0


def test_who_signs_up_while_the_list_is_written_is_verified(client: Client) -> None:
    roster = read_roster(csv_of(lines_of(NUMBER)), "名单.csv")
    with ThreadPoolExecutor(1) as elsewhere:
        with writing():
            planned = plan(roster, listed(roster))
            assert planned.count("added") == 1
            signing = elsewhere.submit(sign_up, client, NUMBER)
            until_it_waits(signing)
            apply(planned, employer=EMPLOYER)
        signing.result()
    assert len(verified()) == 1 and how_many_expected() == 0


def test_whose_sign_up_is_written_while_a_list_begins_is_verified(app: Flask) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        with writing():
            person = Person(
                phone=f"+86{NUMBER}",
                nickname="南寒一阵风",
                password_hash=PASSWORD_HASH,
                courier_group="food",
            )
            person.roles = [Role(kind="courier")]
            db.session.add(person)
            db.session.flush()
            welcome(person)
            listing = elsewhere.submit(bring_in, app, NUMBER)
            until_it_waits(listing)
        listing.result()
    assert len(verified()) == 1 and how_many_expected() == 0


def test_couriers_sign_up_while_two_employers_list_them_and_a_keeper_sees_one(
    app: Flask, new_client: NewClient
) -> None:
    numbers = [f"1370000000{digit}" for digit in range(6)]
    known, keeper = a_courier(), a_keeper(a_station())
    known_id, keeper_id = known.id, keeper.id
    whole = [*numbers, *of(known)]

    def at_the_counter() -> None:
        with app.app_context(), writing():
            courier = db.session.get_one(Person, known_id)
            verify(courier, by=db.session.get_one(Person, keeper_id))

    deeds: list[Callable[[], None]] = [
        *(lambda number=number: sign_up(new_client(), number) for number in numbers),
        lambda: bring_in(app, *whole),
        lambda: bring_in(app, *reversed(whole), employer="另一家公司"),
        at_the_counter,
    ]
    start = Barrier(len(deeds))

    def do(deed: Callable[[], None]) -> None:
        start.wait(PATIENCE_SECONDS)
        deed()

    db.session.rollback()
    with ThreadPoolExecutor(len(deeds)) as people:
        list(people.map(do, deeds))
    assert len(verified()) == len(whole) and how_many_expected() == 0
