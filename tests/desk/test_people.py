"""Granting a role at the desk: by an organiser, with their own password once more."""

import pytest
from sqlalchemy import select

from tests.support.city import (
    PASSWORD,
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person, Role
from wishwall.kit.db import db
from wishwall.stations.models import Station
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

DESK = "/desk/people"


@pytest.fixture
def organiser(client: Client) -> Person:
    """An organiser at this browser."""
    person = an_organiser()
    sign_in(client, person)
    return person


def a_grant(person: Person, at: Station | None = None, **changed: str) -> dict[str, str]:
    fields = {
        "phone": person.phone,
        "role": "keeper",
        "station": at.code if at else "",
        "reason": "街道推荐",
        "password": PASSWORD,
    }
    return fields | changed


def granted(person: Person) -> list[Role]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Role).where(Role.person_id == person.id).order_by(Role.id))
    )[1:]


def test_an_organiser_makes_a_keeper_and_the_trail_says_who(
    client: Client, organiser: Person
) -> None:
    station, person = a_station(), a_volunteer()
    page = client.follow(client.submit(DESK, DESK, a_grant(person, station)))
    assert f"{person.nickname} 现在是站长" in page.text
    assert person.nickname in page.one(".table tbody").to_text()
    (role,) = granted(person)
    assert (role.kind, role.station_id, role.granted_by_id, role.reason) == (
        "keeper",
        station.id,
        organiser.id,
        "街道推荐",
    )
    row = db.session.scalars(select(Trail)).one()
    assert (row.deed, row.subject_id, row.actor_id) == ("granted", person.id, organiser.id)
    assert person.phone[3:] not in page.response.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_officers_and_grid_workers_are_made_too(
    client: Client, organiser: Person, language: str
) -> None:
    assert organiser.is_organiser
    client.get(f"/desk?lang={language}")
    officer, grid_worker = a_courier(), a_courier()
    client.submit(DESK, DESK, a_grant(officer, role="officer", department="市总工会"))
    client.submit(DESK, DESK, a_grant(grid_worker, role="grid-worker"))
    (role,) = granted(officer)
    assert role.department is not None and role.department.name == "市总工会"
    assert [role.kind for role in granted(grid_worker)] == ["grid-worker"]


@pytest.mark.parametrize(
    ("changed_fields", "status"),
    [
        ({"password": "not mine"}, 401),
        ({"password": ""}, 422),
        ({"reason": ""}, 422),
        ({"phone": "13700000000"}, 422),
        ({"phone": "123"}, 422),
        ({"station": ""}, 422),
        ({"station": "TY999999"}, 422),
        ({"role": "organiser"}, 422),
        ({"role": "courier"}, 422),
        ({"role": ""}, 422),
        ({"role": "officer", "station": ""}, 422),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_granted(
    client: Client,
    organiser: Person,
    changed_fields: dict[str, str],
    status: int,
    language: str,
) -> None:
    assert organiser.is_organiser
    fields = a_grant(a_volunteer(), a_station(), **changed_fields)
    before = contents()
    sent = client.post(f"{DESK}?lang={language}", data=sealed(client, **fields))
    page = client.as_page(sent, status)
    assert len(page.select(".error")) == 1
    assert page.form(DESK).values["reason"] == fields["reason"]
    assert PASSWORD not in sent.text
    assert changed(before) == []


def test_a_wrong_password_is_not_softened_by_a_form_that_is_right_otherwise(
    client: Client, organiser: Person
) -> None:
    person = a_volunteer()
    other = a_keeper(a_station())
    assert organiser.id != other.id
    for password in ("", "not mine", f" {PASSWORD}", PASSWORD.upper()):
        fields = sealed(client, **a_grant(person, a_station(), password=password))
        assert client.post(DESK, data=fields).status_code in (401, 422)
    assert granted(person) == []


def test_nobody_grants_themselves_a_role(client: Client, organiser: Person) -> None:
    fields = a_grant(organiser, a_station())
    before = contents()
    page = client.as_page(client.submit(DESK, DESK, fields), 422)
    assert "不能给自己授予身份" in page.text
    assert changed(before) == []


def test_granting_twice_is_harmless(client: Client, organiser: Person) -> None:
    assert organiser.is_organiser
    station, person = a_station(), a_volunteer()
    for _ in range(2):
        assert client.submit(DESK, DESK, a_grant(person, station)).status_code == 303
    assert len(granted(person)) == 1


def test_the_list_names_who_holds_what_and_no_number(client: Client, organiser: Person) -> None:
    assert client.page(DESK).select(".table tbody tr") != [], "the organiser"
    keeper = a_keeper(a_station())
    page = client.page(DESK)
    assert keeper.nickname in page.text and "站长" in page.text
    for person in (keeper, organiser):
        assert person.phone[3:] not in page.response.text
