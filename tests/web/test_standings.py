"""Colleagues, keepers and whoever is two things at once: what each capacity allows."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from tests.support.city import (
    a_claimed_wish,
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.sending import sealed
from wishwall.accounts.models import Role
from wishwall.accounts.roles import KEEPER
from wishwall.kit.db import db, writing
from wishwall.trail.models import Trail
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]


def test_another_departments_claim_is_not_ours(client: Client) -> None:
    wish = a_claimed_wish(an_officer("市总工会"))
    sign_in(client, an_officer("团市委"))
    for deed in ("release", "extension", "delivery", "contact"):
        assert client.post(f"{wish.link}/{deed}", data=sealed(client)).status_code == 404
    assert db.session.get_one(Wish, wish.id).is_claimed


def test_a_colleague_may_finish_what_the_department_claimed(client: Client) -> None:
    officer, colleague = an_officer("市总工会"), a_volunteer()
    wish = a_claimed_wish(officer)
    with writing():
        department_id = officer.department_id
        colleague.roles.append(Role(kind="officer", department_id=department_id))
    sign_in(client, colleague)
    assert client.post(f"{wish.link}/delivery", data=sealed(client)).status_code == 303
    assert db.session.get_one(Wish, wish.id).is_delivered


def test_a_keeper_hangs_a_wish_for_a_courier_and_the_trail_names_both(client: Client) -> None:
    station, courier = a_station(), a_courier()
    keeper = a_keeper(station)
    sign_in(client, keeper)
    said = {"text": "想要热水", "category": "goods", "courier_phone": courier.phone}
    wall = f"/stations/{station.code}/wishes"
    assert client.post(wall, data=sealed(client, **said)).status_code == 303
    row = db.session.scalars(select(Trail)).one()
    assert (row.deed, row.actor_id, row.detail) == ("posted", keeper.id, {"author_id": courier.id})
    assert db.session.scalars(select(Wish)).one().author_id == courier.id


def test_a_keeper_helps_at_the_own_station_only(client: Client) -> None:
    home, elsewhere = a_station(), a_station()
    sign_in(client, a_keeper(home))
    for station, status in ((elsewhere, 404), (home, 303)):
        claimed, there = a_claimed_wish(station=station), a_wish(station)
        for link in (f"{claimed.link}/release", f"{there.link}/withdrawal"):
            assert client.post(link, data=sealed(client)).status_code == status, link


def test_a_hidden_wish_is_there_for_its_author_its_keeper_and_the_city_only(
    new_client: NewClient,
) -> None:
    station, author = a_station(), a_courier()
    wish, keeper = a_wish(station, author), a_keeper(station)
    with writing():
        wish.hide(by=keeper, reason="是广告")
    for person in (author, keeper, an_organiser()):
        client = new_client()
        sign_in(client, person)
        assert client.get(wish.link).status_code == 200, person.nickname
    assert new_client().get(wish.link).status_code == 404
    for person in (a_courier(), a_volunteer(), a_keeper(a_station())):
        client = new_client()
        sign_in(client, person)
        assert client.get(wish.link).status_code == 404


def test_a_new_role_counts_from_the_next_request_and_so_does_its_end(client: Client) -> None:
    station, courier = a_station(), a_courier()
    wish = a_wish(station)
    sign_in(client, courier)
    assert client.get("/desk").status_code == 403
    with writing():
        courier.grant(KEEPER, by=None, station_id=station.id)
    assert client.get("/desk").status_code == 200
    with writing():
        db.session.execute(delete(Role).where(Role.kind == KEEPER))
    assert client.get("/desk").status_code == 403
    hidden = client.post(f"{wish.link}/hiding", data=sealed(client, reason="是广告"))
    assert hidden.status_code == 403


def test_whoever_is_two_things_may_do_what_either_may(client: Client) -> None:
    courier, wish = a_courier(), a_wish()
    with writing():
        courier.roles.append(Role(kind="volunteer"))
    sign_in(client, courier)
    assert client.post(f"{wish.link}/claim", data=sealed(client)).status_code == 303
    own = a_wish(author=courier)
    assert client.post(f"{own.link}/claim", data=sealed(client)).status_code == 409
