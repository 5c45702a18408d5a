"""Roles from the shell: `wishwall people grant`, in both languages."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.support.city import a_courier, a_keeper, a_station, a_volunteer
from tests.support.tables import changed, contents
from wishwall.accounts.errors import NotToOneself, RoleNeedsPlace, RoleUnknown
from wishwall.accounts.models import Department, Person
from wishwall.accounts.roles import GRID_WORKER, KEEPER
from wishwall.commands import main
from wishwall.desk.granting import give
from wishwall.kit.db import db, writing
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def grant(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(main, ["people", "grant", *words])


def roles(person: Person) -> list[tuple[str, int | None, str]]:
    db.session.rollback()
    db.session.refresh(person)
    return [
        (role.kind, role.station_id, role.department.name if role.department else "")
        for role in person.roles
    ]


def test_the_shell_grants_each_role_with_its_place(app: Flask) -> None:
    station, person = a_station(), a_volunteer()
    for words in (
        ("keeper", "--station", station.code.lower()),
        ("officer", "--department", "市总工会"),
        ("grid-worker",),
        ("organiser",),
    ):
        result = grant(app, person.phone, *words)
        assert result.exit_code == 0, result.output
        assert result.output == f"{person.nickname}: 已授予 / granted {words[0]}\n"
    assert roles(person) == [
        ("volunteer", None, ""),
        ("keeper", station.id, ""),
        ("officer", None, "市总工会"),
        ("grid-worker", None, ""),
        ("organiser", None, ""),
    ]
    assert {role.granted_by_id for role in person.roles} == {None}
    rows = db.session.scalars(select(Trail).order_by(Trail.id)).all()
    assert [(row.deed, row.subject_id, row.actor_id, row.detail["role"]) for row in rows] == [
        ("granted", person.id, None, kind)
        for kind in ("keeper", "officer", "grid-worker", "organiser")
    ]


def test_the_phone_may_be_typed_as_on_the_site(app: Flask) -> None:
    person = a_courier()
    typed = f"{person.phone[3:6]} {person.phone[6:10]}-{person.phone[10:]}"
    assert grant(app, typed, "grid-worker").exit_code == 0


def test_granting_again_says_so_and_writes_nothing(app: Flask) -> None:
    station = a_station()
    keeper = a_keeper(station)
    before = contents()
    result = grant(app, keeper.phone, "keeper", "--station", station.code)
    assert result.exit_code == 0 and "早已是 / already had keeper" in result.output
    assert changed(before) == []


def test_one_keeper_may_keep_two_stations_and_two_officers_share_a_department(app: Flask) -> None:
    keeper, other = a_keeper(a_station()), a_courier()
    assert grant(app, keeper.phone, "keeper", "--station", a_station().code).exit_code == 0
    assert len(roles(keeper)) == 2
    for person in (keeper, other):
        grant(app, person.phone, "officer", "--department", "市总工会")
    assert db.session.scalars(select(Department.name)).all() == ["市总工会"]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["13700000000", "keeper"], "还没有注册", "Nobody has signed up"),
        (["not a phone", "keeper"], "还没有注册", "Nobody has signed up"),
        (["{phone}", "keeper"], "站长要写明驿站编号", ""),
        (["{phone}", "officer"], "部门人员要写明部门名称", ""),
        (["{phone}", "keeper", "--station", "TY999999"], "没有这个编号的驿站", ""),
        (["{phone}", "king"], "", "'king' is not one of"),
        (["{phone}", "courier"], "", "'courier' is not one of"),
        (["{phone}"], "", "Missing argument"),
    ],
)
def test_a_grant_that_cannot_be_made_fails_and_says_why(
    app: Flask, words: list[str], zh: str, en: str
) -> None:
    person = a_courier()
    before = contents()
    result = grant(app, *(word.format(phone=person.phone) for word in words))
    assert result.exit_code != 0
    assert zh in result.output and en in result.output, result.output
    assert changed(before) == []


def test_refusals_are_said_in_english_too(app: Flask) -> None:
    said = grant(app, a_courier().phone, "keeper").output
    zh, _, en = said.strip().partition(" / ")
    assert "站长" in zh and en.isascii() and "station" in en


def test_the_help_is_in_both_languages(app: Flask) -> None:
    said = grant(app, "--help").output
    assert "授予身份" in said and "Give the person" in said


def test_nobody_grants_themselves_anything() -> None:
    keeper = a_keeper(a_station())
    with pytest.raises(NotToOneself), writing():
        give(keeper, GRID_WORKER, by=keeper)
    assert len(roles(keeper)) == 1


def test_a_role_has_the_place_it_needs_and_no_other() -> None:
    person, station = a_courier(), a_station()
    for kind, place in ((KEEPER, None), (GRID_WORKER, station.id)):
        with pytest.raises(RoleNeedsPlace), writing():
            person.grant(kind, by=None, station_id=place)
    with pytest.raises(RoleUnknown), writing():
        person.grant("king", by=None)
    assert len(roles(person)) == 1
